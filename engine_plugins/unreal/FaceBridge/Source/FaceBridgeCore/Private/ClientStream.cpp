// The client's stream: opened, changed, and fed with curves.
#include "FaceBridge/Client.h"

#include <algorithm>
#include <cmath>

namespace facebridge {
namespace {

template <class T>
std::optional<T> changed(const T& wanted, const T& before) {
    return wanted == before ? std::nullopt : std::optional<T>(wanted);
}

}  // namespace

const std::string& Client::identity(const Settings& settings) const {
    return settings.identity.empty() && !offer_.identities.empty() ? offer_.identities[0] : settings.identity;
}

void Client::apply_settings(std::int64_t now) {
    if (phase_ != Phase::open || asking_) {
        return;
    }
    if (!wanted_.same_stream(asked_)) {
        send(Close{stream_});
        set(Phase::opening, "Opening the stream anew on " + wanted_.address + ".");
        open_stream(now);
    } else if (!wanted_.same_look(asked_)) {
        change_stream(now);
    }
}

// Under a number of its own each time: the one before may not have been closed yet.
void Client::open_stream(std::int64_t now) {
    stream_ = (stream_ + 1) % (limits::stream + 1);
    Open open;
    open.stream = stream_;
    open.subject = wanted_.subject;
    open.identity = identity(wanted_);
    open.basis = std::string(basis_names[static_cast<std::size_t>(wanted_.basis)]);
    open.size = wanted_.size > 0 ? wanted_.size : offer_.sizes[0];
    open.codec = wanted_.codec;
    open.row_order = wanted_.row_order;
    open.credit = wanted_.credit;
    open.seed = wanted_.seed;
    open.steps = wanted_.steps;
    open.expression_scale = wanted_.expression_scale;
    open.reference_scale = wanted_.reference_scale;
    open.light = wanted_.light;
    open.backdrop = wanted_.backdrop;
    asked_ = wanted_;
    asked_at_ = now;
    asking_ = true;
    if (!send(open) && fault_.code != ErrorCode::none) {
        refuse("A setting cannot be sent: " + fault_.text + ". Change it.");
    }
}

void Client::change_stream(std::int64_t now) {
    Control control;
    control.stream = stream_;
    control.identity = changed(identity(wanted_), identity(asked_));
    control.expression_scale = changed(wanted_.expression_scale, asked_.expression_scale);
    control.reference_scale = changed(wanted_.reference_scale, asked_.reference_scale);
    control.steps = changed(wanted_.steps, asked_.steps);
    control.seed = changed(wanted_.seed, asked_.seed);
    control.light = changed(wanted_.light, asked_.light);
    control.backdrop = changed(wanted_.backdrop, asked_.backdrop);
    asked_ = wanted_;
    asked_at_ = now;
    asking_ = send(control);
    if (!asking_ && fault_.code != ErrorCode::none) {
        status_.text = "A setting cannot be sent: " + fault_.text + ". Change it.";
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
        status_.text = "A frame cannot be sent: " + fault_.text + ".";
        fresh_ = false;
    }
    if (sent) {
        ++curves_.sequence;
        allowance_ -= 1.0;
        fresh_ = false;
    }
}

}  // namespace facebridge
