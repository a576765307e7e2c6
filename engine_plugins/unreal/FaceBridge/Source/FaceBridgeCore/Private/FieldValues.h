// One value off the wire into a field: its type here, its range in FieldChecks.
#pragma once

#include "FieldChecks.h"

#include <optional>

namespace facebridge {

bool read_field(PackReader& in, std::int64_t& value, wire::Whole kind, Where where, Fault& fault);
bool read_field(PackReader& in, double& value, wire::Real kind, Where where, Fault& fault);
bool read_field(PackReader& in, bool& value, wire::Truth kind, Where where, Fault& fault);
bool read_field(PackReader& in, std::string& value, wire::Text kind, Where where, Fault& fault);
bool read_field(PackReader& in, std::string& value, wire::Backdrop kind, Where where, Fault& fault);
bool read_field(PackReader& in, Light& value, wire::Direction kind, Where where, Fault& fault);
bool read_field(PackReader& in, std::vector<std::string>& values, wire::Names kind, Where where, Fault& fault);
bool read_field(PackReader& in, std::vector<std::int64_t>& values, wire::Sizes kind, Where where, Fault& fault);
bool read_field(PackReader& in, std::vector<NamedCount>& values, wire::Counts kind, Where where, Fault& fault);
bool read_field(PackReader& in, CurveValues& values, wire::CurveSet kind, Where where, Fault& fault);

// The place of a name among those of `kind`.
bool read_choice(PackReader& in, int& index, wire::Choice kind, Where where, Fault& fault);

template <class Enumeration>
bool read_field(PackReader& in, Enumeration& value, wire::Choice kind, Where where, Fault& fault) {
    int index = 0;
    if (!read_choice(in, index, kind, where, fault)) {
        return false;
    }
    value = static_cast<Enumeration>(index);
    return true;
}

}  // namespace facebridge
