#include "FaceBridge/Client.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace facebridge {
namespace {

constexpr std::int64_t second = 1000000;
constexpr std::int64_t answer_timeout = 2 * second;
constexpr std::int64_t silence_timeout = 3 * second;
constexpr std::int64_t ping_interval = second;
constexpr std::array<std::int64_t, 4> pauses = {second / 4, second / 2, second, 2 * second};
constexpr int farewell_ms = 50;
constexpr int most_cuts = 3;

}  // namespace

Client::Client(const Context& context, PictureSink& sink) : sink_(sink), socket_(context) {
    curves_.values.count = most_curves;
}

Client::~Client() { close(); }

// A socket that two threads use fails somewhere else and much later: better to end here.
void Client::require_owner() const {
    if (std::this_thread::get_id() != owner_) {
        std::fputs("FaceBridge: a Client was used from a thread that is not its own\n", stderr);
        std::abort();
    }
}

void Client::set(Phase phase, const std::string& text) {
    phase_ = phase;
    status_.text = text;
    switch (phase) {
        case Phase::idle: status_.state = State::offline; break;
        case Phase::greeting:
        case Phase::opening: status_.state = failures_ > 0 ? State::waiting : State::connecting; break;
        case Phase::open: status_.state = State::streaming; break;
        case Phase::pausing: status_.state = State::waiting; break;
        case Phase::refused: status_.state = State::refused; break;
        case Phase::closed: status_.state = State::closed; break;
    }
}

void Client::connect(const Settings& settings, std::int64_t now) {
    require_owner();
    const bool same = settings.same_connection(wanted_) && settings.same_stream(wanted_) && settings.same_look(wanted_);
    const bool elsewhere = !settings.same_connection(wanted_);
    wanted_ = settings;
    const bool asked_to_begin = phase_ == Phase::idle || phase_ == Phase::closed;
    const bool changed_mind = phase_ == Phase::refused && !same;
    const bool other_server = elsewhere && !asked_to_begin;
    if (asked_to_begin || changed_mind || other_server) {
        leave();
        failures_ = 0;
        attempt(now);
    }
}

// A new socket, and HELLO as soon as it is connected.
void Client::attempt(std::int64_t now) {
    attempt_began_ = asked_at_ = now;
    greeted_ = asking_ = false;
    cut_ = 0;
    if (failures_ == 0) {
        set(Phase::greeting, "Connecting to " + wanted_.address + ".");
    } else {
        phase_ = Phase::greeting;  // the words and the colour stay those of the loss until somebody answers
    }
    const std::string fault = socket_.open(wanted_.address, wanted_.keys);
    if (!fault.empty()) {
        refuse(fault);
    }
}

// Tries again after a pause that grows; after an attempt that took longer than the pause, at once.
void Client::lose(const std::string& reason, std::int64_t now) {
    socket_.close(0);
    const std::int64_t pause = pauses[static_cast<std::size_t>(std::min(failures_, 3))];
    retry_at_ = connected() ? now + pause : std::max(now, attempt_began_ + pause);
    ++failures_;
    set(Phase::pausing, reason + " It is tried again by itself.");
}

void Client::refuse(const std::string& reason) {
    leave();
    set(Phase::refused, reason);
}

void Client::leave() {
    if (phase_ == Phase::open || phase_ == Phase::opening) {
        send(Close{stream_});
        send(Bye{});
    }
    socket_.close(farewell_ms);
    asking_ = false;
}

void Client::disconnect() {
    require_owner();
    leave();
    set(Phase::idle, "Not connected. Press Connect.");
}

void Client::close() {
    require_owner();
    leave();
    set(Phase::closed, "Closed.");
}

void Client::turn(std::int64_t now) {
    require_owner();
    hear_messages(now);
    hear_events(now);
    keep_time(now);
    apply_settings(now);
    send_frame(now);
    count_pictures(now);
}

void Client::hear_events(std::int64_t now) {
    for (auto event = socket_.event(); event != Socket::Event::none; event = socket_.event()) {
        switch (event) {
            case Socket::Event::key_refused:
                return refuse("The server at " + wanted_.address + " does not accept this key; check the security keys.");
            case Socket::Event::not_understood:
                return refuse("The server at " + wanted_.address +
                              " wants other security, or is no facebridge server; check the keys and the port.");
            case Socket::Event::disconnected:
                if (connected()) {
                    return lose("The server at " + wanted_.address + " is gone; start it again.", now);
                }
                // A server that cannot read what this key encrypts says nothing and hangs up.
                if (wanted_.keys.given() && !greeted_ && ++cut_ == most_cuts) {
                    return refuse("The server at " + wanted_.address + " hangs up; check the security keys.");
                }
                break;
            default: break;
        }
    }
}

void Client::keep_time(std::int64_t now) {
    if (phase_ == Phase::pausing && now >= retry_at_) {
        attempt(now);
    }
    if (phase_ == Phase::greeting && !greeted_) {
        Hello hello;
        hello.client = "unreal";
        hello.codecs = {"jpeg", "rgb24", "rgba32"};
        greeted_ = send(hello);
    }
    const bool unanswered = phase_ == Phase::greeting || phase_ == Phase::opening;
    if (unanswered && now - asked_at_ > answer_timeout) {
        return lose("No facebridge server answers at " + wanted_.address + "; start one with `facebridge serve`.", now);
    }
    if (!connected()) {
        return;
    }
    if (now - heard_at_ > silence_timeout) {
        return lose("The server at " + wanted_.address + " has fallen silent.", now);
    }
    if (now - pinged_at_ >= ping_interval) {
        pinged_at_ = now;
        send(Ping{now});
    }
}

void Client::count_pictures(std::int64_t now) {
    const std::int64_t span = now - counted_at_;
    if (span >= second) {
        status_.fps = static_cast<double>(counted_) * static_cast<double>(second) / static_cast<double>(span);
        counted_ = 0;
        counted_at_ = now;
    }
}

}  // namespace facebridge
