// A take as text: a Live Link Face recording, which `facebridge replay` plays. Lines end in "\n".
#pragma once

#include "FaceBridge/Client.h"

namespace facebridge {

// The first line, the names of the columns.
FACEBRIDGECORE_API std::string take_header();

// The line of a frame of arkit55, in place of what `line` held. `time_of_day` is in seconds since midnight; its timecode
// counts 60 frames a second. What is no number becomes 0.
FACEBRIDGECORE_API void take_line(double time_of_day, const CurveFrame& frame, std::string& line);

}  // namespace facebridge
