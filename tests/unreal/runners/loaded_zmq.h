// libzmq, loaded from a path as the plugin does it in the engine.
#pragma once

#include "FaceBridge/Zmq.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

namespace facebridge::runners {

inline ZmqApi loaded_zmq(const char* path) {
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ZmqApi api;
    const std::string fault = library ? api.load(&dlsym, library) : std::string(dlerror());
    if (!fault.empty()) {
        std::fprintf(stderr, "%s: %s\n", path, fault.c_str());
        std::exit(2);
    }
    return api;
}

}  // namespace facebridge::runners
