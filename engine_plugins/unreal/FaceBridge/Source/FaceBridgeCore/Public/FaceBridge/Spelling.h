// The names that rigs and capture tools give to the same curves.
#pragma once

#include "FaceBridge/Registry.h"

namespace facebridge {

// The place in `basis` of a curve, however it is spelt: "jawOpen", "JawOpen", "jaw_open", "eyeBlink_L",
// "blendShape1.eyeBlinkLeft" and their like; -1 where the basis has none such.
FACEBRIDGECORE_API int spelt_curve(Basis basis, std::string_view name);

}  // namespace facebridge
