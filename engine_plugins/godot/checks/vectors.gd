# Runs protocol/vectors through the codec: FACEBRIDGE_PROTOCOL is the folder `protocol`. One JSON line for each vector.
extends SceneTree

const Codec = preload("../facebridge/codec.gd")
const CurveNames = preload("../facebridge/curve_names.gd")

var _codec := Codec.new()
var _folder := OS.get_environment("FACEBRIDGE_PROTOCOL")


func _init() -> void:
	for basis in ["arkit52", "arkit55", "flame55"]:
		_tell({"basis": basis, "names": CurveNames.of(basis)})
	for name in _names("valid"):
		_tell(_valid(name, _about("valid", name)))
	for name in _names("invalid"):
		_tell(_invalid(name, _about("invalid", name)))
	quit()


func _tell(line: Dictionary) -> void:
	print(JSON.print(line))


func _valid(name: String, about: Dictionary) -> Dictionary:
	var parts := _parts("valid", name, about)
	var message := _codec.decode(parts)
	var decoded := _shown(message)
	var text: String = _codec.fault.get("text", "")
	var encoded := _codec.encode(message) if message else []
	var again := _shown(_codec.decode(encoded)) if encoded else {}
	return {
		"valid": name, "message": message.get("t", ""), "fields": decoded, "text": text,
		"same_bytes": encoded == parts, "same_message": JSON.print(again) == JSON.print(decoded),
	}


func _invalid(name: String, about: Dictionary) -> Dictionary:
	_codec.decode(_parts("invalid", name, about))
	return {"invalid": name, "error": _codec.fault.get("error", ""), "text": _codec.fault.get("text", "")}


# The fields as text, as a JSON number would lose what lies beyond 2⁵³ and the last digits of a float.
func _shown(value):
	match typeof(value):
		TYPE_DICTIONARY:
			var fields := {}
			for key in value:
				if not key in ["t", "pixels"]:
					fields[key] = _shown(value[key])
			if value.has("t"):
				fields["t"] = value["t"]
			return fields
		TYPE_ARRAY:
			var list := []
			for entry in value:
				list.append(_shown(entry))
			return list
		TYPE_INT:
			return "int %d" % value
		TYPE_REAL:
			var buffer := StreamPeerBuffer.new()
			buffer.put_double(value)
			return "float " + buffer.data_array.hex_encode()
	return value


func _names(kind: String) -> Array:
	var names := []
	var directory := Directory.new()
	directory.open(_folder.plus_file("vectors").plus_file(kind))
	directory.list_dir_begin(true)
	var file := directory.get_next()
	while file != "":
		if file.ends_with(".json"):
			names.append(file.get_basename())
		file = directory.get_next()
	names.sort()
	return names


func _about(kind: String, name: String) -> Dictionary:
	return JSON.parse(_read(kind, name + ".json").get_string_from_utf8()).result


func _parts(kind: String, name: String, about: Dictionary) -> Array:
	var parts := []
	for number in int(about["parts"]):
		parts.append(_read(kind, "%s.%d.bin" % [name, number]))
	return parts


func _read(kind: String, file_name: String) -> PoolByteArray:
	var file := File.new()
	file.open(_folder.plus_file("vectors").plus_file(kind).plus_file(file_name), File.READ)
	var bytes := file.get_buffer(file.get_len())
	file.close()
	return bytes
