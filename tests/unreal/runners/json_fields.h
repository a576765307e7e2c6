// A message's fields as the JSON of the vectors has them.
#pragma once

#include "FaceBridge/Messages.h"

#include <cstdio>
#include <string>

namespace facebridge::runners {

inline std::string json(std::int64_t value) {
    const bool safe = value <= (std::int64_t{1} << 53) && value >= -(std::int64_t{1} << 53);
    const std::string digits = std::to_string(value);
    return safe ? digits : '"' + digits + '"';
}

inline std::string json(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

inline std::string json(bool value) { return value ? "true" : "false"; }

inline std::string json(const std::string& value) {
    std::string text = "\"";
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') text += '\\';
        text += letter;
    }
    return text + '"';
}

inline std::string json(Codec value) { return json(std::string(codec_names[static_cast<std::size_t>(value)])); }
inline std::string json(RowOrder value) { return json(std::string(row_order_names[static_cast<std::size_t>(value)])); }
inline std::string json(Delivery value) { return json(std::string(delivery_names[static_cast<std::size_t>(value)])); }

template <class T>
std::string json(const std::vector<T>& values) {
    std::string text;
    for (const T& value : values) text += (text.empty() ? "" : ", ") + json(value);
    return '[' + text + ']';
}

inline std::string json(const Light& light) {
    return light.given ? '[' + json(light.azimuth) + ", " + json(light.elevation) + ']' : "[]";
}

inline std::string json(const std::vector<NamedCount>& counts) {
    std::string text;
    for (const NamedCount& entry : counts) text += (text.empty() ? "" : ", ") + json(entry.name) + ": " + json(entry.count);
    return '{' + text + '}';
}

inline std::string json(const CurveValues& values) {
    std::string text;
    for (int index = 0; index < values.count; ++index) {
        text += (text.empty() ? "" : ", ") + json(static_cast<double>(values.floats[static_cast<std::size_t>(index)]));
    }
    for (const NamedValue& entry : values.named) {
        if (values.by_name) text += (text.empty() ? "" : ", ") + json(entry.name) + ": " + json(entry.value);
    }
    return values.by_name ? '{' + text + '}' : '[' + text + ']';
}

template <class T>
std::string json(const std::optional<T>& value) {
    return value ? json(*value) : "null";
}

// Collects `"key": value` for each field.
template <class Message>
class JsonFields {
public:
    explicit JsonFields(const Message& message) : message_(message) { Message::fields(*this); }

    template <class Member, class Kind>
    void required(const char* key, Member member, Kind) {
        text_ += (text_.empty() ? "" : ", ") + json(std::string(key)) + ": " + json(message_.*member);
    }

    template <class Member, class Kind>
    void optional(const char* key, Member member, Kind kind) { required(key, member, kind); }

    template <class Member, class Kind>
    void perhaps(const char* key, Member member, Kind kind) { required(key, member, kind); }

    std::string text() const { return '{' + text_ + '}'; }

private:
    const Message& message_;
    std::string text_;
};

}  // namespace facebridge::runners
