// A client that performs at 60 Hz until it is told to end: perform LIBZMQ ADDRESS IDENTITY
#include "FaceBridge/Link.h"
#include "loaded_zmq.h"

#include <cmath>
#include <csignal>

namespace {

volatile std::sig_atomic_t ended = 0;

class Ignored final : public facebridge::PictureSink {
public:
    void take(const facebridge::Picture&, facebridge::Span) override {}
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: perform LIBZMQ ADDRESS IDENTITY\n", stderr);
        return 2;
    }
    std::signal(SIGTERM, [](int) { ended = 1; });
    const facebridge::ZmqApi api = facebridge::runners::loaded_zmq(arguments[1]);
    Ignored sink;
    facebridge::Link link(api, sink);
    std::thread thread([&link] { link.run(); });
    facebridge::Settings settings;
    settings.address = arguments[2];
    settings.identity = arguments[3];
    settings.size = 128;
    link.connect(settings);
    facebridge::CurveFrame frame;
    while (ended == 0) {
        frame.captured = facebridge::clock_now();
        frame.floats[17] = static_cast<float>(std::fabs(std::sin(static_cast<double>(frame.captured) / 1e6)));
        link.put(frame);
        std::this_thread::sleep_for(std::chrono::microseconds(16667));
    }
    link.stop();
    thread.join();
}
