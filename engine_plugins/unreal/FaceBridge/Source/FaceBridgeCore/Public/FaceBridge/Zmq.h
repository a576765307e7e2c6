// The functions and constants of libzmq's C interface that the core uses.
//
// The library is loaded when the plugin starts, not linked: so the build needs neither its headers nor an import library,
// and a missing library is a sentence to the user instead of a crash. A test compares the constants with zmq.h.
#pragma once

#include "FaceBridge/Api.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace facebridge {

namespace zmq {

constexpr int pair = 0;
constexpr int dealer = 5;

constexpr int maxmsgsize = 22;
constexpr int linger = 17;
constexpr int reconnect_ivl = 18;
constexpr int sndhwm = 23;
constexpr int rcvhwm = 24;
constexpr int immediate = 39;
constexpr int ipv6 = 42;
constexpr int curve_publickey = 48;
constexpr int curve_secretkey = 49;
constexpr int curve_serverkey = 50;
constexpr int handshake_ivl = 66;

constexpr int dontwait = 1;
constexpr int sndmore = 2;
constexpr int pollin = 1;

constexpr int event_disconnected = 0x0200;
constexpr int event_handshake_succeeded = 0x1000;
constexpr int event_handshake_failed_no_detail = 0x0800;
constexpr int event_handshake_failed_protocol = 0x2000;
constexpr int event_handshake_failed_auth = 0x4000;

// A message of libzmq: opaque, as large and as aligned as its zmq_msg_t.
struct Message {
    alignas(void*) unsigned char opaque[64];
};

struct PollItem {
    void* socket;
#if defined(_WIN64)
    unsigned long long fd;
#elif defined(_WIN32)
    unsigned int fd;
#else
    int fd;
#endif
    short events;
    short revents;
};

}  // namespace zmq

// Each member is the function `zmq_` + its name.
struct ZmqApi {
    void* (*ctx_new)() = nullptr;
    int (*ctx_term)(void* context) = nullptr;
    void* (*socket)(void* context, int type) = nullptr;
    int (*close)(void* socket) = nullptr;
    int (*setsockopt)(void* socket, int option, const void* value, std::size_t size) = nullptr;
    int (*connect)(void* socket, const char* address) = nullptr;
    int (*bind)(void* socket, const char* address) = nullptr;
    int (*send)(void* socket, const void* data, std::size_t size, int flags) = nullptr;
    int (*msg_init)(zmq::Message* message) = nullptr;
    int (*msg_recv)(zmq::Message* message, void* socket, int flags) = nullptr;
    int (*msg_close)(zmq::Message* message) = nullptr;
    void* (*msg_data)(zmq::Message* message) = nullptr;
    std::size_t (*msg_size)(const zmq::Message* message) = nullptr;
    int (*msg_more)(const zmq::Message* message) = nullptr;
    int (*poll)(zmq::PollItem* items, int count, long timeout_ms) = nullptr;
    int (*socket_monitor)(void* socket, const char* address, int events) = nullptr;
    int (*curve_public)(char* public_key, const char* secret_key) = nullptr;
    int (*has)(const char* capability) = nullptr;
    void (*version)(int* major, int* minor, int* patch) = nullptr;

    // Finds every function with `symbol`; "" or, in one sentence, what is wrong with the library.
    // Libraries older than 4.3.4 are refused: they have known holes.
    FACEBRIDGECORE_API std::string load(void* (*symbol)(void* library, const char* name), void* library);
};

}  // namespace facebridge
