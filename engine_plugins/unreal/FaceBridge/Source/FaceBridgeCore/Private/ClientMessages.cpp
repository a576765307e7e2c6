// What the client does with each message of the server.
#include "FaceBridge/Client.h"

namespace facebridge {

void Client::hear_messages(std::int64_t now) {
    std::array<Span, Socket::most_parts> parts;
    for (int count = socket_.receive(parts); count > 0; count = socket_.receive(parts)) {
        heard_at_ = now;
        hear(parts.data(), count, now);
    }
}

void Client::hear(const Span* parts, int count, std::int64_t now) {
    if (!decoder_.decode(parts, count, fault_)) {
        if (fault_.code != ErrorCode::unknown_message) {  // that is a newer server's, and not meant for us
            lose("The server does not keep to the protocol: " + fault_.text + ".", now);
        }
        return;
    }
    if (const auto* picture = decoder_.get<Picture>()) return on_picture(*picture, parts[1], now);
    if (const auto* welcome = decoder_.get<Welcome>()) return on_welcome(*welcome, now);
    if (const auto* opened = decoder_.get<Opened>()) return on_opened(*opened);
    if (const auto* error = decoder_.get<Error>()) return on_error(*error, now);
    if (const auto* ping = decoder_.get<Ping>()) {
        send(Pong{ping->sent, now, now});
    } else if (const auto* bye = decoder_.get<Bye>()) {
        lose("The server has said good-bye. " + bye->reason, now);
    } else if (const auto* close = decoder_.get<Close>(); close != nullptr && close->stream == stream_ && connected()) {
        lose("The server has closed the stream.", now);
    }
}

void Client::on_welcome(const Welcome& welcome, std::int64_t now) {
    if (phase_ != Phase::greeting) {
        return;
    }
    if (welcome.version != protocol_version) {
        return refuse("The server speaks version " + std::to_string(welcome.version) +
                      " of the protocol, this plugin version 1; update the older of the two.");
    }
    offer_ = welcome;
    allowance_ = welcome.max_rate / 4;
    allowed_at_ = pinged_at_ = now;
    ++status_.connections;
    set(Phase::opening, "Opening a stream on " + wanted_.address + ".");
    open_stream(now);
}

void Client::on_opened(const Opened& opened) {
    if (!asking_ || opened.stream != stream_) {
        return;
    }
    asking_ = false;
    failures_ = 0;
    set(Phase::open, "Streaming " + opened.identity + " from " + wanted_.address + "." +
                         (opened.notice.empty() ? "" : " Note: " + opened.notice));
}

void Client::on_picture(const Picture& picture, Span pixels, std::int64_t now) {
    if (picture.stream != stream_ || phase_ != Phase::open) {
        return;
    }
    send(Ack{picture.stream, picture.sequence});
    ++counted_;
    ++status_.pictures;
    status_.repeated += picture.repeated ? 1 : 0;
    status_.dropped = picture.dropped;
    status_.sequence = picture.sequence;
    status_.latency = latency_of(picture, now);
    sink_.take(picture, pixels);
}

void Client::on_error(const Error& error, std::int64_t now) {
    const auto code = static_cast<ErrorCode>(error.code);
    if (code == ErrorCode::version_unsupported) {
        return refuse("The server does not speak this plugin's version of the protocol; update the older of the two.");
    }
    if (error.fatal && code == ErrorCode::unsupported) {
        return refuse("The server refuses this plugin: " + error.text + ".");
    }
    if (error.fatal) {
        return lose("The server ended the connection: " + error.text + ".", now);
    }
    if (error.stream != stream_) {
        return;
    }
    const bool about_request = error.sequence == -1 && asking_;
    if (phase_ == Phase::opening && about_request && code == ErrorCode::duplicate_stream) {
        return open_stream(now);  // under the next number
    }
    if (phase_ == Phase::opening && about_request) {
        return refuse("The server refuses the stream: " + error.text + ". Choose another identity, size or codec.");
    }
    if (about_request) {
        asking_ = false;
        status_.text = "The change was refused, all stays as it was: " + error.text + ".";
    } else if (phase_ == Phase::open && code != ErrorCode::unknown_stream) {
        status_.text = "Streaming, but a frame was refused: " + error.text + ".";
    }
}

}  // namespace facebridge
