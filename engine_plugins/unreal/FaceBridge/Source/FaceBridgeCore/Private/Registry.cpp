#include "FaceBridge/Registry.h"

#include <algorithm>

namespace facebridge {
namespace {

// arkit52 is the beginning of arkit55: the head comes after the face.
constexpr std::array<std::string_view, 55> arkit_curves = {
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight",
    "eyeLookUpRight", "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen",
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft",
    "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft", "browDownRight", "browInnerUp",
    "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "noseSneerLeft", "noseSneerRight", "tongueOut", "headYaw", "headPitch", "headRoll",
};

constexpr std::array<std::string_view, 55> flame_curves = {
    "expression00", "expression01", "expression02", "expression03", "expression04", "expression05",
    "expression06", "expression07", "expression08", "expression09", "expression10", "expression11",
    "expression12", "expression13", "expression14", "expression15", "expression16", "expression17",
    "expression18", "expression19", "expression20", "expression21", "expression22", "expression23",
    "expression24", "expression25", "expression26", "expression27", "expression28", "expression29",
    "expression30", "expression31", "expression32", "expression33", "expression34", "expression35",
    "expression36", "expression37", "expression38", "expression39", "expression40", "expression41",
    "expression42", "expression43", "expression44", "expression45", "expression46", "expression47",
    "expression48", "expression49", "eyelidLeft", "eyelidRight", "jawX", "jawY", "jawZ",
};

constexpr std::array<std::string_view, 20> error_names = {
    "", "malformed", "unknown_message", "version_unsupported", "unexpected_message", "too_large",
    "bad_field", "bad_curves", "unknown_stream", "duplicate_stream", "too_many_streams", "too_many_clients",
    "rate_exceeded", "stale_sequence", "credit_exceeded", "unknown_identity", "unsupported",
    "generator_failed", "server_closing", "timed_out",
};

}  // namespace

std::string_view error_name(ErrorCode code) {
    const auto number = static_cast<std::size_t>(code);
    return number < error_names.size() ? error_names[number] : std::string_view();
}

CurveNames curves_of(Basis basis) {
    switch (basis) {
        case Basis::arkit52: return {arkit_curves.data(), 52};
        case Basis::arkit55: return {arkit_curves.data(), 55};
        case Basis::flame55: break;
    }
    return {flame_curves.data(), 55};
}

int curve_index(Basis basis, std::string_view name) {
    const CurveNames curves = curves_of(basis);
    const auto found = std::find(curves.begin(), curves.end(), name);
    return found == curves.end() ? -1 : static_cast<int>(found - curves.begin());
}

bool is_curve(std::string_view name) {
    return curve_index(Basis::arkit55, name) >= 0 || curve_index(Basis::flame55, name) >= 0;
}

}  // namespace facebridge
