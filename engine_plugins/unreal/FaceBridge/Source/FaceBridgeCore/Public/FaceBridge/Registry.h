// The constants of the protocol, as protocol/registry.json has them; a test compares the two.
#pragma once

#include "FaceBridge/Api.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace facebridge {

constexpr std::int64_t protocol_version = 1;

namespace limits {

constexpr std::int64_t header_bytes = 65536;
constexpr std::int64_t message_bytes = 67174400;
constexpr std::int64_t nesting = 8;
constexpr std::int64_t entries = 1024;
constexpr std::int64_t name_bytes = 64;
constexpr std::int64_t text_bytes = 512;
constexpr std::int64_t curve_names = 256;
constexpr double curve_magnitude = 100.0;
constexpr std::int64_t integer = INT64_MAX;
constexpr std::int64_t stream = 65535;
constexpr std::int64_t size = 4096;
constexpr std::int64_t credit = 1024;
constexpr std::int64_t seed = 4294967295;
constexpr std::int64_t steps = 100;
constexpr double expression_scale = 10.0;
constexpr double reference_scale = 10.0;
constexpr double light_azimuth = 90.0;
constexpr double light_above = 90.0;
constexpr double light_below = 30.0;
constexpr double rate = 100000.0;

}  // namespace limits

enum class ErrorCode : int {
    none = 0,
    malformed = 1,
    unknown_message = 2,
    version_unsupported = 3,
    unexpected_message = 4,
    too_large = 5,
    bad_field = 6,
    bad_curves = 7,
    unknown_stream = 8,
    duplicate_stream = 9,
    too_many_streams = 10,
    too_many_clients = 11,
    rate_exceeded = 12,
    stale_sequence = 13,
    credit_exceeded = 14,
    unknown_identity = 15,
    unsupported = 16,
    generator_failed = 17,
    server_closing = 18,
    timed_out = 19,
};

// The name of an error; "" for a number this version does not know.
FACEBRIDGECORE_API std::string_view error_name(ErrorCode code);

enum class Codec { jpeg, rgb24, rgba32 };
enum class RowOrder { top, bottom };
enum class Delivery { newest, every };
enum class Basis { arkit52, arkit55, flame55 };

constexpr std::array<std::string_view, 3> codec_names = {"jpeg", "rgb24", "rgba32"};
constexpr std::array<int, 3> codec_bytes_per_pixel = {0, 3, 4};
constexpr std::array<std::string_view, 2> row_order_names = {"top", "bottom"};
constexpr std::array<std::string_view, 2> delivery_names = {"newest", "every"};
constexpr std::array<std::string_view, 3> basis_names = {"arkit52", "arkit55", "flame55"};
constexpr std::array<std::string_view, 4> capability_names = {"expression", "reference", "light", "alpha"};

constexpr int most_curves = 55;

// The curves of a basis, in the order in which their floats are sent.
struct CurveNames {
    const std::string_view* names;
    int count;
    const std::string_view* begin() const { return names; }
    const std::string_view* end() const { return names + count; }
};

FACEBRIDGECORE_API CurveNames curves_of(Basis basis);

// The curve's place in its basis, or -1. Matched exactly, case and all.
FACEBRIDGECORE_API int curve_index(Basis basis, std::string_view name);

// Whether any basis has a curve of this name.
FACEBRIDGECORE_API bool is_curve(std::string_view name);

}  // namespace facebridge
