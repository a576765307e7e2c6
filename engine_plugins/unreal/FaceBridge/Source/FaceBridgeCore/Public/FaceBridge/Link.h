// The one meeting place of threads. `run` belongs to one thread, which alone touches the socket; every other function may
// be called from any thread, takes one lock for a moment, and never waits for the network.
#pragma once

#include "FaceBridge/Client.h"

#include <mutex>

namespace facebridge {

class FACEBRIDGECORE_API Link {
public:
    // `sink` is called from the thread of `run`.
    Link(const ZmqApi& api, PictureSink& sink);

    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // Connects, or changes the settings of what is connected.
    void connect(const Settings& settings);

    // Says good-bye to the server; `connect` may follow.
    void disconnect();

    // The newest frame; one that has not left yet is replaced.
    void put(const CurveFrame& frame);

    // How things stand, and what the last server offered. Both keep the memory of what they write to.
    void read(Status& status) const;
    void read(Welcome& offer) const;

    // The thread's work, until `stop`: at most 100 ms later it has said good-bye and ends.
    void run();
    void stop();

private:
    enum class Wish { none, connect, disconnect };

    void take_orders(Client& client);
    void publish(const Client& client);

    Context context_;
    Bell bell_;
    PictureSink& sink_;

    mutable std::mutex mutex_;  // around all that follows
    Wish wish_ = Wish::none;
    Settings settings_;
    CurveFrame frame_;
    bool fresh_ = false;
    Status status_;
    Welcome offer_;
    bool stopping_ = false;
};

}  // namespace facebridge
