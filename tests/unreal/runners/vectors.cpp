// Reads "STEM PARTS" lines from standard input and decodes STEM.0.bin and so on. A line of JSON answers each: the message,
// its fields and its canonical bytes in hexadecimal, or the error.
#include "FaceBridge/Codec.h"
#include "json_fields.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace facebridge::runners {
namespace {

Bytes file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string hexadecimal(const Bytes& bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        char pair[3];
        std::snprintf(pair, sizeof pair, "%02x", byte);
        text += pair;
    }
    return text;
}

template <class Message>
bool report(const Decoder& decoder) {
    const Message* message = decoder.get<Message>();
    if (message == nullptr) {
        return false;
    }
    Bytes bytes;
    Fault fault;
    encode(*message, bytes, fault);
    std::cout << "{\"message\": \"" << Message::wire_name << "\", \"fields\": " << JsonFields<Message>(*message).text()
              << ", \"bytes\": \"" << hexadecimal(bytes) << "\"}\n";
    return true;
}

template <class... Messages>
void report_any(const Decoder& decoder, const std::tuple<Messages...>*) {
    (report<Messages>(decoder) || ...);
}

void run(Decoder& decoder, const std::string& stem, int count) {
    std::vector<Bytes> parts;
    for (int part = 0; part < count; ++part) parts.push_back(file(stem + "." + std::to_string(part) + ".bin"));
    std::vector<Span> spans;
    for (const Bytes& part : parts) spans.push_back({part.data(), part.size()});
    Fault fault;
    if (decoder.decode(spans.data(), count, fault)) {
        report_any(decoder, static_cast<const Decoder::Every*>(nullptr));
    } else {
        std::cout << "{\"error\": \"" << error_name(fault.code) << "\", \"code\": " << static_cast<int>(fault.code)
                  << ", \"text\": " << json(fault.text) << "}\n";
    }
}

}  // namespace
}  // namespace facebridge::runners

int main() {
    facebridge::Decoder decoder;  // one for all, so that nothing of a message may linger in the next
    std::string stem;
    int count = 0;
    while (std::cin >> stem >> count) facebridge::runners::run(decoder, stem, count);
}
