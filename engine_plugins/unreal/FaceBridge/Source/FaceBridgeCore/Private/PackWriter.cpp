#include "FaceBridge/MessagePack.h"

#include <cstring>

namespace facebridge {

void PackWriter::raw(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
}

// A tag, and `width` bytes of a number, the highest first.
void PackWriter::number(int tag, std::uint64_t value, int width) {
    bytes_.push_back(static_cast<std::uint8_t>(tag));
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

// Counts beyond 65535 do not occur: the protocol's limit on entries is far below.
void PackWriter::head(std::size_t count, int fixed, std::size_t most, int wide) {
    if (count <= most) {
        bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::size_t>(fixed) | count));
    } else {
        number(wide, count, 2);
    }
}

void PackWriter::whole(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= -32 && value < 128) {
        bytes_.push_back(static_cast<std::uint8_t>(bits));
    } else if (value >= 0) {
        const int step = bits <= 0xff ? 0 : bits <= 0xffff ? 1 : bits <= 0xffffffff ? 2 : 3;
        number(0xcc + step, bits, 1 << step);
    } else {
        const int step = value >= INT8_MIN ? 0 : value >= INT16_MIN ? 1 : value >= INT32_MIN ? 2 : 3;
        number(0xd0 + step, bits, 1 << step);
    }
}

void PackWriter::real(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    number(0xcb, bits, 8);
}

void PackWriter::text(std::string_view value) {
    if (value.size() < 32) {
        bytes_.push_back(static_cast<std::uint8_t>(0xa0 | value.size()));
    } else {
        const int width = value.size() <= 0xff ? 1 : 2;
        number(width == 1 ? 0xd9 : 0xda, value.size(), width);
    }
    raw(value.data(), value.size());
}

void PackWriter::binary(const void* data, std::size_t size) {
    const int width = size <= 0xff ? 1 : 2;
    number(width == 1 ? 0xc4 : 0xc5, size, width);
    raw(data, size);
}

}  // namespace facebridge
