// As much of MessagePack as the protocol uses: no extension types, strings as keys.
#pragma once

#include "FaceBridge/Api.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace facebridge {

using Bytes = std::vector<std::uint8_t>;

// Bytes that belong to somebody else.
struct Span {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
};

// Appends values to `bytes`, each in its shortest form.
class FACEBRIDGECORE_API PackWriter {
public:
    explicit PackWriter(Bytes& bytes) : bytes_(bytes) {}

    void map(std::size_t count) { head(count, 0x80, 15, 0xde); }
    void list(std::size_t count) { head(count, 0x90, 15, 0xdc); }
    void whole(std::int64_t value);
    void real(double value);
    void truth(bool value) { bytes_.push_back(value ? 0xc3 : 0xc2); }
    void text(std::string_view value);
    void binary(const void* data, std::size_t size);

private:
    void head(std::size_t count, int fixed, std::size_t most, int wide);
    void number(int tag, std::uint64_t value, int width);
    void raw(const void* data, std::size_t size);

    Bytes& bytes_;
};

struct PackValue {
    enum class Type { nil, truth, whole, beyond, real, text, binary, list, map };

    Type type = Type::nil;  // `beyond`: an integer above 2^63-1, to be found in `real`
    bool truth = false;
    std::int64_t whole = 0;
    double real = 0.0;
    std::string_view bytes;   // of text and binary: a view into what is read
    std::uint32_t count = 0;  // of a list's entries, of a map's pairs: they follow
};

// Reads values one after another, and never beyond the end.
class FACEBRIDGECORE_API PackReader {
public:
    explicit PackReader(Span bytes) : at_(bytes.data), end_(bytes.data + bytes.size) {}

    // The next value, of a list or a map only the count. False where there is none: `fault` tells why.
    bool next(PackValue& value);

    // Passes over one value with all it holds; `levels` of maps and lists are allowed in it.
    bool skip(int levels);

    bool at_end() const { return at_ == end_; }
    const std::uint8_t* position() const { return at_; }
    const char* fault() const { return fault_; }

private:
    bool number(int width, std::uint64_t& value);
    bool text(int width, std::uint64_t size, PackValue& value);
    bool binary(int width, PackValue& value);
    bool container(int width, std::uint64_t count, PackValue::Type type, PackValue& value);
    bool integer(int width, bool negative, PackValue& value);
    bool floating(int width, PackValue& value);
    bool take(std::uint64_t size, std::string_view& bytes);
    bool fail(const char* fault);

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    const char* fault_ = "";
};

// Whether the bytes are well-formed UTF-8: no overlong forms, no surrogates.
FACEBRIDGECORE_API bool is_utf8(std::string_view text);

}  // namespace facebridge
