// Messages to the bytes of part 0 and back. Whatever bytes come in, nothing worse than a Fault comes out.
#pragma once

#include "FaceBridge/MessagePack.h"
#include "FaceBridge/Messages.h"

#include <string>
#include <tuple>
#include <type_traits>

namespace facebridge {

// What is wrong with a message: the protocol's error, and a sentence that says where.
struct Fault {
    ErrorCode code = ErrorCode::none;
    std::string text;
};

// Writes part 0 into `bytes`, in place of what was there. False, with the fault, where a field is out of its range.
template <class Message>
FACEBRIDGECORE_API bool encode(const Message& message, Bytes& bytes, Fault& fault);

// Reads messages, one at a time; it keeps its memory, so that a message like the last one takes none.
class FACEBRIDGECORE_API Decoder {
public:
    using Every = std::tuple<Hello, Welcome, Open, Opened, Curves, Picture, Ack, Control, Stats, StatsRequest, Ping, Pong,
                             Error, Close, Bye>;

    // Reads `count` parts. False, with the fault, where they are no message of this protocol.
    bool decode(const Span* parts, int count, Fault& fault);

    // The message that was read, until the next `decode`; nullptr if it was another.
    template <class Message>
    const Message* get() const {
        return read_ == place<Message>(static_cast<Every*>(nullptr)) ? &std::get<Message>(messages_) : nullptr;
    }

private:
    struct Entry {
        std::string_view key;
        Span value;
    };
    template <class Message>
    class FieldReader;

    // Which of the messages a `Message` is.
    template <class Message, class... Messages>
    static constexpr int place(const std::tuple<Messages...>*) {
        int index = 0;
        int found = -1;
        ((found = std::is_same_v<Message, Messages> ? index : found, ++index), ...);
        return found;
    }

    bool parse(Span header, Fault& fault);
    bool has_key(std::string_view key) const;
    template <class Message>
    bool try_read(std::string_view name, const Span* parts, int count, Fault& fault);

    Every messages_;
    int read_ = -1;  // the place of the message that was read
    std::vector<Entry> entries_;
};

}  // namespace facebridge
