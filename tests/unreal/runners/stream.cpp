// A link to a real server, told what to do by lines on standard input; each is answered by one line of JSON.
//
//   connect KEY VALUE ...   connect, or change the settings named (an empty value is written -)
//   until STATE             wait for a state
//   words TEXT              wait until the status text holds TEXT
//   draw CURVE VALUE ...    send frames of these curves until a picture of one of them is there
//   disconnect | status | offer
//   churn COUNT ADDRESS     make and dispose of links, each connecting
//   steady COUNT            exchange frames, and count the calls of operator new in the link's thread
#include "FaceBridge/Link.h"
#include "counted_new.h"
#include "json_fields.h"
#include "loaded_zmq.h"

#include <condition_variable>
#include <iostream>
#include <memory>
#include <sstream>

namespace facebridge::runners {
namespace {

constexpr auto patience = std::chrono::seconds(60);

// The last picture, for the thread that asks for it.
class LastPicture final : public PictureSink {
public:
    void take(const Picture& picture, Span pixels) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        picture_ = picture;
        pixels_.assign(pixels.data, pixels.data + pixels.size);
        allocations_ = allocations;
        came_.notify_all();
    }

    // Waits a little for a picture of frame `sequence` or later.
    bool wait(std::int64_t captured) {
        std::unique_lock<std::mutex> lock(mutex_);
        return came_.wait_for(lock, std::chrono::milliseconds(50), [&] { return picture_.captured >= captured; });
    }

    std::string text() const {
        static const char digits[] = "0123456789abcdef";
        std::string pixels;
        for (const std::uint8_t byte : pixels_) {
            pixels += digits[byte >> 4];
            pixels += digits[byte & 15];
        }
        return "{\"picture\": " + JsonFields<Picture>(picture_).text() + ", \"pixels\": \"" + pixels + "\"}";
    }

    long allocated() const { return allocations_; }

private:
    mutable std::mutex mutex_;
    std::condition_variable came_;
    Picture picture_;
    Bytes pixels_;
    long allocations_ = 0;
};

class Linked {
public:
    explicit Linked(const ZmqApi& api) : link_(api, last_), thread_([this] { link_.run(); }) {}
    ~Linked() {
        link_.stop();
        thread_.join();
    }

    void connect(std::istringstream& words);
    std::string draw(std::istringstream& words);
    std::string status() const;
    std::string offer() const;
    std::string until(const std::string& state, const std::string& words) const;
    std::string steady(int count);
    void connect(const Settings& settings) { link_.connect(settings); }
    void disconnect() { link_.disconnect(); }

private:
    bool draw_frame();

    LastPicture last_;
    Link link_;
    Settings settings_;
    CurveFrame frame_;
    std::thread thread_;
};

void Linked::connect(std::istringstream& words) {
    std::string key;
    std::string value;
    while (words >> key >> value) {
        value = value == "-" ? "" : value;
        if (key == "address") settings_.address = value;
        if (key == "identity") settings_.identity = value;
        if (key == "size") settings_.size = std::stoll(value);
        if (key == "codec") settings_.codec = static_cast<Codec>(std::stoi(value));
        if (key == "subject") settings_.subject = value;
        if (key == "backdrop") settings_.backdrop = value;
        if (key == "seed") settings_.seed = std::stoll(value);
        if (key == "server_key") settings_.keys.server_public = value;
        if (key == "secret_key") settings_.keys.client_secret = value;
    }
    link_.connect(settings_);
}

bool Linked::draw_frame() {
    const std::int64_t captured = clock_now();
    for (const auto deadline = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < deadline;) {
        frame_.captured = clock_now();
        link_.put(frame_);
        if (last_.wait(captured)) return true;
    }
    return false;
}

std::string Linked::draw(std::istringstream& words) {
    frame_.floats.fill(0.0F);
    frame_.timecode = "10:20:30:12.500";
    std::string name;
    float value = 0.0F;
    while (words >> name >> value) {
        frame_.floats[static_cast<std::size_t>(curve_index(Basis::arkit55, name))] = value;
    }
    return draw_frame() ? last_.text() : "{\"fault\": \"no picture has come\"}";
}

std::string Linked::status() const {
    Status status;
    link_.read(status);
    const Colour colour = status_colour(status);
    std::ostringstream text;
    text << "{\"state\": \"" << state_name(status.state) << "\", \"text\": " << json(status.text) << ", \"colour\": ["
         << int{colour.red} << ", " << int{colour.green} << ", " << int{colour.blue} << "], \"pictures\": " << status.pictures
         << ", \"dropped\": " << status.dropped << ", \"repeated\": " << status.repeated
         << ", \"sequence\": " << status.sequence << ", \"connections\": " << status.connections
         << ", \"latency\": [" << status.latency.total << ", " << status.latency.transport << ", " << status.latency.wait
         << ", " << status.latency.generate << ", " << status.latency.encode << "]}";
    return text.str();
}

std::string Linked::offer() const {
    Welcome offer;
    link_.read(offer);
    return JsonFields<Welcome>(offer).text();
}

std::string Linked::until(const std::string& state, const std::string& words) const {
    Status now;
    for (const auto deadline = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < deadline;) {
        link_.read(now);
        const bool there = state.empty() || state == state_name(now.state);
        if (there && now.text.find(words) != std::string::npos) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return status();
}

std::string Linked::steady(int count) {
    const auto exchange = [&] {
        for (int frame = 0; frame < count; ++frame) {
            frame_.floats[17] = static_cast<float>(frame % 100) / 100.0F;
            draw_frame();
        }
    };
    // Until every buffer has its size: for the largest of these pictures, and for the PING and PONG of each second.
    const auto warm = std::chrono::steady_clock::now() + std::chrono::milliseconds(2200);
    do exchange(); while (std::chrono::steady_clock::now() < warm);
    const long before = last_.allocated();
    exchange();
    return "{\"allocations\": " + std::to_string(last_.allocated() - before) + "}";
}

std::string churn(const ZmqApi& api, int count, const std::string& address) {
    Settings settings;
    settings.address = address;
    int ended = 0;
    for (int round = 0; round < count; ++round) {
        const auto linked = std::make_unique<Linked>(api);
        linked->connect(settings);
        if (round % 2) linked->until("Streaming", "");  // every other one is disposed of while it connects
        ++ended;
    }
    return "{\"ended\": " + std::to_string(ended) + "}";
}

std::string dispose(const ZmqApi& api, int count, const std::string& address) {
    Settings settings;
    settings.address = address;
    for (int round = 0; round < count; ++round) std::make_unique<Linked>(api)->connect(settings);
    return "{\"ended\": " + std::to_string(count) + "}";
}

std::string perform(const std::string& line, const ZmqApi& api, Linked& linked) {
    std::istringstream words(line);
    std::string order;
    std::string text;
    int count = 0;
    words >> order;
    if (order == "connect") linked.connect(words);
    if (order == "disconnect") linked.disconnect();
    if (order == "draw") return linked.draw(words);
    if (order == "offer") return linked.offer();
    if (order == "until" && words >> text) return linked.until(text, "");
    if (order == "words") return linked.until("", line.substr(6));
    if (order == "steady" && words >> count) return linked.steady(count);
    if (order == "churn" && words >> count >> text) return churn(api, count, text);
    if (order == "dispose" && words >> count >> text) return dispose(api, count, text);
    return linked.status();
}

}  // namespace
}  // namespace facebridge::runners

int main(int, char** arguments) {
    const facebridge::ZmqApi api = facebridge::runners::loaded_zmq(arguments[1]);
    facebridge::runners::Linked linked(api);
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << facebridge::runners::perform(line, api, linked) << std::endl;
    }
}
