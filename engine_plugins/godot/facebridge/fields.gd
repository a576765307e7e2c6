# The kinds of field a message can have. A kind tells what is wrong with a value, and turns a good one into what a
# message holds (`held`) or into what is packed (`packed`).
extends Reference


class Kind:
	# {} where the value will do, else `error`, a name of the registry, and `text`.
	func fault(_value) -> Dictionary:
		return {}

	# The same for a value as it was unpacked.
	func fault_on_wire(value) -> Dictionary:
		return fault(value)

	func held(value):
		return value

	func packed(value):
		return held(value)

	func bad(text: String, error := "bad_field") -> Dictionary:
		return {"error": error, "text": text}


class Whole:
	extends Kind
	var low: int
	var high: int

	func _init(low_: int, high_: int) -> void:
		low = low_
		high = high_

	func fault(value) -> Dictionary:
		if typeof(value) == TYPE_INT and value >= low and value <= high:
			return {}
		return bad("must be an integer from %d to %d" % [low, high])


class Number:
	extends Kind
	var low: float
	var high: float

	func _init(low_: float, high_: float) -> void:
		low = low_
		high = high_

	func fault(value) -> Dictionary:
		# NaN compares false, so the comparison finds it too.
		if typeof(value) in [TYPE_INT, TYPE_REAL] and value >= low and value <= high:
			return {}
		return bad("must be a finite number from %s to %s" % [low, high])

	func held(value):
		return float(value)


class Truth:
	extends Kind

	func fault(value) -> Dictionary:
		return {} if typeof(value) == TYPE_BOOL else bad("must be true or false")


class Text:
	extends Kind
	var low: int
	var high: int

	func _init(low_: int, high_: int) -> void:
		low = low_
		high = high_

	func fault(value) -> Dictionary:
		if typeof(value) != TYPE_STRING:
			return bad("must be a string")
		var size: int = value.to_utf8().size()
		return {} if size >= low and size <= high else bad("must have from %d to %d bytes, not %d" % [low, high, size])


class Choice:
	extends Kind
	var names: Array

	func _init(names_: Array) -> void:
		names = names_

	func fault(value) -> Dictionary:
		if typeof(value) != TYPE_STRING:
			return bad("must be a string")
		return {} if value in names else bad("must be one of %s" % PoolStringArray(names).join(", "), "unsupported")


class Several:
	extends Kind
	var kind: Kind
	var low: int

	func _init(kind_: Kind, low_ := 0) -> void:
		kind = kind_
		low = low_

	func fault(value) -> Dictionary:
		if typeof(value) != TYPE_ARRAY or value.size() < low:
			return bad("must be a list of at least %d entries" % low)
		for entry in value:
			var found := kind.fault(entry)
			if found:
				return found
		return {}

	func held(value):
		var list := []
		for entry in value:
			list.append(kind.held(entry))
		return list


# [azimuth, elevation] in degrees, or [].
class Direction:
	extends Several
	var azimuth := Number.new(-90, 90)
	var elevation := Number.new(-30, 90)

	func _init().(Number.new(-90, 90)) -> void:
		pass

	func fault(value) -> Dictionary:
		if typeof(value) != TYPE_ARRAY or not value.size() in [0, 2]:
			return bad("must be [azimuth, elevation] in degrees, or []")
		if value.empty() or not (azimuth.fault(value[0]) or elevation.fault(value[1])):
			return {}
		return bad("must be an azimuth of -90 to 90 and an elevation of -30 to 90 degrees")


# "#rrggbb", "transparent" or "".
class Backdrop:
	extends Kind

	func fault(value) -> Dictionary:
		if typeof(value) == TYPE_STRING and (value in ["", "transparent"] or _is_colour(value)):
			return {}
		return bad('must be "#rrggbb", "transparent" or ""')

	func _is_colour(value: String) -> bool:
		if value.length() != 7 or value[0] != "#":
			return false
		for digit in value.substr(1).to_lower():
			if not digit in "0123456789abcdef":
				return false
		return true


# A map from names to counts.
class Counts:
	extends Kind
	var name := Text.new(1, 64)
	var count := Whole.new(0, 0x7fffffffffffffff)

	func fault(value) -> Dictionary:
		if typeof(value) != TYPE_DICTIONARY:
			return bad("must be a map")
		for key in value:
			if name.fault(key) or count.fault(value[key]):
				return bad("must have names of 1 to 64 bytes, each once, and counts from 0")
		return {}
