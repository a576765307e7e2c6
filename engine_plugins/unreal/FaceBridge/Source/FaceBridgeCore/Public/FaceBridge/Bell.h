// Wakes the thread that waits on the socket. Rung by any thread.
#pragma once

#include "FaceBridge/Context.h"

#include <atomic>
#include <mutex>

namespace facebridge {

class FACEBRIDGECORE_API Bell {
public:
    explicit Bell(const Context& context);
    ~Bell();

    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring();

    // For the waiting thread: what it polls, and what it calls when it has woken.
    void* heard_at() const { return hearing_; }
    void hush();

private:
    const ZmqApi& api_;
    void* hearing_;
    void* ringing_;
    std::mutex mutex_;  // around `ringing_`: a socket may change threads only across a lock
    std::atomic<bool> rung_{false};
};

}  // namespace facebridge
