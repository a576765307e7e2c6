// All fields of a message out of the entries of part 0.
#pragma once

#include "FieldValues.h"

#include <type_traits>

namespace facebridge {

template <class Message>
class Decoder::FieldReader {
public:
    FieldReader(const std::vector<Entry>& entries, Message& message, Fault& fault)
        : entries_(entries), message_(message), fault_(fault) {}

    template <class Member, class Kind>
    void required(const char* key, Member member, Kind kind) {
        if (!present(key, message_.*member, kind) && !failed()) {
            refuse(fault_, ErrorCode::bad_field, {Message::wire_name, key}, "is missing");
        }
    }

    template <class Member, class Kind>
    void optional(const char* key, Member member, Kind kind) {
        if (!present(key, message_.*member, kind) && !failed()) {
            static const Message fresh{};
            message_.*member = fresh.*member;
        }
    }

    template <class Member, class Kind>
    void perhaps(const char* key, Member member, Kind kind) {
        auto& held = message_.*member;
        held.emplace();
        if (!present(key, *held, kind)) {
            held.reset();
        }
    }

private:
    bool failed() const { return fault_.code != ErrorCode::none; }

    // Whether the key is there and its value could be read.
    template <class T, class Kind>
    bool present(const char* key, T& value, Kind kind) {
        if (failed()) {
            return false;
        }
        for (const Entry& entry : entries_) {
            if (entry.key == key) {
                PackReader in(entry.value);
                return read_field(in, value, kind, Where{Message::wire_name, key}, fault_);
            }
        }
        return false;
    }

    const std::vector<Entry>& entries_;
    Message& message_;
    Fault& fault_;
};

}  // namespace facebridge
