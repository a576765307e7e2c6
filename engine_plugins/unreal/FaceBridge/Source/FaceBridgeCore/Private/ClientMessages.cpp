// What the client does with each message of the server.
#include "FaceBridge/Client.h"
#include "FaceBridge/Standing.h"

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
            lose("the server does not keep to the protocol: " + fault_.text, now);
        }
        return;
    }
    if (const auto* picture = decoder_.get<Picture>()) return on_picture(*picture, parts[1], now);
    if (const auto* welcome = decoder_.get<Welcome>()) return on_welcome(*welcome, now);
    if (const auto* opened = decoder_.get<Opened>()) return on_opened(*opened);
    if (const auto* error = decoder_.get<Error>()) return on_error(*error, now);
    if (const auto* close = decoder_.get<Close>()) return on_close(*close, now);
    if (const auto* ping = decoder_.get<Ping>()) {
        send(Pong{ping->sent, now, now});
    } else if (decoder_.get<Bye>() != nullptr) {
        lose("the server said goodbye", now);
    }
}

void Client::on_welcome(const Welcome& welcome, std::int64_t now) {
    if (phase_ != Phase::greeting) {
        return;
    }
    if (welcome.version != protocol_version) {
        return refuse("the server speaks version " + std::to_string(welcome.version) + ": update the older side");
    }
    offer_ = welcome;
    allowance_ = welcome.max_rate / 4;
    allowed_at_ = pinged_at_ = now;
    ++status_.connections;
    connected_ = true;
    wishes_.wish(wanted_, offer_);
    open_stream();
}

void Client::on_opened(const Opened& opened) {
    if (!asking_ || opened.stream != stream_) {
        return;
    }
    asking_ = false;
    failures_ = 0;
    wishes_.grant();
    status_.notice = opened.notice;
    set(Phase::open);
}

void Client::on_picture(const Picture& picture, Span pixels, std::int64_t now) {
    if (picture.stream != stream_ || phase_ != Phase::open) {
        return;
    }
    send(Ack{picture.stream, picture.sequence});
    ++counted_;
    ++status_.pictures;
    status_.repeated += picture.repeated ? 1 : 0;
    status_.dropped = dropped_before_ + picture.dropped;
    status_.sequence = picture.sequence;
    status_.latency = latency_of(picture, now);
    sink_.take(picture, pixels);
}

// Of a stream that was closed to be opened anew, or the server's own end of it.
void Client::on_close(const Close& close, std::int64_t now) {
    if (close.stream != stream_) {
        return;
    }
    if (phase_ == Phase::closing) {
        open_stream();
    } else if (phase_ == Phase::open || phase_ == Phase::opening) {
        lose("the server closed the stream", now);
    }
}

void Client::on_error(const Error& error, std::int64_t now) {
    const auto code = static_cast<ErrorCode>(error.code);
    if (error.fatal && (code == ErrorCode::version_unsupported || code == ErrorCode::unsupported)) {
        return refuse(error.text + ": update the older side");
    }
    if (error.fatal) {
        return lose("the server ended the connection: " + error.text, now);
    }
    if (error.stream != stream_ || error.sequence != -1) {
        return;  // a frame that is lost
    }
    const std::string reason = standing::declined(error.text, error.name);
    if (phase_ == Phase::opening && code == ErrorCode::duplicate_stream) {
        return open_stream();  // under the next number
    }
    if (phase_ == Phase::opening) {
        // What was refused may not be what is wanted any more.
        return wishes_.asked_for_wanted() ? decline(reason) : open_stream();
    }
    if (phase_ != Phase::open) {
        return;
    }
    if (code == ErrorCode::generator_failed) {
        wishes_.withdraw(reason);  // granted, and then the model could not do it
    } else if (asking_) {
        asking_ = false;
        wishes_.refuse(reason);
    }
    tell_stream();
}

}  // namespace facebridge
