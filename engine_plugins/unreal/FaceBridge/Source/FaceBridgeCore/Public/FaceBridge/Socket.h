// One DEALER that connects to a server, and what libzmq tells of its connection. For one thread; no call blocks but `wait`.
#pragma once

#include "FaceBridge/Bell.h"
#include "FaceBridge/MessagePack.h"
#include "FaceBridge/Settings.h"

#include <array>
#include <string>

namespace facebridge {

class FACEBRIDGECORE_API Socket {
public:
    static constexpr int most_parts = 3;  // kept of a message: one more than any has, for its fault

    enum class Event { none, connected, disconnected, key_refused, not_understood };

    explicit Socket(const Context& context);
    ~Socket();

    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    // Begins to connect. "" or, in one sentence, why that cannot be.
    std::string open(const std::string& address, const Keys& keys);

    // Closes; what was sent has `linger_ms` to leave.
    void close(int linger_ms);

    bool is_open() const { return socket_ != nullptr; }

    // False where the server is not connected or takes no more just now; nothing is queued then.
    bool send(Span part);

    // The parts of the next message, 0 where none has come. They stay until the next call.
    int receive(std::array<Span, most_parts>& parts);

    // The next piece of news about the connection.
    Event event();

    // Until there is something to read, or the bell rings, or the time is over.
    void wait(const Bell& bell, long timeout_ms);

private:
    bool set(int option, int value);
    bool set_keys(const Keys& keys);

    const Context& context_;
    const ZmqApi& api_;
    void* socket_ = nullptr;
    void* monitor_ = nullptr;
    int opened_ = 0;
    std::array<zmq::Message, most_parts> parts_;
};

}  // namespace facebridge
