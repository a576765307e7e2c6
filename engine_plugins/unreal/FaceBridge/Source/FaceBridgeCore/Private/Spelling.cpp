#include "FaceBridge/Spelling.h"

#include <cctype>
#include <string>

namespace facebridge {
namespace {

std::string plain(std::string_view name) {
    std::string letters;
    for (const char letter : name) {
        if (std::isalnum(static_cast<unsigned char>(letter))) {
            letters += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        }
    }
    return letters;
}

bool ends_with_side(std::string_view name, char side) {
    if (name.size() < 3) {
        return false;
    }
    const char last = name[name.size() - 1];
    const char before = name[name.size() - 2];
    const bool apart = before == '_' || before == '-' || before == '.' || before == ' ';
    const bool capital_after_small = std::isupper(static_cast<unsigned char>(last)) && std::islower(static_cast<unsigned char>(before));
    return std::tolower(static_cast<unsigned char>(last)) == side && (apart || capital_after_small);
}

// Without what stands before the last point, and with its side written out.
std::string normal(std::string_view name) {
    const bool left = ends_with_side(name, 'l');
    const bool right = ends_with_side(name, 'r');
    std::string_view stem = left || right ? name.substr(0, name.size() - 2 + (name[name.size() - 2] >= 'a' ? 1 : 0)) : name;
    stem = stem.substr(stem.rfind('.') == std::string_view::npos ? 0 : stem.rfind('.') + 1);
    return plain(stem) + (left ? "left" : right ? "right" : "");
}

}  // namespace

int spelt_curve(Basis basis, std::string_view name) {
    const int exact = curve_index(basis, name);
    if (exact >= 0) {
        return exact;
    }
    const std::string wanted = normal(name);
    const CurveNames curves = curves_of(basis);
    for (int index = 0; index < curves.count; ++index) {
        if (plain(curves.names[index]) == wanted) return index;
    }
    return -1;
}

}  // namespace facebridge
