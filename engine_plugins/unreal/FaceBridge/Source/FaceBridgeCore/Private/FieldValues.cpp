#include "FieldValues.h"

#include <cstring>

namespace facebridge {
namespace {

using Type = PackValue::Type;

// The next value, which has to be of one type. Well-formed it is: the whole of part 0 has been read once before.
bool expect(PackReader& in, PackValue& value, Type type, const char* wanted, Where where, Fault& fault) {
    in.next(value);
    return value.type == type || refuse(fault, ErrorCode::bad_field, where, std::string("must be ") + wanted);
}

bool is_number(const PackValue& value) {
    return value.type == Type::whole || value.type == Type::beyond || value.type == Type::real;
}

double as_real(const PackValue& value) {
    return value.type == Type::whole ? static_cast<double>(value.whole) : value.real;
}

bool read_floats(std::string_view bytes, CurveValues& values, Where where, Fault& fault) {
    const std::size_t count = bytes.size() / sizeof(float);
    if (bytes.size() % sizeof(float) != 0 || count > values.floats.size()) {
        return refuse(fault, ErrorCode::bad_curves, where,
                      "must have 52 or 55 float32, not " + std::to_string(bytes.size()) + " bytes");
    }
    values.by_name = false;
    values.count = static_cast<int>(count);
    if (count > 0) {
        std::memcpy(values.floats.data(), bytes.data(), bytes.size());
    }
    return check_field(values, wire::curve_set, where, fault);
}

bool read_named(PackReader& in, std::uint32_t count, CurveValues& values, Where where, Fault& fault) {
    values.by_name = true;
    values.count = 0;
    values.named.resize(count);
    for (NamedValue& entry : values.named) {
        PackValue name;
        PackValue number;
        in.next(name);
        in.next(number);
        if (!is_number(number)) {
            return refuse(fault, ErrorCode::bad_curves, where,
                          "must be a number for " + std::string(name.bytes.substr(0, 64)));
        }
        entry.name.assign(name.bytes.data(), name.bytes.size());
        entry.value = as_real(number);
    }
    return check_field(values, wire::curve_set, where, fault);
}

}  // namespace

bool read_field(PackReader& in, std::int64_t& value, wire::Whole kind, Where where, Fault& fault) {
    PackValue read;
    in.next(read);
    if (read.type == Type::beyond) {
        return refuse(fault, ErrorCode::bad_field, where, "must be at most " + std::to_string(kind.high));
    }
    if (read.type != Type::whole) {
        return refuse(fault, ErrorCode::bad_field, where, "must be an integer");
    }
    value = read.whole;
    return check_field(value, kind, where, fault);
}

bool read_field(PackReader& in, double& value, wire::Real kind, Where where, Fault& fault) {
    PackValue read;
    in.next(read);
    if (!is_number(read)) {
        return refuse(fault, ErrorCode::bad_field, where, "must be a number");
    }
    value = as_real(read);
    return check_field(value, kind, where, fault);
}

bool read_field(PackReader& in, bool& value, wire::Truth, Where where, Fault& fault) {
    PackValue read;
    const bool fits = expect(in, read, Type::truth, "true or false", where, fault);
    value = read.truth;
    return fits;
}

bool read_field(PackReader& in, std::string& value, wire::Text kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::text, "a string", where, fault) || !check_field(read.bytes, kind, where, fault)) {
        return false;
    }
    value.assign(read.bytes.data(), read.bytes.size());
    return true;
}

bool read_field(PackReader& in, std::string& value, wire::Backdrop kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::text, "a string", where, fault) || !check_field(read.bytes, kind, where, fault)) {
        return false;
    }
    value.assign(read.bytes.data(), read.bytes.size());
    return true;
}

bool read_choice(PackReader& in, int& index, wire::Choice kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::text, "a string", where, fault)) {
        return false;
    }
    for (index = 0; index < kind.count; ++index) {
        if (kind.names[index] == read.bytes) return true;
    }
    return refuse(fault, ErrorCode::unsupported, where, "may not be " + std::string(read.bytes.substr(0, 64)));
}

bool read_field(PackReader& in, Light& value, wire::Direction kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::list, "a list", where, fault)) {
        return false;
    }
    if (read.count != 0 && read.count != 2) {
        return refuse(fault, ErrorCode::bad_field, where, "must be [azimuth, elevation] in degrees, or []");
    }
    value = Light();
    value.given = read.count == 2;
    constexpr wire::Real angle{-limits::light_azimuth, limits::light_azimuth};
    return !value.given ||
           (read_field(in, value.azimuth, angle, where, fault) && read_field(in, value.elevation, angle, where, fault) &&
            check_field(value, kind, where, fault));
}

bool read_field(PackReader& in, std::vector<std::string>& values, wire::Names, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::list, "a list", where, fault)) {
        return false;
    }
    values.resize(read.count);
    for (std::string& value : values) {
        if (!read_field(in, value, wire::name, where, fault)) return false;
    }
    return true;
}

bool read_field(PackReader& in, std::vector<std::int64_t>& values, wire::Sizes kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::list, "a list", where, fault)) {
        return false;
    }
    values.resize(read.count);
    for (std::int64_t& value : values) {
        if (!read_field(in, value, wire::size, where, fault)) return false;
    }
    return check_field(values, kind, where, fault);
}

bool read_field(PackReader& in, std::vector<NamedCount>& values, wire::Counts kind, Where where, Fault& fault) {
    PackValue read;
    if (!expect(in, read, Type::map, "a map", where, fault)) {
        return false;
    }
    values.resize(read.count);
    for (NamedCount& entry : values) {
        if (!read_field(in, entry.name, wire::name, where, fault) ||
            !read_field(in, entry.count, wire::whole, where, fault)) {
            return false;
        }
    }
    return check_field(values, kind, where, fault);
}

bool read_field(PackReader& in, CurveValues& values, wire::CurveSet, Where where, Fault& fault) {
    PackValue read;
    in.next(read);
    if (read.type == Type::binary) {
        return read_floats(read.bytes, values, where, fault);
    }
    if (read.type == Type::map) {
        return read_named(in, read.count, values, where, fault);
    }
    return refuse(fault, ErrorCode::bad_curves, where, "must be float32 bytes or a map");
}

}  // namespace facebridge
