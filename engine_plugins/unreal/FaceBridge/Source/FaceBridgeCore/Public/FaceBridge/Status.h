// How a client stands with its server, in values, in words and in a colour.
#pragma once

#include "FaceBridge/Api.h"
#include "FaceBridge/Messages.h"

#include <cstdint>
#include <string>

namespace facebridge {

enum class State {
    offline,     // not asked to connect
    connecting,  // HELLO or OPEN is under way
    streaming,   // the stream is open
    waiting,     // the server is gone; tried again by itself
    refused,     // the server said no; not tried again until the settings change
    closed,      // ended
};

FACEBRIDGECORE_API const char* state_name(State state);

// sRGB, 0 .. 255: green, amber, red or grey.
struct Colour {
    std::uint8_t red, green, blue;
};

// Milliseconds from a frame's capture to its picture's arrival, and the parts of it.
struct Latency {
    double total = 0.0;
    double transport = 0.0;  // there and back: what was not spent in the server
    double wait = 0.0;       // in the server, for the model to be free
    double generate = 0.0;
    double encode = 0.0;
};

FACEBRIDGECORE_API Latency latency_of(const Picture& picture, std::int64_t arrival);

constexpr const char* not_connected = "Not connected: connect to begin.";

struct Status {
    State state = State::offline;
    bool held_back = false;            // it streams, and a change of settings was refused
    std::string text = not_connected;  // one sentence, with what to do
    std::string notice;                // what of the stream's settings has no effect, or ""
    double fps = 0.0;                  // pictures of the last second
    Latency latency;                   // of the last picture
    std::int64_t pictures = 0;
    std::int64_t dropped = 0;   // frames that newer ones replaced in the server
    std::int64_t repeated = 0;  // pictures of a still face, sent again
    std::int64_t sequence = -1;  // of the last picture
    std::int64_t connections = 0;  // how often a server has said WELCOME
};

FACEBRIDGECORE_API Colour status_colour(const Status& status);

// The monotonic clock of every `captured` and `now`, µs.
FACEBRIDGECORE_API std::int64_t clock_now();

}  // namespace facebridge
