// A ZeroMQ context, one for each link: none is static, so that nothing of it is left when the plugin's library goes.
#pragma once

#include "FaceBridge/Zmq.h"

namespace facebridge {

class Context {
public:
    explicit Context(const ZmqApi& api) : api_(api), context_(api.ctx_new()) {}
    ~Context() { api_.ctx_term(context_); }  // every socket is closed by now, and lingers 50 ms at most

    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const ZmqApi& api() const { return api_; }
    void* socket(int type) const { return api_.socket(context_, type); }

private:
    const ZmqApi& api_;
    void* context_;
};

}  // namespace facebridge
