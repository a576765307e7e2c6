// The messages, one struct each. A field's name is its key on the wire; times are microseconds.
//
// `fields` is the message's table: encoder and decoder both walk it. `required` must be there, `optional` has the
// member's initial value where it is missing, `perhaps` is not sent where it has no value.
#pragma once

#include "FaceBridge/Fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facebridge {

// Client to server, first of all: the versions it speaks, and the bases and codecs it can use (none: any).
struct Hello {
    static constexpr std::string_view wire_name = "HELLO";

    std::int64_t version_min = protocol_version;
    std::int64_t version_max = protocol_version;
    std::string client;
    std::vector<std::string> bases;
    std::vector<std::string> codecs;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("version_min", &Hello::version_min, wire::version);
        visit.required("version_max", &Hello::version_max, wire::version);
        visit.optional("client", &Hello::client, wire::label);
        visit.optional("bases", &Hello::bases, wire::names);
        visit.optional("codecs", &Hello::codecs, wire::names);
    }
};

// Server to client: the version spoken from now on, what can be had, and the limits. `max_message` in bytes,
// `max_rate` in CURVES per second and stream, `clock` in µs.
struct Welcome {
    static constexpr std::string_view wire_name = "WELCOME";

    std::int64_t version = 0;
    std::string server;
    std::string model;
    std::vector<std::string> bases;
    std::vector<std::string> codecs;
    std::vector<std::int64_t> sizes;
    std::vector<std::string> identities;
    std::int64_t max_message = 0;
    std::int64_t max_streams = 0;
    double max_rate = 0.0;
    std::int64_t max_credit = 0;
    std::int64_t clock = 0;
    std::vector<std::string> capabilities;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("version", &Welcome::version, wire::version);
        visit.required("server", &Welcome::server, wire::label);
        visit.required("model", &Welcome::model, wire::name);
        visit.required("bases", &Welcome::bases, wire::names);
        visit.required("codecs", &Welcome::codecs, wire::names);
        visit.required("sizes", &Welcome::sizes, wire::sizes);
        visit.required("identities", &Welcome::identities, wire::names);
        visit.required("max_message", &Welcome::max_message, wire::positive);
        visit.required("max_streams", &Welcome::max_streams, wire::positive);
        visit.required("max_rate", &Welcome::max_rate, wire::rate);
        visit.required("max_credit", &Welcome::max_credit, wire::credit);
        visit.required("clock", &Welcome::clock, wire::whole);
        visit.optional("capabilities", &Welcome::capabilities, wire::names);
    }
};

// Client to server: open a stream, one performer drawn as one identity. `size` in pixels, width and height.
struct Open {
    static constexpr std::string_view wire_name = "OPEN";

    std::int64_t stream = 0;
    std::string subject;
    std::string identity;
    std::string basis;
    std::int64_t size = 0;
    Codec codec = Codec::jpeg;
    RowOrder row_order = RowOrder::top;
    Delivery delivery = Delivery::newest;
    std::int64_t credit = 2;
    std::int64_t seed = 0;
    std::int64_t steps = 0;
    double expression_scale = 1.0;
    double reference_scale = 0.8;
    Light light;
    std::string backdrop;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Open::stream, wire::stream);
        visit.required("subject", &Open::subject, wire::label);
        visit.required("identity", &Open::identity, wire::name);
        visit.required("basis", &Open::basis, wire::name);
        visit.required("size", &Open::size, wire::size);
        visit.optional("codec", &Open::codec, wire::codec);
        visit.optional("row_order", &Open::row_order, wire::row_order);
        visit.optional("delivery", &Open::delivery, wire::delivery);
        visit.optional("credit", &Open::credit, wire::credit);
        visit.optional("seed", &Open::seed, wire::seed);
        visit.optional("steps", &Open::steps, wire::steps);
        visit.optional("expression_scale", &Open::expression_scale, wire::expression_scale);
        visit.optional("reference_scale", &Open::reference_scale, wire::reference_scale);
        visit.optional("light", &Open::light, wire::direction);
        visit.optional("backdrop", &Open::backdrop, wire::backdrop);
    }
};

// Server to client: the stream as it was granted, after OPEN and after each CONTROL.
struct Opened {
    static constexpr std::string_view wire_name = "OPENED";

    std::int64_t stream = 0;
    std::string identity;
    std::string basis;
    std::int64_t size = 0;
    Codec codec = Codec::jpeg;
    RowOrder row_order = RowOrder::top;
    Delivery delivery = Delivery::newest;
    std::int64_t credit = 2;
    std::int64_t seed = 0;
    std::int64_t steps = 0;
    double expression_scale = 1.0;
    double reference_scale = 0.8;
    std::string notice;
    Light light;
    std::string backdrop;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Opened::stream, wire::stream);
        visit.required("identity", &Opened::identity, wire::name);
        visit.required("basis", &Opened::basis, wire::name);
        visit.required("size", &Opened::size, wire::size);
        visit.required("codec", &Opened::codec, wire::codec);
        visit.required("row_order", &Opened::row_order, wire::row_order);
        visit.required("delivery", &Opened::delivery, wire::delivery);
        visit.required("credit", &Opened::credit, wire::credit);
        visit.required("seed", &Opened::seed, wire::seed);
        visit.required("steps", &Opened::steps, wire::steps);
        visit.required("expression_scale", &Opened::expression_scale, wire::expression_scale);
        visit.optional("reference_scale", &Opened::reference_scale, wire::reference_scale);
        visit.optional("notice", &Opened::notice, wire::sentence);
        visit.optional("light", &Opened::light, wire::direction);
        visit.optional("backdrop", &Opened::backdrop, wire::backdrop);
    }
};

// Client to server: one frame of a performance. `captured` is the sender's clock, µs; timecode "" is none.
struct Curves {
    static constexpr std::string_view wire_name = "CURVES";

    std::int64_t stream = 0;
    std::int64_t sequence = 0;
    std::int64_t captured = 0;
    std::string timecode;
    CurveValues values;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Curves::stream, wire::stream);
        visit.required("sequence", &Curves::sequence, wire::whole);
        visit.required("captured", &Curves::captured, wire::whole);
        visit.required("timecode", &Curves::timecode, wire::label);
        visit.required("values", &Curves::values, wire::curve_set);
    }
};

// Server to client: the picture of one frame; its pixels are part 1. `received`, `taken`, `drawn` and `sent` are the
// server's clock, µs.
struct Picture {
    static constexpr std::string_view wire_name = "PICTURE";

    std::int64_t stream = 0;
    std::int64_t sequence = 0;
    std::int64_t captured = 0;
    std::string timecode;
    std::int64_t width = 0;
    std::int64_t height = 0;
    Codec codec = Codec::jpeg;
    RowOrder row_order = RowOrder::top;
    bool repeated = false;
    std::int64_t dropped = 0;
    std::int64_t received = 0;
    std::int64_t taken = 0;
    std::int64_t drawn = 0;
    std::int64_t sent = 0;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Picture::stream, wire::stream);
        visit.required("sequence", &Picture::sequence, wire::whole);
        visit.required("captured", &Picture::captured, wire::whole);
        visit.required("timecode", &Picture::timecode, wire::label);
        visit.required("width", &Picture::width, wire::size);
        visit.required("height", &Picture::height, wire::size);
        visit.required("codec", &Picture::codec, wire::codec);
        visit.required("row_order", &Picture::row_order, wire::row_order);
        visit.required("repeated", &Picture::repeated, wire::truth);
        visit.required("dropped", &Picture::dropped, wire::whole);
        visit.required("received", &Picture::received, wire::whole);
        visit.required("taken", &Picture::taken, wire::whole);
        visit.required("drawn", &Picture::drawn, wire::whole);
        visit.required("sent", &Picture::sent, wire::whole);
    }
};

// Client to server: every picture up to and including `sequence` has arrived.
struct Ack {
    static constexpr std::string_view wire_name = "ACK";

    std::int64_t stream = 0;
    std::int64_t sequence = 0;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Ack::stream, wire::stream);
        visit.required("sequence", &Ack::sequence, wire::whole);
    }
};

// Client to server: change a stream while it runs. What is absent stays as it is.
struct Control {
    static constexpr std::string_view wire_name = "CONTROL";

    std::int64_t stream = 0;
    std::optional<std::string> identity;
    std::optional<double> expression_scale;
    std::optional<std::int64_t> steps;
    std::optional<std::int64_t> seed;
    bool reset = false;
    std::optional<double> reference_scale;
    std::optional<Light> light;
    std::optional<std::string> backdrop;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Control::stream, wire::stream);
        visit.perhaps("identity", &Control::identity, wire::name);
        visit.perhaps("expression_scale", &Control::expression_scale, wire::expression_scale);
        visit.perhaps("steps", &Control::steps, wire::steps);
        visit.perhaps("seed", &Control::seed, wire::seed);
        visit.optional("reset", &Control::reset, wire::truth);
        visit.perhaps("reference_scale", &Control::reference_scale, wire::reference_scale);
        visit.perhaps("light", &Control::light, wire::direction);
        visit.perhaps("backdrop", &Control::backdrop, wire::backdrop);
    }
};

// Client to server: ask for the counters.
struct StatsRequest {
    static constexpr std::string_view wire_name = "STATS";

    template <class Visit>
    static void fields(Visit&) {}
};

// Server to client: counters of the whole server since it started; `uptime` in µs.
struct Stats {
    static constexpr std::string_view wire_name = "STATS";

    std::int64_t clients = 0;
    std::int64_t streams = 0;
    std::int64_t received = 0;
    std::int64_t drawn = 0;
    std::int64_t repeated = 0;
    std::int64_t dropped = 0;
    std::int64_t rejected = 0;
    std::int64_t sent = 0;
    std::int64_t uptime = 0;
    std::vector<NamedCount> errors;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("clients", &Stats::clients, wire::whole);
        visit.required("streams", &Stats::streams, wire::whole);
        visit.required("received", &Stats::received, wire::whole);
        visit.required("drawn", &Stats::drawn, wire::whole);
        visit.required("repeated", &Stats::repeated, wire::whole);
        visit.required("dropped", &Stats::dropped, wire::whole);
        visit.required("rejected", &Stats::rejected, wire::whole);
        visit.required("sent", &Stats::sent, wire::whole);
        visit.required("uptime", &Stats::uptime, wire::whole);
        visit.required("errors", &Stats::errors, wire::counts);
    }
};

// Either way: are you there? `sent` is the sender's clock, µs.
struct Ping {
    static constexpr std::string_view wire_name = "PING";

    std::int64_t sent = 0;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("sent", &Ping::sent, wire::whole);
    }
};

// The answer to PING: `sent` as it came, and the answering side's clock on arrival and on leaving, µs.
struct Pong {
    static constexpr std::string_view wire_name = "PONG";

    std::int64_t sent = 0;
    std::int64_t received = 0;
    std::int64_t replied = 0;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("sent", &Pong::sent, wire::whole);
        visit.required("received", &Pong::received, wire::whole);
        visit.required("replied", &Pong::replied, wire::whole);
    }
};

// Server to client: a refusal. After a fatal one the server has forgotten the client.
struct Error {
    static constexpr std::string_view wire_name = "ERROR";

    std::int64_t code = 0;
    std::string name;
    std::string text;
    std::int64_t stream = -1;
    std::int64_t sequence = -1;
    bool fatal = false;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("code", &Error::code, wire::error_number);
        visit.required("name", &Error::name, wire::name);
        visit.required("text", &Error::text, wire::sentence);
        visit.optional("stream", &Error::stream, wire::maybe_stream);
        visit.optional("sequence", &Error::sequence, wire::maybe_sequence);
        visit.optional("fatal", &Error::fatal, wire::truth);
    }
};

// Client to server: end a stream; the server sends it back when nothing more will come of it.
struct Close {
    static constexpr std::string_view wire_name = "CLOSE";

    std::int64_t stream = 0;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.required("stream", &Close::stream, wire::stream);
    }
};

// Either way: the connection ends.
struct Bye {
    static constexpr std::string_view wire_name = "BYE";

    std::string reason;

    template <class Visit>
    static void fields(Visit& visit) {
        visit.optional("reason", &Bye::reason, wire::sentence);
    }
};

}  // namespace facebridge
