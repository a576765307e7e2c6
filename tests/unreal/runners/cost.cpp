// What the core itself costs, to a peer in the same process over ipc: cost LIBZMQ [ROUNDS]. Prints medians as JSON:
// encode and send CURVES in µs; send, receive and decode a PICTURE of 512 x 512 rgba32 in ms; and calls of operator new.
#include "FaceBridge/Codec.h"
#include "FaceBridge/Socket.h"
#include "FaceBridge/Status.h"
#include "counted_new.h"
#include "loaded_zmq.h"

#include <algorithm>
#include <cstdio>

namespace facebridge::runners {
namespace {

constexpr int side = 512;

// The peer: a DEALER that listens.
class Peer {
public:
    Peer(const Context& context, const char* address) : api_(context.api()), socket_(context.socket(zmq::dealer)) {
        api_.bind(socket_, address);
        api_.msg_init(&message_);
    }
    ~Peer() {
        api_.msg_close(&message_);
        api_.close(socket_);
    }
    void send(const Bytes& header, const Bytes& pixels) {
        api_.send(socket_, header.data(), header.size(), zmq::sndmore);
        api_.send(socket_, pixels.data(), pixels.size(), 0);
    }
    void receive() { api_.msg_recv(&message_, socket_, 0); }

private:
    const ZmqApi& api_;
    void* socket_;
    zmq::Message message_;
};

double median(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double microseconds(std::chrono::steady_clock::time_point since) {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - since).count();
}

void measure(const ZmqApi& api, std::size_t rounds) {
    const Context context(api);
    const std::string address = "ipc:///tmp/facebridge-cost-" + std::to_string(clock_now());
    Peer peer(context, address.c_str());
    Socket socket(context);
    socket.open(address, Keys());
    Bytes header;
    Bytes bytes;
    Fault fault;
    Picture picture;
    picture.width = picture.height = side;
    picture.codec = Codec::rgba32;
    picture.timecode = "10:20:30:12";
    encode(picture, header, fault);
    const Bytes pixels(side * side * 4, 128);
    Curves curves;
    curves.values.count = most_curves;
    Decoder decoder;
    std::array<Span, Socket::most_parts> parts;
    std::vector<double> sending(rounds);
    std::vector<double> receiving(rounds);
    long allocated = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        if (round == rounds / 10) allocated = allocations;
        auto began = std::chrono::steady_clock::now();
        curves.sequence = static_cast<std::int64_t>(round);
        encode(curves, bytes, fault);
        while (!socket.send({bytes.data(), bytes.size()})) {
        }
        sending[round] = microseconds(began);
        peer.receive();
        began = std::chrono::steady_clock::now();
        peer.send(header, pixels);
        int count = 0;
        while (count == 0) count = socket.receive(parts);
        if (!decoder.decode(parts.data(), count, fault)) std::abort();
        receiving[round] = microseconds(began);
    }
    allocated = allocations - allocated;
    std::printf("{\"send_us\": %.2f, \"receive_ms\": %.4f, \"allocations\": %ld, \"rounds\": %zu}\n", median(sending),
                median(receiving) / 1000, allocated, rounds);
}

}  // namespace
}  // namespace facebridge::runners

int main(int count, char** arguments) {
    const facebridge::ZmqApi api = facebridge::runners::loaded_zmq(arguments[1]);
    facebridge::runners::measure(api, count > 2 ? static_cast<std::size_t>(std::atoi(arguments[2])) : 2000);
}
