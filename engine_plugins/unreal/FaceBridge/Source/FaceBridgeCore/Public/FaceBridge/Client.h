// The conduct of every client: connect, keep a stream open, send the newest curves, take the newest picture, come back by
// itself when the server does. For one thread, which calls `turn` again and again; nothing here blocks.
#pragma once

#include "FaceBridge/Codec.h"
#include "FaceBridge/Settings.h"
#include "FaceBridge/Socket.h"
#include "FaceBridge/Status.h"
#include "FaceBridge/Wishes.h"

#include <string>
#include <thread>

namespace facebridge {

// One frame of a performance, `count` floats in the order of the stream's basis.
struct CurveFrame {
    std::int64_t captured = 0;  // clock_now() when it was captured
    std::string timecode;       // up to 64 bytes; comes back with the picture
    std::array<float, most_curves> floats{};
    int count = most_curves;
};

// Where pictures go, in the thread of the client. `pixels` belong to the client and stay only for the call.
class PictureSink {
public:
    virtual void take(const Picture& picture, Span pixels) = 0;

protected:
    ~PictureSink() = default;
};

class FACEBRIDGECORE_API Client {
public:
    Client(const Context& context, PictureSink& sink);
    ~Client();

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Connects with these settings, or changes to them: at once and without a break where the protocol can. What was refused
    // is tried again, also with the same.
    void connect(const Settings& settings, std::int64_t now);

    // The frame to send next; one that has not been sent yet is replaced.
    void put(const CurveFrame& frame);

    // Reads and sends what there is to read and send.
    void turn(std::int64_t now);

    // Says good-bye and closes, at once. `connect` may follow.
    void disconnect();

    // The same for good: the state is then `closed`.
    void close();

    void wait(const Bell& bell, long timeout_ms) { socket_.wait(bell, timeout_ms); }

    const Status& status() const { return status_; }
    const Welcome& offer() const { return offer_; }  // of the last server that said WELCOME

private:
    enum class Phase { idle, greeting, opening, open, closing, pausing, refused, closed };

    void require_owner() const;
    void set(Phase phase, const std::string& reason = "");
    void tell_stream();
    void begin(std::int64_t now);
    void attempt(std::int64_t now);
    void lose(const std::string& reason, std::int64_t now);
    void refuse(const std::string& reason);
    void decline(const std::string& reason);
    void leave();

    void hear_events(std::int64_t now);
    void hear_messages(std::int64_t now);
    void hear(const Span* parts, int count, std::int64_t now);
    void on_welcome(const Welcome& welcome, std::int64_t now);
    void on_opened(const Opened& opened);
    void on_picture(const Picture& picture, Span pixels, std::int64_t now);
    void on_error(const Error& error, std::int64_t now);
    void on_close(const Close& close, std::int64_t now);

    void keep_time(std::int64_t now);
    void apply_settings();
    void open_stream();
    void change_stream();
    void send_frame(std::int64_t now);
    void count_pictures(std::int64_t now);

    // False where the message cannot be sent now, or not at all: then fault_ says why.
    template <class Message>
    bool send(const Message& message) {
        return encode(message, bytes_, fault_) && socket_.send({bytes_.data(), bytes_.size()});
    }

    PictureSink& sink_;
    Socket socket_;
    Decoder decoder_;
    Bytes bytes_;
    Fault fault_;

    Phase phase_ = Phase::idle;
    Settings wanted_;
    Wishes wishes_;
    bool connected_ = false;  // WELCOME has come
    bool asking_ = false;  // OPEN or CONTROL has not been answered yet
    Welcome offer_;
    std::int64_t stream_ = 0;

    Curves curves_;  // the frame to be sent
    bool fresh_ = false;
    double allowance_ = 0.0;  // frames that max_rate still allows
    std::int64_t allowed_at_ = 0;

    int failures_ = 0;
    bool greeted_ = false;
    int cut_ = 0;  // how often the server has cut this attempt before it was greeted
    std::int64_t attempt_began_ = 0;
    std::int64_t asked_at_ = 0;
    std::int64_t retry_at_ = 0;
    std::int64_t heard_at_ = 0;
    std::int64_t pinged_at_ = 0;

    Status status_;
    std::int64_t dropped_before_ = 0;  // in earlier streams
    std::int64_t counted_at_ = 0;
    int counted_ = 0;
    std::thread::id owner_ = std::this_thread::get_id();
};

}  // namespace facebridge
