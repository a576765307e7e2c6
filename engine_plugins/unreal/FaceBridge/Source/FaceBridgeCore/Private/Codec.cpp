#include "FaceBridge/Codec.h"

#include "FieldReader.h"
#include "FieldWriter.h"

namespace facebridge {
namespace {

bool blame(Fault& fault, ErrorCode code, std::string text) {
    fault.code = code;
    fault.text = std::move(text);
    return false;
}

// Pixels must be as many as width, height and codec say.
bool check_pixels(const Picture& picture, std::size_t size, Fault& fault) {
    const auto pixel = codec_bytes_per_pixel[static_cast<std::size_t>(picture.codec)];
    const auto due = static_cast<std::size_t>(picture.width * picture.height * pixel);
    if (size == 0 || (pixel != 0 && size != due)) {
        return blame(fault, ErrorCode::bad_field,
                     "PICTURE part 1 must have " + (pixel ? std::to_string(due) : std::string("some")) +
                         " bytes, not " + std::to_string(size));
    }
    return true;
}

bool check_sizes(const Span* parts, int count, Fault& fault) {
    if (count < 1) {
        return blame(fault, ErrorCode::malformed, "a message has at least one part");
    }
    std::size_t total = 0;
    for (int part = 0; part < count; ++part) total += parts[part].size;
    if (parts[0].size > static_cast<std::size_t>(limits::header_bytes)) {
        return blame(fault, ErrorCode::too_large, "part 0 may have 65536 bytes, not " + std::to_string(parts[0].size));
    }
    return total <= static_cast<std::size_t>(limits::message_bytes) ||
           blame(fault, ErrorCode::too_large, "a message may have 67174400 bytes, not " + std::to_string(total));
}

// Whether any of a message's keys is there.
template <class Has>
struct AnyKey {
    Has has;
    bool found = false;

    template <class Member, class Kind>
    void required(const char* key, Member, Kind) { found = found || has(key); }
};

template <class Has>
AnyKey(Has) -> AnyKey<Has>;

}  // namespace

template <class Message>
bool encode(const Message& message, Bytes& bytes, Fault& fault) {
    fault.code = ErrorCode::none;
    bytes.clear();
    FieldCount<Message> count(message);
    Message::fields(count);
    PackWriter out(bytes);
    out.map(count.count() + 1);
    out.text("t");
    out.text(Message::wire_name);
    FieldWriter<Message> writer(message, bytes, fault);
    Message::fields(writer);
    return fault.code == ErrorCode::none;
}

template FACEBRIDGECORE_API bool encode(const Hello&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Welcome&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Open&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Opened&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Curves&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Picture&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Ack&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Control&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Stats&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const StatsRequest&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Ping&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Pong&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Error&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Close&, Bytes&, Fault&);
template FACEBRIDGECORE_API bool encode(const Bye&, Bytes&, Fault&);

bool Decoder::decode(const Span* parts, int count, Fault& fault) {
    fault.code = ErrorCode::none;
    read_ = -1;
    if (!check_sizes(parts, count, fault) || !parse(parts[0], fault)) {
        return false;
    }
    PackReader in(entries_[0].value);
    PackValue name;
    in.next(name);
    if (name.type != PackValue::Type::text) {
        return blame(fault, ErrorCode::malformed, "the message's name must be a string");
    }
    const bool known = std::apply(
        [&](const auto&... message) {
            return (try_read<std::decay_t<decltype(message)>>(name.bytes, parts, count, fault) || ...);
        },
        messages_);
    if (!known) {
        return blame(fault, ErrorCode::unknown_message, "no message is called " + std::string(name.bytes.substr(0, 64)));
    }
    return fault.code == ErrorCode::none;
}

// Whether the message is a `Message`; if so it is read, well or with a fault.
template <class Message>
bool Decoder::try_read(std::string_view name, const Span* parts, int count, Fault& fault) {
    if (name != Message::wire_name) {
        return false;
    }
    if constexpr (std::is_same_v<Message, Stats>) {
        AnyKey probe{[this](const char* key) { return has_key(key); }};
        Stats::fields(probe);
        if (!probe.found) {
            return false;  // the request, which has the same name
        }
    }
    const int expected = std::is_same_v<Message, Picture> ? 2 : 1;
    if (count != expected) {
        blame(fault, ErrorCode::malformed,
              std::string(name) + " has " + std::to_string(expected) + " parts, not " + std::to_string(count));
        return true;
    }
    Message& message = std::get<Message>(messages_);
    FieldReader<Message> reader(entries_, message, fault);
    Message::fields(reader);
    if constexpr (std::is_same_v<Message, Picture>) {
        if (fault.code == ErrorCode::none) {
            check_pixels(message, parts[1].size, fault);
        }
    }
    read_ = place<Message>(static_cast<Every*>(nullptr));
    return true;
}

bool Decoder::has_key(std::string_view key) const {
    for (const Entry& entry : entries_) {
        if (entry.key == key) return true;
    }
    return false;
}

// Part 0 must be one map and nothing after it, and begin with `t`. Its values are passed over here, and so found
// well-formed; the fields then read theirs.
bool Decoder::parse(Span header, Fault& fault) {
    PackReader in(header);
    PackValue map;
    entries_.clear();
    if (!in.next(map)) {
        return blame(fault, ErrorCode::malformed, std::string("part 0 ") + in.fault());
    }
    if (map.type != PackValue::Type::map) {
        return blame(fault, ErrorCode::malformed, "part 0 must be a map");
    }
    for (std::uint32_t pair = 0; pair < map.count; ++pair) {
        PackValue key;
        if (!in.next(key) || key.type != PackValue::Type::text) {
            return blame(fault, ErrorCode::malformed, "part 0 has a key that is no string, or ends early");
        }
        if (has_key(key.bytes)) {
            return blame(fault, ErrorCode::malformed, "part 0 names a key twice");
        }
        const std::uint8_t* begin = in.position();
        if (!in.skip(static_cast<int>(limits::nesting) - 1)) {
            return blame(fault, ErrorCode::malformed, std::string("part 0 ") + in.fault());
        }
        entries_.push_back({key.bytes, {begin, static_cast<std::size_t>(in.position() - begin)}});
    }
    if (!in.at_end()) {
        return blame(fault, ErrorCode::malformed, "part 0 goes on after its map");
    }
    return (!entries_.empty() && entries_[0].key == "t") ||
           blame(fault, ErrorCode::malformed, "part 0 must begin with the key 't'");
}

}  // namespace facebridge
