#include "FaceBridge/Take.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace facebridge {
namespace {

constexpr long long frames_per_second = 60;

void append_timecode(double time_of_day, std::string& line) {
    const double day = std::fmod(std::max(time_of_day, 0.0), 86400.0);
    const auto second = static_cast<long long>(day);
    const double frame = (day - static_cast<double>(second)) * frames_per_second;
    const long long thousandths = std::min(std::llround(frame * 1000.0), frames_per_second * 1000 - 1);
    char text[80];
    std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld:%02lld.%03lld", second / 3600, second / 60 % 60, second % 60,
                  thousandths / 1000, thousandths % 1000);
    line += text;
}

// Nine digits read back as the same float. The engine's locale may write a comma.
void append_value(float value, std::string& line) {
    char text[40] = "";
    std::snprintf(text, sizeof text, ",%.9g", static_cast<double>(std::isfinite(value) ? value : 0.0F));
    std::replace(text + 1, text + sizeof text, ',', '.');
    line += text;
}

}  // namespace

std::string take_header() {
    std::string line = "Timecode,BlendshapeCount";
    for (const std::string_view name : curves_of(Basis::arkit55)) {
        line += ',';
        line += static_cast<char>(name[0] - 'a' + 'A');
        line += name.substr(1);
    }
    return line + '\n';
}

void take_line(double time_of_day, const CurveFrame& frame, std::string& line) {
    line.clear();
    append_timecode(time_of_day, line);
    line += ",55";
    for (const float value : frame.floats) {
        append_value(value, line);
    }
    line += '\n';
}

}  // namespace facebridge
