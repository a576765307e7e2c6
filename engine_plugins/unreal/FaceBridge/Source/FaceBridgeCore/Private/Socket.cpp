#include "FaceBridge/Socket.h"

#include "FaceBridge/Registry.h"

#include <cstring>

namespace facebridge {
namespace {

constexpr int monitored = zmq::event_disconnected | zmq::event_handshake_succeeded |
                          zmq::event_handshake_failed_no_detail | zmq::event_handshake_failed_protocol |
                          zmq::event_handshake_failed_auth;

constexpr int high_water = 64;
constexpr int reconnect_ms = 250;
constexpr int handshake_ms = 700;  // twice within the time that a server has to answer

}  // namespace

Socket::Socket(const Context& context) : context_(context), api_(context.api()) {
    for (zmq::Message& part : parts_) api_.msg_init(&part);
}

Socket::~Socket() {
    close(0);
    for (zmq::Message& part : parts_) api_.msg_close(&part);
}

bool Socket::set(int option, int value) { return api_.setsockopt(socket_, option, &value, sizeof value) == 0; }

bool Socket::set_keys(const Keys& keys) {
    std::array<char, 41> own{};
    if (keys.client_public.empty()) {
        if (keys.client_secret.size() != 40 || api_.curve_public(own.data(), keys.client_secret.c_str()) != 0) {
            return false;
        }
    }
    const std::string client_public = keys.client_public.empty() ? std::string(own.data()) : keys.client_public;
    const auto key = [&](int option, const std::string& text) {
        return text.size() == 40 && api_.setsockopt(socket_, option, text.c_str(), text.size() + 1) == 0;
    };
    return key(zmq::curve_serverkey, keys.server_public) && key(zmq::curve_publickey, client_public) &&
           key(zmq::curve_secretkey, keys.client_secret);
}

std::string Socket::open(const std::string& address, const Keys& keys) {
    close(0);
    socket_ = context_.socket(zmq::dealer);
    set(zmq::linger, 0);
    set(zmq::immediate, 1);  // nothing is queued for a server that is not there
    set(zmq::sndhwm, high_water);
    set(zmq::rcvhwm, high_water);
    set(zmq::reconnect_ivl, reconnect_ms);
    set(zmq::handshake_ivl, handshake_ms);
    set(zmq::ipv6, address.rfind("tcp://[", 0) == 0 ? 1 : 0);
    const std::int64_t most = limits::message_bytes;
    api_.setsockopt(socket_, zmq::maxmsgsize, &most, sizeof most);
    if (keys.given() && api_.has("curve") == 0) {
        close(0);
        return "this libzmq cannot encrypt: put the plugin's own library back";
    }
    if (keys.given() && !set_keys(keys)) {
        close(0);
        return "a security key is not 40 letters of Z85: copy the keys again";
    }
    const std::string events = "inproc://events" + std::to_string(++opened_);
    api_.socket_monitor(socket_, events.c_str(), monitored);
    monitor_ = context_.socket(zmq::pair);
    api_.connect(monitor_, events.c_str());
    if (api_.connect(socket_, address.c_str()) != 0) {
        close(0);
        return "'" + address + "' is no address to connect to; write tcp://127.0.0.1:5570";
    }
    return "";
}

void Socket::close(int linger_ms) {
    if (socket_ == nullptr) {
        return;
    }
    api_.socket_monitor(socket_, nullptr, 0);
    if (monitor_ != nullptr) {
        const int none = 0;
        api_.setsockopt(monitor_, zmq::linger, &none, sizeof none);
        api_.close(monitor_);
    }
    set(zmq::linger, linger_ms);
    api_.close(socket_);
    socket_ = monitor_ = nullptr;
}

bool Socket::send(Span part) {
    return socket_ != nullptr && api_.send(socket_, part.data, part.size, zmq::dontwait) >= 0;
}

int Socket::receive(std::array<Span, most_parts>& parts) {
    int count = 0;
    bool more = socket_ != nullptr;
    while (more) {
        // Parts beyond the last that is kept take its place.
        const auto place = static_cast<std::size_t>(count < most_parts ? count : most_parts - 1);
        zmq::Message& part = parts_[place];
        if (api_.msg_recv(&part, socket_, zmq::dontwait) < 0) {
            return 0;
        }
        parts[place] = {static_cast<const std::uint8_t*>(api_.msg_data(&part)), api_.msg_size(&part)};
        more = api_.msg_more(&part) != 0;
        count = count < most_parts ? count + 1 : count;
    }
    return count;
}

Socket::Event Socket::event() {
    zmq::Message message;
    api_.msg_init(&message);
    std::uint16_t number = 0;
    while (monitor_ != nullptr && number == 0 && api_.msg_recv(&message, monitor_, zmq::dontwait) >= 0) {
        // The first part is the event's number and a value, the second the address.
        if (api_.msg_more(&message) != 0) {
            std::memcpy(&number, api_.msg_data(&message), sizeof number);
            api_.msg_recv(&message, monitor_, 0);
        }
    }
    api_.msg_close(&message);
    switch (number) {
        case 0: return Event::none;
        case zmq::event_handshake_succeeded: return Event::connected;
        case zmq::event_handshake_failed_auth: return Event::key_refused;
        case zmq::event_handshake_failed_protocol: return Event::not_understood;
        default: return Event::disconnected;
    }
}

void Socket::wait(const Bell& bell, long timeout_ms) {
    std::array<zmq::PollItem, 3> items{};
    int count = 0;
    for (void* socket : {bell.heard_at(), socket_, monitor_}) {
        if (socket != nullptr) items[static_cast<std::size_t>(count++)] = {socket, 0, zmq::pollin, 0};
    }
    api_.poll(items.data(), count, timeout_ms);
}

}  // namespace facebridge
