#include "FaceBridge/Link.h"

#include <optional>

namespace facebridge {
namespace {

constexpr long longest_wait_ms = 20;  // the finest of the client's own times is far above it

}  // namespace

Link::Link(const ZmqApi& api, PictureSink& sink) : context_(api), bell_(context_), sink_(sink) {}

void Link::connect(const Settings& settings) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        settings_ = settings;
        wish_ = Wish::connect;
    }
    bell_.ring();
}

void Link::disconnect() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        wish_ = Wish::disconnect;
    }
    bell_.ring();
}

void Link::put(const CurveFrame& frame) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        frame_ = frame;
        fresh_ = true;
    }
    bell_.ring();
}

void Link::stop() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
    }
    bell_.ring();
}

void Link::read(Status& status) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    status = status_;
}

void Link::read(Welcome& offer) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    offer = offer_;
}

void Link::run() {
    Client client(context_, sink_);
    for (bool stopping = false; !stopping;) {
        client.wait(bell_, longest_wait_ms);
        bell_.hush();
        take_orders(client);
        client.turn(clock_now());
        publish(client);
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping = stopping_;
    }
    client.close();
    publish(client);
}

// The orders are taken under the lock and carried out after it: connecting may take a while.
void Link::take_orders(Client& client) {
    bool farewell = false;
    std::optional<Settings> settings;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        farewell = wish_ == Wish::disconnect;
        if (wish_ == Wish::connect) {
            settings = settings_;
        }
        wish_ = Wish::none;
        if (fresh_) {
            client.put(frame_);
            fresh_ = false;
        }
    }
    if (settings) {
        client.connect(*settings, clock_now());
    }
    if (farewell) {
        client.disconnect();
    }
}

void Link::publish(const Client& client) {
    const std::lock_guard<std::mutex> lock(mutex_);
    status_ = client.status();
    if (offer_.clock != client.offer().clock || offer_.version != client.offer().version) {
        offer_ = client.offer();  // each WELCOME has a clock of its own
    }
}

}  // namespace facebridge
