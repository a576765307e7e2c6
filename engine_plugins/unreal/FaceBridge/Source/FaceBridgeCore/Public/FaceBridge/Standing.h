// The sentences that tell the user how a client stands, and what to do: docs/clients.md has them in a table. A reason is a
// sentence's middle: what happened, and after a colon what to do.
#pragma once

#include "FaceBridge/Status.h"

namespace facebridge::standing {

// The whole sentence; `reason` is that of waiting and refused.
FACEBRIDGECORE_API std::string sentence(State state, const std::string& address, const std::string& reason);

// The whole sentence of a stream; `refusal` is why a change was not made, empty where none was refused.
FACEBRIDGECORE_API std::string streaming(const std::string& identity, std::int64_t size, const std::string& refusal);

FACEBRIDGECORE_API std::string nobody(const std::string& address);
FACEBRIDGECORE_API std::string gone(const std::string& address);
FACEBRIDGECORE_API std::string silent(const std::string& address);

// The connection ended before anything was said; `keys`: though this client has keys.
FACEBRIDGECORE_API std::string turned_away(const std::string& address, bool keys);

// A setting that was refused, with the server's text and the name of its error.
FACEBRIDGECORE_API std::string declined(const std::string& text, const std::string& error = "");

}  // namespace facebridge::standing
