#include "FaceBridge/Client.h"

#include "FaceBridge/Standing.h"

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

// While a stream is opened or closed, state and words stay those from before.
void Client::set(Phase phase, const std::string& reason) {
    phase_ = phase;
    switch (phase) {
        case Phase::idle: status_.state = State::offline; break;
        case Phase::greeting: status_.state = failures_ > 0 ? State::waiting : State::connecting; break;
        case Phase::open: status_.state = State::streaming; return tell_stream();
        case Phase::pausing: status_.state = State::waiting; break;
        case Phase::refused: status_.state = State::refused; break;
        case Phase::closed: status_.state = State::closed; break;
        case Phase::opening:
        case Phase::closing: return;
    }
    status_.text = standing::sentence(status_.state, wanted_.address, reason);
    status_.held_back = false;
    status_.notice.clear();
}

void Client::tell_stream() {
    status_.held_back = !wishes_.refusal().empty();
    status_.text = standing::streaming(wishes_.in_force().identity, wishes_.in_force().size, wishes_.refusal());
}

void Client::connect(const Settings& settings, std::int64_t now) {
    require_owner();
    const bool elsewhere = !settings.same_connection(wanted_);
    const bool same = !elsewhere && settings.same_stream(wanted_) && settings.same_look(wanted_);
    wanted_ = settings;
    if (phase_ == Phase::idle || phase_ == Phase::closed || elsewhere) {
        return begin(now);
    }
    if (phase_ == Phase::refused && !connected_) {
        return begin(now);
    }
    if (phase_ == Phase::refused) {
        wishes_ = Wishes();
        wishes_.wish(wanted_, offer_);
        failures_ = 0;
        set(Phase::greeting);
        return open_stream();
    }
    if (connected_ && !same) {
        wishes_.wish(wanted_, offer_);
        if (phase_ == Phase::open) tell_stream();
    }
}

void Client::begin(std::int64_t now) {
    leave();
    wishes_ = Wishes();
    failures_ = 0;
    attempt(now);
}

// A new socket, and HELLO as soon as it is connected.
void Client::attempt(std::int64_t now) {
    attempt_began_ = asked_at_ = now;
    greeted_ = asking_ = false;
    cut_ = 0;
    if (failures_ == 0) {
        set(Phase::greeting);
    } else {
        phase_ = Phase::greeting;  // the words and the colour stay those of the loss until somebody answers
    }
    const std::string fault = socket_.open(wanted_.address, wanted_.keys);
    if (!fault.empty()) {
        refuse(fault);
    }
}

// Tries again after a pause that grows; after an attempt that took longer than the pause, at once. What was refused stays so.
void Client::lose(const std::string& reason, std::int64_t now) {
    socket_.close(0);
    const std::int64_t pause = pauses[static_cast<std::size_t>(std::min(failures_, 3))];
    retry_at_ = connected_ ? now + pause : std::max(now, attempt_began_ + pause);
    connected_ = asking_ = false;
    if (phase_ != Phase::refused) {
        ++failures_;
        set(Phase::pausing, reason);
    }
}

// No connection will do before the settings change.
void Client::refuse(const std::string& reason) {
    leave();
    set(Phase::refused, reason);
}

// No stream will do before the settings change; the connection stays.
void Client::decline(const std::string& reason) {
    asking_ = false;
    set(Phase::refused, reason);
}

void Client::leave() {
    if (phase_ == Phase::open || phase_ == Phase::opening) {
        send(Close{stream_});
    }
    if (connected_) {
        send(Bye{});
    }
    socket_.close(farewell_ms);
    connected_ = asking_ = false;
}

void Client::disconnect() {
    require_owner();
    leave();
    set(Phase::idle);
}

void Client::close() {
    require_owner();
    leave();
    set(Phase::closed);
}

void Client::turn(std::int64_t now) {
    require_owner();
    hear_messages(now);
    hear_events(now);
    keep_time(now);
    apply_settings();
    send_frame(now);
    count_pictures(now);
}

void Client::hear_events(std::int64_t now) {
    for (auto event = socket_.event(); event != Socket::Event::none; event = socket_.event()) {
        switch (event) {
            case Socket::Event::key_refused:
            case Socket::Event::not_understood:
                return refuse(standing::turned_away(wanted_.address, wanted_.keys.given()));
            case Socket::Event::disconnected:
                hear_messages(now);  // a goodbye may be among what came before the end
                if (connected_) {
                    return lose(standing::gone(wanted_.address), now);
                }
                // A server that cannot read what this client's key encrypts says nothing and hangs up.
                if (phase_ == Phase::greeting && !greeted_ && ++cut_ == most_cuts) {
                    return refuse(standing::turned_away(wanted_.address, wanted_.keys.given()));
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
    if (phase_ == Phase::greeting && now - asked_at_ > answer_timeout) {
        return lose(standing::nobody(wanted_.address), now);
    }
    if (!connected_) {
        return;
    }
    if (now - heard_at_ > silence_timeout) {
        return lose(standing::silent(wanted_.address), now);
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
