#include "FaceBridge/MessagePack.h"
#include "FaceBridge/Registry.h"

#include <cstring>

namespace facebridge {

bool PackReader::fail(const char* fault) {
    fault_ = fault;
    return false;
}

bool PackReader::take(std::uint64_t size, std::string_view& bytes) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) {
        return fail("ends in the middle of a value");
    }
    bytes = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size)};
    at_ += size;
    return true;
}

bool PackReader::number(int width, std::uint64_t& value) {
    std::string_view bytes;
    if (!take(static_cast<std::uint64_t>(width), bytes)) {
        return false;
    }
    value = 0;
    for (const char byte : bytes) {
        value = value << 8 | static_cast<std::uint8_t>(byte);
    }
    return true;
}

// `width` 0: the size stood in the tag.
bool PackReader::text(int width, std::uint64_t size, PackValue& value) {
    value.type = PackValue::Type::text;
    if ((width && !number(width, size)) || !take(size, value.bytes)) {
        return false;
    }
    return is_utf8(value.bytes) || fail("holds a string that is not UTF-8");
}

bool PackReader::binary(int width, PackValue& value) {
    value.type = PackValue::Type::binary;
    std::uint64_t size = 0;
    return number(width, size) && take(size, value.bytes);
}

bool PackReader::container(int width, std::uint64_t count, PackValue::Type type, PackValue& value) {
    value.type = type;
    if (width && !number(width, count)) {
        return false;
    }
    value.count = static_cast<std::uint32_t>(count);
    return count <= static_cast<std::uint64_t>(limits::entries) || fail("announces more than 1024 entries");
}

bool PackReader::integer(int width, bool negative, PackValue& value) {
    std::uint64_t bits = 0;
    if (!number(width, bits)) {
        return false;
    }
    const int unused = 64 - 8 * width;
    const bool beyond = !negative && bits > static_cast<std::uint64_t>(INT64_MAX);
    value.type = beyond ? PackValue::Type::beyond : PackValue::Type::whole;
    value.real = static_cast<double>(bits);
    // Shifted up and down again, the sign fills the bits that the wire left out.
    value.whole = negative ? static_cast<std::int64_t>(bits << unused) >> unused : static_cast<std::int64_t>(bits);
    return true;
}

bool PackReader::floating(int width, PackValue& value) {
    std::uint64_t bits = 0;
    if (!number(width, bits)) {
        return false;
    }
    value.type = PackValue::Type::real;
    if (width == 8) {
        std::memcpy(&value.real, &bits, sizeof value.real);
    } else {
        const auto low = static_cast<std::uint32_t>(bits);
        float single = 0.0F;
        std::memcpy(&single, &low, sizeof single);
        value.real = static_cast<double>(single);
    }
    return true;
}

bool PackReader::next(PackValue& value) {
    std::uint64_t read = 0;
    if (!number(1, read)) {
        return false;
    }
    const int tag = static_cast<int>(read);
    if (tag < 0x80 || tag >= 0xe0) {
        value.type = PackValue::Type::whole;
        value.whole = tag < 0x80 ? tag : tag - 0x100;
        return true;
    }
    if (tag < 0x90) return container(0, read & 15, PackValue::Type::map, value);
    if (tag < 0xa0) return container(0, read & 15, PackValue::Type::list, value);
    if (tag < 0xc0) return text(0, read & 31, value);
    switch (tag) {
        case 0xc0: value.type = PackValue::Type::nil; return true;
        case 0xc2:
        case 0xc3:
            value.type = PackValue::Type::truth;
            value.truth = tag == 0xc3;
            return true;
        case 0xc4: case 0xc5: case 0xc6: return binary(1 << (tag - 0xc4), value);
        case 0xca: case 0xcb: return floating(tag == 0xca ? 4 : 8, value);
        case 0xcc: case 0xcd: case 0xce: case 0xcf: return integer(1 << (tag - 0xcc), false, value);
        case 0xd0: case 0xd1: case 0xd2: case 0xd3: return integer(1 << (tag - 0xd0), true, value);
        case 0xd9: case 0xda: case 0xdb: return text(1 << (tag - 0xd9), 0, value);
        case 0xdc: case 0xdd: return container(tag == 0xdc ? 2 : 4, 0, PackValue::Type::list, value);
        case 0xde: case 0xdf: return container(tag == 0xde ? 2 : 4, 0, PackValue::Type::map, value);
        default: return fail(tag == 0xc1 ? "holds the reserved byte c1" : "holds an extension type");
    }
}

bool PackReader::skip(int levels) {
    PackValue value;
    if (!next(value)) {
        return false;
    }
    const bool map = value.type == PackValue::Type::map;
    if (!map && value.type != PackValue::Type::list) {
        return true;
    }
    if (levels == 0) {
        return fail("nests more than 8 maps and lists");
    }
    for (std::uint32_t entry = 0; entry < value.count; ++entry) {
        PackValue key;
        if (map && (!next(key) || key.type != PackValue::Type::text)) {
            return fail(*fault_ ? fault_ : "has a key that is no string");
        }
        if (!skip(levels - 1)) {
            return false;
        }
    }
    return true;
}

bool is_utf8(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    for (std::size_t at = 0; at < text.size();) {
        const int lead = byte(at);
        const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || more >= text.size() - at) {
            return false;
        }
        for (std::size_t step = 1; step <= more; ++step) {
            if ((byte(at + step) & 0xc0) != 0x80) return false;
        }
        // The second byte tells overlong forms, surrogates, and what lies beyond U+10FFFF.
        const int second = more ? byte(at + 1) : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
            (lead == 0xf4 && second > 0x8f)) {
            return false;
        }
        at += more + 1;
    }
    return true;
}

}  // namespace facebridge
