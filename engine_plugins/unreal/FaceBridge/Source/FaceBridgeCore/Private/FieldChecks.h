// What each kind of field may hold; the same checks for what is sent and what has come.
#pragma once

#include "FaceBridge/Codec.h"

namespace facebridge {

// A field's place, for the text of a fault: "OPEN.size".
struct Where {
    std::string_view message;
    std::string_view field;
};

// Notes the fault and gives false.
bool refuse(Fault& fault, ErrorCode code, Where where, const std::string& text);

bool check_field(std::int64_t value, wire::Whole kind, Where where, Fault& fault);
bool check_field(double value, wire::Real kind, Where where, Fault& fault);
bool check_field(std::string_view value, wire::Text kind, Where where, Fault& fault);
bool check_field(std::string_view value, wire::Backdrop kind, Where where, Fault& fault);
bool check_field(const Light& value, wire::Direction kind, Where where, Fault& fault);
bool check_field(const std::vector<std::string>& values, wire::Names kind, Where where, Fault& fault);
bool check_field(const std::vector<std::int64_t>& values, wire::Sizes kind, Where where, Fault& fault);
bool check_field(const std::vector<NamedCount>& values, wire::Counts kind, Where where, Fault& fault);
bool check_field(const CurveValues& values, wire::CurveSet kind, Where where, Fault& fault);

inline bool check_field(bool, wire::Truth, Where, Fault&) { return true; }

// An enumeration holds none but the names there are.
template <class Enumeration>
bool check_field(Enumeration, wire::Choice, Where, Fault&) { return true; }

}  // namespace facebridge
