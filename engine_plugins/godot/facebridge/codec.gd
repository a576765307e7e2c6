# Messages to the parts that are sent, and back. A message is a dictionary: its fields, its name under "t", and of
# PICTURE the pixels under "pixels". After each call `fault` is {}, or the error's name and a text.
extends Reference

const Messages = preload("messages.gd")
const MessagePack = preload("message_pack.gd")

const HEADER_BYTES = 65536
const MESSAGE_BYTES = 67174400
const BYTES_PER_PIXEL = {"jpeg": 0, "rgb24": 3, "rgba32": 4}

var fault := {}

var _tables: Dictionary = Messages.new().tables
var _message_pack := MessagePack.new()


# The parts of a message; [] where a field could not be read again on the other side.
func encode(message: Dictionary) -> Array:
	fault = {}
	var content := {"t": message["t"]}
	for row in _rows(message):
		var value = message.get(row[0], row[2] if row.size() > 2 else null)
		if value != null or row.size() < 3:
			_check(row, message["t"], row[1].fault(value))
			content[row[0]] = row[1].packed(value) if fault.empty() else null
	if fault:
		return []
	var header := _message_pack.pack(content)
	return [header, message["pixels"]] if message["t"] == "PICTURE" else [header]


# The message in `parts`, every field checked and defaults filled in; {} where there is none.
func decode(parts: Array) -> Dictionary:
	fault = {}
	_check_sizes(parts)
	var content = _message_pack.unpack(parts[0]) if fault.empty() else null
	if fault.empty():
		_check_map(content)
	var message := _read(content, parts) if fault.empty() else {}
	return message if fault.empty() else {}


func _check_sizes(parts: Array) -> void:
	var size := 0
	for part in parts:
		size += part.size()
	if parts.empty():
		_fail("malformed", "a message has at least one part")
	elif parts[0].size() > HEADER_BYTES or size > MESSAGE_BYTES:
		_fail("too_large", "a message of %d bytes" % size)


func _check_map(content) -> void:
	if _message_pack.fault != "":
		_fail("malformed", "part 0 is not one MessagePack value: %s" % _message_pack.fault)
	elif typeof(content) != TYPE_DICTIONARY or content.empty() or content.keys()[0] != "t":
		_fail("malformed", "part 0 must be a map that begins with the key 't'")
	elif content.has(MessagePack.REPEATED):
		_fail("malformed", "part 0 names a key twice")
	elif typeof(content["t"]) != TYPE_STRING:
		_fail("malformed", "the message's name must be a string")
	elif not _tables.has(content["t"]):
		_fail("unknown_message", "no message is called '%s'" % content["t"].left(64))


func _read(content: Dictionary, parts: Array) -> Dictionary:
	var message := {"t": content["t"]}
	var expected := 2 if message["t"] == "PICTURE" else 1
	if parts.size() != expected:
		_fail("malformed", "%s has %d parts, not %d" % [message["t"], expected, parts.size()])
		return {}
	for row in _rows(content):
		message[row[0]] = _field(row, content)
		if fault:
			return {}
	if message["t"] == "PICTURE":
		message["pixels"] = parts[1]
		_check_pixels(message)
	return message


func _field(row: Array, content: Dictionary):
	if not content.has(row[0]):
		if row.size() < 3:
			_fail("bad_field", "%s.%s is missing" % [content["t"], row[0]])
		return row[2] if row.size() > 2 else null
	_check(row, content["t"], row[1].fault_on_wire(content[row[0]]))
	return row[1].held(content[row[0]]) if fault.empty() else null


# The rows of a message's table; STATS without any of its fields is the request, which has none.
func _rows(content: Dictionary) -> Array:
	var rows: Array = _tables[content["t"]]
	if content["t"] != "STATS":
		return rows
	for row in rows:
		if content.has(row[0]):
			return rows
	return []


func _check(row: Array, message: String, found: Dictionary) -> void:
	if found and fault.empty():
		_fail(found["error"], "%s.%s %s" % [message, row[0], found["text"]])


func _check_pixels(picture: Dictionary) -> void:
	var pixel: int = BYTES_PER_PIXEL[picture["codec"]]
	var due: int = picture["width"] * picture["height"] * pixel
	var size: int = picture["pixels"].size()
	if size == 0 or (pixel > 0 and size != due):
		_fail("bad_field", "PICTURE part 1 must have %d bytes, not %d" % [due, size])


func _fail(error: String, text: String) -> void:
	fault = {"error": error, "text": text}
