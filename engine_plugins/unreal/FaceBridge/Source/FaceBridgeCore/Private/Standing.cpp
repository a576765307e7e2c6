#include "FaceBridge/Standing.h"

namespace facebridge::standing {
namespace {

const char* remedy(const std::string& error) {
    if (error == "unknown_identity") return "choose another identity";
    if (error == "unsupported") return "choose another size, codec or basis";
    if (error == "too_many_streams") return "close another stream";
    return "change the settings";
}

}  // namespace

std::string sentence(State state, const std::string& address, const std::string& reason) {
    switch (state) {
        case State::connecting: return "Connecting to " + address + ".";
        case State::waiting: return "Waiting: " + reason + ".";
        case State::refused: return "Refused: " + reason + ".";
        case State::closed: return "Closed: connect to begin again.";
        case State::streaming:
        case State::offline: break;
    }
    return not_connected;
}

std::string streaming(const std::string& identity, std::int64_t size, const std::string& refusal) {
    const std::string so_far = "Streaming " + identity + " at " + std::to_string(size) + " pixels";
    return refusal.empty() ? so_far + "." : so_far + " as before; refused: " + refusal + ".";
}

std::string nobody(const std::string& address) {
    return "no facebridge server answers at " + address + ": start one with `facebridge serve`, or check the address";
}

std::string gone(const std::string& address) { return "the server at " + address + " is gone: start it again"; }

std::string silent(const std::string& address) {
    return "the server at " + address + " has been silent for 3 seconds";
}

std::string turned_away(const std::string& address, bool keys) {
    const std::string server = "the server at " + address;
    if (keys) {
        return server + " does not accept these keys: check the server's public key, and have yours put on its list";
    }
    return server + " turns this client away; it asks for keys, or is no facebridge server: "
                    "enter the keys, or check the address";
}

std::string declined(const std::string& text, const std::string& error) { return text + ": " + remedy(error); }

}  // namespace facebridge::standing
