#include "FaceBridge/Status.h"

#include <chrono>

namespace facebridge {

const char* state_name(State state) {
    switch (state) {
        case State::offline: return "Offline";
        case State::connecting: return "Connecting";
        case State::streaming: return "Streaming";
        case State::waiting: return "Waiting";
        case State::refused: return "Refused";
        case State::closed: break;
    }
    return "Closed";
}

Colour status_colour(const Status& status) {
    constexpr Colour amber = {245, 166, 35};
    switch (status.state) {
        case State::streaming: return status.held_back ? amber : Colour{64, 192, 87};
        case State::connecting:
        case State::waiting: return amber;
        case State::refused: return {224, 49, 49};
        case State::offline:
        case State::closed: break;
    }
    return {134, 142, 150};
}

Latency latency_of(const Picture& picture, std::int64_t arrival) {
    const auto ms = [](std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) / 1000.0; };
    Latency latency;
    latency.total = ms(picture.captured, arrival);
    latency.transport = latency.total - ms(picture.received, picture.sent);
    latency.wait = ms(picture.received, picture.taken);
    latency.generate = ms(picture.taken, picture.drawn);
    latency.encode = ms(picture.drawn, picture.sent);
    return latency;
}

std::int64_t clock_now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace facebridge
