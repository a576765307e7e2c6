// Two seconds of a jaw that opens, from just before midnight, as a take on standard output.
#include "FaceBridge/Take.h"

#include <clocale>
#include <cstdio>
#include <limits>

int main() {
    std::setlocale(LC_ALL, "");  // as an engine may do: with it numbers may have a comma
    std::fputs(facebridge::take_header().c_str(), stdout);
    std::string line;
    facebridge::CurveFrame frame;
    frame.floats[18] = std::numeric_limits<float>::quiet_NaN();
    frame.floats[52] = -0.25F;
    for (int count = 0; count < 120; ++count) {
        frame.floats[17] = static_cast<float>(count) / 119.0F;
        facebridge::take_line(86399.0 + count / 60.0, frame, line);
        std::fputs(line.c_str(), stdout);
    }
}
