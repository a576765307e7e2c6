// One field of a message, checked and written.
#pragma once

#include "FaceBridge/Codec.h"
#include "FieldChecks.h"

namespace facebridge {

// How many fields a message sends: all but those without a value.
template <class Message>
class FieldCount {
public:
    explicit FieldCount(const Message& message) : message_(message) {}

    template <class Member, class Kind>
    void required(const char*, Member, Kind) { ++count_; }

    template <class Member, class Kind>
    void optional(const char*, Member, Kind) { ++count_; }

    template <class Member, class Kind>
    void perhaps(const char*, Member member, Kind) { count_ += (message_.*member).has_value() ? 1 : 0; }

    std::size_t count() const { return count_; }

private:
    const Message& message_;
    std::size_t count_ = 0;
};

template <class Message>
class FieldWriter {
public:
    FieldWriter(const Message& message, Bytes& bytes, Fault& fault) : message_(message), out_(bytes), fault_(fault) {}

    template <class Member, class Kind>
    void required(const char* key, Member member, Kind kind) { field(key, message_.*member, kind); }

    template <class Member, class Kind>
    void optional(const char* key, Member member, Kind kind) { field(key, message_.*member, kind); }

    template <class Member, class Kind>
    void perhaps(const char* key, Member member, Kind kind) {
        if ((message_.*member).has_value()) {
            field(key, *(message_.*member), kind);
        }
    }

private:
    template <class T, class Kind>
    void field(const char* key, const T& value, Kind kind) {
        const Where where{Message::wire_name, key};
        if (fault_.code == ErrorCode::none && check_field(value, kind, where, fault_)) {
            out_.text(key);
            write(value);
        }
    }

    void write(std::int64_t value) { out_.whole(value); }
    void write(double value) { out_.real(value); }
    void write(bool value) { out_.truth(value); }
    void write(const std::string& value) { out_.text(value); }
    void write(Codec value) { out_.text(codec_names[static_cast<std::size_t>(value)]); }
    void write(RowOrder value) { out_.text(row_order_names[static_cast<std::size_t>(value)]); }
    void write(Delivery value) { out_.text(delivery_names[static_cast<std::size_t>(value)]); }

    template <class T>
    void write(const std::vector<T>& values) {
        out_.list(values.size());
        for (const T& value : values) write(value);
    }

    void write(const std::vector<NamedCount>& counts) {
        out_.map(counts.size());
        for (const NamedCount& entry : counts) {
            out_.text(entry.name);
            out_.whole(entry.count);
        }
    }

    void write(const Light& light) {
        out_.list(light.given ? 2 : 0);
        if (light.given) {
            out_.real(light.azimuth);
            out_.real(light.elevation);
        }
    }

    void write(const CurveValues& values) {
        if (!values.by_name) {
            // float32, little-endian, which is how every machine that Unreal runs on holds them.
            out_.binary(values.floats.data(), static_cast<std::size_t>(values.count) * sizeof(float));
            return;
        }
        out_.map(values.named.size());
        for (const NamedValue& entry : values.named) {
            out_.text(entry.name);
            out_.real(entry.value);
        }
    }

    const Message& message_;
    PackWriter out_;
    Fault& fault_;
};

}  // namespace facebridge
