#include "FieldChecks.h"

#include <cctype>
#include <cmath>

namespace facebridge {
namespace {

bool is_colour(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') {
        return false;
    }
    for (const char digit : text.substr(1)) {
        if (!std::isxdigit(static_cast<unsigned char>(digit))) return false;
    }
    return true;
}

// False for NaN too.
bool is_curve_value(double value) { return std::fabs(value) <= limits::curve_magnitude; }

bool check_floats(const CurveValues& values, Where where, Fault& fault) {
    if (values.count != 52 && values.count != 55) {
        return refuse(fault, ErrorCode::bad_curves, where,
                      "must have 52 or 55 float32, not " + std::to_string(values.count));
    }
    for (int index = 0; index < values.count; ++index) {
        if (!is_curve_value(static_cast<double>(values.floats[static_cast<std::size_t>(index)]))) {
            return refuse(fault, ErrorCode::bad_curves, where,
                          "must be finite and within -100 .. 100 at place " + std::to_string(index));
        }
    }
    return true;
}

bool check_named(const std::vector<NamedValue>& named, Where where, Fault& fault) {
    if (named.size() > static_cast<std::size_t>(limits::curve_names)) {
        return refuse(fault, ErrorCode::bad_curves, where,
                      "must have at most 256 names, not " + std::to_string(named.size()));
    }
    bool known = named.empty();
    for (std::size_t index = 0; index < named.size(); ++index) {
        known = known || is_curve(named[index].name);
        if (!is_curve_value(named[index].value)) {
            return refuse(fault, ErrorCode::bad_curves, where,
                          "must be finite and within -100 .. 100 for " + named[index].name.substr(0, 64));
        }
        for (std::size_t before = 0; before < index; ++before) {
            if (named[before].name == named[index].name) {
                return refuse(fault, ErrorCode::bad_curves, where, "names a curve twice");
            }
        }
    }
    return known || refuse(fault, ErrorCode::bad_curves, where,
                           "names no curve of any basis, such as " + named[0].name.substr(0, 64));
}

}  // namespace

bool refuse(Fault& fault, ErrorCode code, Where where, const std::string& text) {
    fault.code = code;
    fault.text = std::string(where.message) + "." + std::string(where.field) + " " + text;
    return false;
}

bool check_field(std::int64_t value, wire::Whole kind, Where where, Fault& fault) {
    return (value >= kind.low && value <= kind.high) ||
           refuse(fault, ErrorCode::bad_field, where,
                  "must be from " + std::to_string(kind.low) + " to " + std::to_string(kind.high) + ", not " +
                      std::to_string(value));
}

bool check_field(double value, wire::Real kind, Where where, Fault& fault) {
    return (value >= kind.low && value <= kind.high) ||
           refuse(fault, ErrorCode::bad_field, where,
                  "must be a finite number from " + std::to_string(kind.low) + " to " + std::to_string(kind.high));
}

bool check_field(std::string_view value, wire::Text kind, Where where, Fault& fault) {
    const auto size = static_cast<std::int64_t>(value.size());
    return (size >= kind.low && size <= kind.high && is_utf8(value)) ||
           refuse(fault, ErrorCode::bad_field, where,
                  "must have from " + std::to_string(kind.low) + " to " + std::to_string(kind.high) +
                      " bytes of UTF-8, not " + std::to_string(size));
}

bool check_field(std::string_view value, wire::Backdrop, Where where, Fault& fault) {
    return value.empty() || value == "transparent" || is_colour(value) ||
           refuse(fault, ErrorCode::bad_field, where, "must be \"#rrggbb\", \"transparent\" or \"\"");
}

bool check_field(const Light& value, wire::Direction, Where where, Fault& fault) {
    constexpr wire::Real azimuth{-limits::light_azimuth, limits::light_azimuth};
    constexpr wire::Real elevation{-limits::light_below, limits::light_above};
    return !value.given || (check_field(value.azimuth, azimuth, where, fault) &&
                            check_field(value.elevation, elevation, where, fault));
}

bool check_field(const std::vector<std::string>& values, wire::Names, Where where, Fault& fault) {
    for (const std::string& value : values) {
        if (!check_field(std::string_view(value), wire::name, where, fault)) return false;
    }
    return true;
}

bool check_field(const std::vector<std::int64_t>& values, wire::Sizes, Where where, Fault& fault) {
    for (const std::int64_t value : values) {
        if (!check_field(value, wire::size, where, fault)) return false;
    }
    return !values.empty() || refuse(fault, ErrorCode::bad_field, where, "must have at least one entry");
}

bool check_field(const std::vector<NamedCount>& values, wire::Counts, Where where, Fault& fault) {
    for (const NamedCount& entry : values) {
        if (!check_field(std::string_view(entry.name), wire::name, where, fault) ||
            !check_field(entry.count, wire::whole, where, fault)) {
            return false;
        }
    }
    return true;
}

bool check_field(const CurveValues& values, wire::CurveSet, Where where, Fault& fault) {
    return values.by_name ? check_named(values.named, where, fault) : check_floats(values, where, fault);
}

}  // namespace facebridge
