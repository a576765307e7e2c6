// What a user chooses. Compared field by field: a change tells the client what to ask of the server.
#pragma once

#include "FaceBridge/Fields.h"

#include <string>

namespace facebridge {

// CURVE keys, 40 letters of Z85 each. All empty: no encryption, for a server on this machine.
struct Keys {
    std::string server_public;
    std::string client_public;  // empty: worked out from the secret one
    std::string client_secret;

    bool given() const { return !server_public.empty() || !client_public.empty() || !client_secret.empty(); }
    friend bool operator==(const Keys& a, const Keys& b) {
        return a.server_public == b.server_public && a.client_public == b.client_public &&
               a.client_secret == b.client_secret;
    }
};

struct Settings {
    std::string address = "tcp://127.0.0.1:5570";
    Keys keys;

    // Of a stream, for all its life.
    std::string subject;  // the performer's name, for logs
    Basis basis = Basis::arkit55;
    std::int64_t size = 0;  // pixels; 0 is the server's own choice
    Codec codec = Codec::rgba32;
    RowOrder row_order = RowOrder::top;
    std::int64_t credit = 2;

    // Of a stream, changed while it runs.
    std::string identity;            // empty: the server's first
    double expression_scale = 1.0;   // 0 .. 10
    double reference_scale = 0.8;    // 0 .. 10
    std::int64_t steps = 0;          // 0 .. 100; 0 is the model's own choice
    std::int64_t seed = 0;           // 0 .. 2^32-1
    Light light;
    std::string backdrop;            // "#rrggbb", "transparent" or ""

    bool same_connection(const Settings& other) const { return address == other.address && keys == other.keys; }

    bool same_stream(const Settings& other) const {
        return subject == other.subject && basis == other.basis && size == other.size && codec == other.codec &&
               row_order == other.row_order && credit == other.credit;
    }

    bool same_look(const Settings& other) const;
};

// Calls `each` with every setting that CONTROL can change, as a pointer to the member.
template <class Each>
void each_look(Each each) {
    each(&Settings::identity);
    each(&Settings::expression_scale);
    each(&Settings::reference_scale);
    each(&Settings::steps);
    each(&Settings::seed);
    each(&Settings::light);
    each(&Settings::backdrop);
}

inline bool Settings::same_look(const Settings& other) const {
    bool same = true;
    each_look([&](auto setting) { same = same && this->*setting == other.*setting; });
    return same;
}

}  // namespace facebridge
