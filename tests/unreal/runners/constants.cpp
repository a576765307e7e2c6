// Prints the core's constants as registry.json has them, and for each argument the curve of arkit55 that it spells.
#include "FaceBridge/Spelling.h"
#include "json_fields.h"

#include <iostream>

namespace facebridge::runners {
namespace {

template <class Names>
std::string list(const Names& names) {
    std::vector<std::string> texts;
    for (const std::string_view name : names) texts.emplace_back(name);
    return json(texts);
}

void print() {
    std::cout << "{\"version\": " << protocol_version << ", \"bases\": " << list(basis_names)
              << ", \"codecs\": " << list(codec_names) << ", \"bytes_per_pixel\": [";
    for (std::size_t codec = 0; codec < 3; ++codec) std::cout << (codec ? ", " : "") << codec_bytes_per_pixel[codec];
    std::cout << "], \"row_orders\": " << list(row_order_names) << ", \"deliveries\": " << list(delivery_names)
              << ", \"capabilities\": " << list(capability_names);
    for (std::size_t basis = 0; basis < 3; ++basis) {
        std::cout << ", \"" << basis_names[basis] << "\": " << list(curves_of(static_cast<Basis>(basis)));
    }
    std::cout << ", \"errors\": [";
    for (int code = 1; !error_name(static_cast<ErrorCode>(code)).empty(); ++code) {
        std::cout << (code > 1 ? ", " : "") << json(std::string(error_name(static_cast<ErrorCode>(code))));
    }
    std::cout << "], \"limits\": {";
#define LIMIT(name) "\"" #name "\": " << limits::name
    std::cout << LIMIT(header_bytes) << ", " << LIMIT(message_bytes) << ", " << LIMIT(nesting) << ", " << LIMIT(entries)
              << ", " << LIMIT(name_bytes) << ", " << LIMIT(text_bytes) << ", " << LIMIT(curve_names) << ", "
              << LIMIT(curve_magnitude) << ", " << LIMIT(integer) << ", " << LIMIT(stream) << ", " << LIMIT(size) << ", "
              << LIMIT(credit) << ", " << LIMIT(seed) << ", " << LIMIT(steps) << ", " << LIMIT(expression_scale) << ", "
              << LIMIT(reference_scale) << ", " << LIMIT(light_azimuth) << ", " << LIMIT(light_above) << ", "
              << LIMIT(light_below) << ", " << LIMIT(rate) << "}";
}

}  // namespace
}  // namespace facebridge::runners

int main(int count, char** arguments) {
    using namespace facebridge;
    runners::print();
    std::vector<std::string> spelt;
    for (int argument = 1; argument < count; ++argument) {
        const int place = spelt_curve(Basis::arkit55, arguments[argument]);
        spelt.emplace_back(place < 0 ? "" : curves_of(Basis::arkit55).names[place]);
    }
    std::cout << ", \"spelt\": " << runners::json(spelt) << "}\n";
}
