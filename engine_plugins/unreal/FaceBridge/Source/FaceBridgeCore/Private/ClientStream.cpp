// The client's stream: opened, changed, and fed with curves.
#include "FaceBridge/Client.h"
#include "FaceBridge/Standing.h"

#include <algorithm>
#include <cmath>

namespace facebridge {
namespace {

template <class T>
std::optional<T> changed(const T& wanted, const T& before) {
    return wanted == before ? std::nullopt : std::optional<T>(wanted);
}

}  // namespace

// What only another stream can change waits until the old one's CLOSE has come back: until then the server counts it.
void Client::apply_settings() {
    if (phase_ == Phase::opening && !asking_) {
        return open_stream();
    }
    if (phase_ != Phase::open || asking_) {
        return;
    }
    if (!wishes_.wanted().same_stream(wishes_.asked())) {
        if (send(Close{stream_})) {
            set(Phase::closing);
        }
    } else if (!wishes_.wanted().same_look(wishes_.asked())) {
        change_stream();
    }
}

// Under a number of its own each time.
void Client::open_stream() {
    const Settings& wanted = wishes_.wanted();
    stream_ = (stream_ + 1) % (limits::stream + 1);
    dropped_before_ = status_.dropped;
    Open open;
    open.stream = stream_;
    open.subject = wanted.subject;
    open.identity = wanted.identity;
    open.basis = std::string(basis_names[static_cast<std::size_t>(wanted.basis)]);
    open.size = wanted.size;
    open.codec = wanted.codec;
    open.row_order = wanted.row_order;
    open.credit = wanted.credit;
    open.seed = wanted.seed;
    open.steps = wanted.steps;
    open.expression_scale = wanted.expression_scale;
    open.reference_scale = wanted.reference_scale;
    open.light = wanted.light;
    open.backdrop = wanted.backdrop;
    wishes_.ask();
    set(Phase::opening);
    asking_ = send(open);
    if (!asking_ && fault_.code != ErrorCode::none) {
        decline(standing::declined(fault_.text));
    }
}

void Client::change_stream() {
    const Settings& wanted = wishes_.wanted();
    const Settings& before = wishes_.asked();
    Control control;
    control.stream = stream_;
    control.identity = changed(wanted.identity, before.identity);
    control.expression_scale = changed(wanted.expression_scale, before.expression_scale);
    control.reference_scale = changed(wanted.reference_scale, before.reference_scale);
    control.steps = changed(wanted.steps, before.steps);
    control.seed = changed(wanted.seed, before.seed);
    control.light = changed(wanted.light, before.light);
    control.backdrop = changed(wanted.backdrop, before.backdrop);
    asking_ = send(control);
    if (asking_) {
        wishes_.ask();
    } else if (fault_.code != ErrorCode::none) {
        wishes_.ask();
        wishes_.refuse(standing::declined(fault_.text));
        tell_stream();
    }
}

// What is no number becomes 0, and what is too large the largest: one bad curve must not cost the frame.
void Client::put(const CurveFrame& frame) {
    require_owner();
    constexpr auto most = static_cast<float>(limits::curve_magnitude);
    curves_.captured = frame.captured;
    curves_.timecode.assign(frame.timecode, 0, static_cast<std::size_t>(limits::name_bytes));
    curves_.values.count = frame.count;
    for (std::size_t index = 0; index < frame.floats.size(); ++index) {
        const float value = frame.floats[index];
        curves_.values.floats[index] = std::isfinite(value) ? std::clamp(value, -most, most) : 0.0F;
    }
    fresh_ = true;
}

// At most max_rate frames a second, and a quarter of a second's worth at once.
void Client::send_frame(std::int64_t now) {
    if (!fresh_ || phase_ != Phase::open) {
        return;
    }
    const double earned = static_cast<double>(now - allowed_at_) / 1e6 * offer_.max_rate;
    allowance_ = std::min(allowance_ + earned, std::max(1.0, offer_.max_rate / 4));
    allowed_at_ = now;
    if (allowance_ < 1.0) {
        return;  // it waits, and a newer one may take its place
    }
    curves_.stream = stream_;
    const bool sent = send(curves_);
    if (!sent && fault_.code != ErrorCode::none) {
        fresh_ = false;  // a timecode that is none: the next may be better
    }
    if (sent) {
        ++curves_.sequence;
        allowance_ -= 1.0;
        fresh_ = false;
    }
}

}  // namespace facebridge
