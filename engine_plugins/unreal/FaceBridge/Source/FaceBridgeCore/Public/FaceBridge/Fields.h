// The kinds of field a message can have, and the values that are more than a number or a text.
#pragma once

#include "FaceBridge/Registry.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace facebridge {

// Where the key light stands, degrees: azimuth -90 .. 90, + to the picture's right; elevation -30 .. 90, + up.
// Not `given`: the model's own light.
struct Light {
    bool given = false;
    double azimuth = 0.0;
    double elevation = 0.0;

    friend bool operator==(const Light& a, const Light& b) {
        return a.given == b.given && a.azimuth == b.azimuth && a.elevation == b.elevation;
    }
};

struct NamedValue {
    std::string name;
    double value = 0.0;
};

struct NamedCount {
    std::string name;
    std::int64_t count = 0;
};

// The curves of one frame: either `count` floats in the order of a basis, or a map from names to numbers.
struct CurveValues {
    bool by_name = false;
    int count = 0;
    std::array<float, most_curves> floats{};
    std::vector<NamedValue> named;
};

namespace wire {

// An integer from `low` to `high`.
struct Whole {
    std::int64_t low, high;
};

// A finite number from `low` to `high`.
struct Real {
    double low, high;
};

// A string of `low` to `high` bytes of UTF-8.
struct Text {
    std::int64_t low, high;
};

// One of a few names, held as an enumeration; any other is `unsupported`.
struct Choice {
    const std::string_view* names;
    int count;
};

struct Truth {};
struct Backdrop {};     // "#rrggbb", "transparent" or ""
struct Direction {};    // [azimuth, elevation] or []
struct Names {};        // a list of strings of 1 .. 64 bytes
struct Sizes {};        // a list of sizes, at least one
struct Counts {};       // a map from names to counts
struct CurveSet {};     // binary or map

constexpr Whole version{1, 65535};
constexpr Whole stream{0, limits::stream};
constexpr Whole maybe_stream{-1, limits::stream};
constexpr Whole whole{0, limits::integer};  // a sequence number, a time in µs, a count
constexpr Whole maybe_sequence{-1, limits::integer};
constexpr Whole positive{1, limits::integer};
constexpr Whole size{1, limits::size};
constexpr Whole credit{1, limits::credit};
constexpr Whole seed{0, limits::seed};
constexpr Whole steps{0, limits::steps};
constexpr Whole error_number{1, 65535};
constexpr Real expression_scale{0.0, limits::expression_scale};
constexpr Real reference_scale{0.0, limits::reference_scale};
constexpr Real rate{0.0, limits::rate};
constexpr Text name{1, limits::name_bytes};
constexpr Text label{0, limits::name_bytes};
constexpr Text sentence{0, limits::text_bytes};
constexpr Choice codec{codec_names.data(), 3};
constexpr Choice row_order{row_order_names.data(), 2};
constexpr Choice delivery{delivery_names.data(), 2};
constexpr Truth truth{};
constexpr Backdrop backdrop{};
constexpr Direction direction{};
constexpr Names names{};
constexpr Sizes sizes{};
constexpr Counts counts{};
constexpr CurveSet curve_set{};

}  // namespace wire
}  // namespace facebridge
