#include "FaceBridge/Bell.h"

namespace facebridge {

Bell::Bell(const Context& context)
    : api_(context.api()), hearing_(context.socket(zmq::pair)), ringing_(context.socket(zmq::pair)) {
    api_.bind(hearing_, "inproc://bell");
    api_.connect(ringing_, "inproc://bell");
}

Bell::~Bell() {
    const int none = 0;
    for (void* socket : {ringing_, hearing_}) {
        api_.setsockopt(socket, zmq::linger, &none, sizeof none);
        api_.close(socket);
    }
}

void Bell::ring() {
    if (rung_.exchange(true)) {
        return;  // it rings already
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    api_.send(ringing_, "", 0, zmq::dontwait);
}

void Bell::hush() {
    zmq::Message message;
    api_.msg_init(&message);
    while (api_.msg_recv(&message, hearing_, zmq::dontwait) >= 0) {
    }
    api_.msg_close(&message);
    rung_ = false;  // what was put before this is looked at after it
}

}  // namespace facebridge
