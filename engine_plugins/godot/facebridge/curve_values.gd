# The field `values` of CURVES: an array in the order of a basis, packed as float32, or a dictionary by name.
extends "fields.gd".Kind

const CurveNames = preload("curve_names.gd")

const COUNTS = [52, 55]
const MAGNITUDE = 100.0
const MOST_NAMES = 256

var _known := CurveNames.all()


func fault(value) -> Dictionary:
	match typeof(value):
		TYPE_DICTIONARY:
			return _fault_of_names(value)
		TYPE_RAW_ARRAY:
			var is_whole: bool = value.size() % 4 == 0 and value.size() / 4 in COUNTS
			return _fault_of_list(_floats(value)) if is_whole else _bad("must have 52 or 55 float32")
		TYPE_ARRAY:
			return _fault_of_list(value) if value.size() in COUNTS else _bad("must have 52 or 55 numbers")
	return _bad("must be float32 bytes or a map")


func fault_on_wire(value) -> Dictionary:
	return _bad("must be float32 bytes or a map") if typeof(value) == TYPE_ARRAY else fault(value)


# A list of floats, or a dictionary.
func held(value):
	match typeof(value):
		TYPE_RAW_ARRAY:
			return _floats(value)
		TYPE_DICTIONARY:
			var values := {}
			for name in value:
				values[name] = float(value[name])
			return values
	return value


func packed(value):
	if typeof(value) != TYPE_ARRAY:
		return held(value)
	var buffer := StreamPeerBuffer.new()
	for number in value:
		buffer.put_float(number)
	return buffer.data_array


func _floats(bytes: PoolByteArray) -> Array:
	var buffer := StreamPeerBuffer.new()
	buffer.data_array = bytes
	var list := []
	for _place in bytes.size() / 4:
		list.append(buffer.get_float())
	return list


func _fault_of_list(list: Array) -> Dictionary:
	for number in list:
		if not _is_good(number):
			return _bad("must be finite numbers within %s" % MAGNITUDE)
	return {}


func _fault_of_names(values: Dictionary) -> Dictionary:
	if values.size() > MOST_NAMES:
		return _bad("may have %d names" % MOST_NAMES)
	var is_known := values.empty()
	for name in values:
		if typeof(name) != TYPE_STRING or not _is_good(values[name]):
			return _bad("must name each curve once, and give finite numbers within %s" % MAGNITUDE)
		is_known = is_known or _known.has(name)
	return {} if is_known else _bad("names no curve of any basis")


func _is_good(number) -> bool:
	return typeof(number) in [TYPE_INT, TYPE_REAL] and number >= -MAGNITUDE and number <= MAGNITUDE


func _bad(text: String) -> Dictionary:
	return bad(text, "bad_curves")
