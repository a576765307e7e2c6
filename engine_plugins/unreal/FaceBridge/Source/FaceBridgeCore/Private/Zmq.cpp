#include "FaceBridge/Zmq.h"

namespace facebridge {
namespace {

constexpr int oldest_zmq = 40304;

using Symbol = void* (*)(void* library, const char* name);

template <class Function>
void find(Function*& function, const char* name, Symbol symbol, void* library, std::string& missing) {
    function = reinterpret_cast<Function*>(symbol(library, name));
    if (function == nullptr && missing.empty()) {
        missing = name;
    }
}

}  // namespace

std::string ZmqApi::load(Symbol symbol, void* library) {
    std::string missing;
#define FACEBRIDGE_FIND(function) find(function, "zmq_" #function, symbol, library, missing)
    FACEBRIDGE_FIND(ctx_new);
    FACEBRIDGE_FIND(ctx_term);
    FACEBRIDGE_FIND(socket);
    FACEBRIDGE_FIND(close);
    FACEBRIDGE_FIND(setsockopt);
    FACEBRIDGE_FIND(connect);
    FACEBRIDGE_FIND(bind);
    FACEBRIDGE_FIND(send);
    FACEBRIDGE_FIND(msg_init);
    FACEBRIDGE_FIND(msg_recv);
    FACEBRIDGE_FIND(msg_close);
    FACEBRIDGE_FIND(msg_data);
    FACEBRIDGE_FIND(msg_size);
    FACEBRIDGE_FIND(msg_more);
    FACEBRIDGE_FIND(poll);
    FACEBRIDGE_FIND(socket_monitor);
    FACEBRIDGE_FIND(curve_public);
    FACEBRIDGE_FIND(has);
    FACEBRIDGE_FIND(version);
#undef FACEBRIDGE_FIND
    if (!missing.empty()) {
        return "The libzmq that was found has no function " + missing + "; put the plugin's own library back.";
    }
    int major = 0;
    int minor = 0;
    int patch = 0;
    version(&major, &minor, &patch);
    if (major * 10000 + minor * 100 + patch < oldest_zmq) {
        return "libzmq " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch) +
               " is too old; 4.3.4 or later is needed.";
    }
    return "";
}

}  // namespace facebridge
