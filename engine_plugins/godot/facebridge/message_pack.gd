# MessagePack, as far as the protocol uses it. After `unpack`, `fault` is "" or says what is wrong with the bytes.
extends Reference

const Utf8 = preload("utf8.gd")

const NESTING = 8  # levels of maps and lists
const ENTRIES = 1024  # of one map or list
const REPEATED = -1  # the key that marks a map which named another key twice; on the wire all keys are strings

var fault := ""

var _buffer := StreamPeerBuffer.new()


func _init() -> void:
	_buffer.big_endian = true


func pack(value) -> PoolByteArray:
	_buffer.clear()
	_put(value)
	return _buffer.data_array


# The one value in `data`; null where `fault` says what is wrong.
func unpack(data: PoolByteArray):
	fault = ""
	_buffer.data_array = data
	_buffer.seek(0)
	var value = _value(0)
	if _left() > 0:
		_fail("%d bytes follow it" % _left())
	return value if fault == "" else null


func _left() -> int:
	return _buffer.get_size() - _buffer.get_position()


func _fail(text: String):
	fault = text if fault == "" else fault
	return null


func _value(level: int):
	if not _has(1):
		return null
	var tag := _buffer.get_u8()
	if tag < 0x80:
		return tag
	if tag < 0x90:
		return _map(tag & 0x0f, level)
	if tag < 0xa0:
		return _list(tag & 0x0f, level)
	if tag < 0xc0:
		return _text(tag & 0x1f)
	if tag >= 0xe0:
		return tag - 0x100
	return _tagged(tag, level)


func _tagged(tag: int, level: int):
	match tag:
		0xc0:
			return null
		0xc2, 0xc3:
			return tag == 0xc3
		0xc4, 0xc5, 0xc6:
			return _bytes(_unsigned(1 << tag - 0xc4))
		0xca:
			return _buffer.get_float() if _has(4) else null
		0xcb:
			return _buffer.get_double() if _has(8) else null
		0xcc, 0xcd, 0xce, 0xcf:
			return _unsigned(1 << tag - 0xcc)
		0xd0, 0xd1, 0xd2, 0xd3:
			return _signed(1 << tag - 0xd0)
		0xd9, 0xda, 0xdb:
			return _text(_unsigned(1 << tag - 0xd9))
		0xdc, 0xdd:
			return _list(_unsigned(2 << tag - 0xdc), level)
		0xde, 0xdf:
			return _map(_unsigned(2 << tag - 0xde), level)
	return _fail("the byte 0x%02x begins an extension type, or nothing" % tag)


# Whether so many bytes are left.
func _has(count: int) -> bool:
	if fault == "" and _left() < count:
		_fail("it ends early")
	return fault == ""


# An unsigned integer of 1, 2, 4 or 8 bytes. What needs 64 bits is a float: no field takes it for an integer.
func _unsigned(width: int):
	if not _has(width):
		return 0
	match width:
		1:
			return _buffer.get_u8()
		2:
			return _buffer.get_u16()
		4:
			return _buffer.get_u32()
	var value := _buffer.get_64()
	return value if value >= 0 else value + pow(2, 64)


func _signed(width: int):
	if not _has(width):
		return 0
	match width:
		1:
			return _buffer.get_8()
		2:
			return _buffer.get_16()
		4:
			return _buffer.get_32()
	return _buffer.get_64()


func _bytes(count: int):
	if not _has(count):
		return null
	return _buffer.get_data(count)[1] if count > 0 else PoolByteArray()


func _text(count: int):
	var bytes = _bytes(count)
	if bytes == null:
		return null
	return bytes.get_string_from_utf8() if Utf8.is_valid(bytes) else _fail("a string is not UTF-8")


func _list(count: int, level: int):
	if not _may_hold(count, level):
		return null
	var list := []
	while list.size() < count and fault == "":
		list.append(_value(level + 1))
	return list


func _map(count: int, level: int):
	if not _may_hold(count, level):
		return null
	var map := {}
	for _entry in count:
		var key = _value(level + 1)
		if typeof(key) != TYPE_STRING:
			return _fail("a map may have only strings for keys")
		if map.has(key):
			map[REPEATED] = true
		map[key] = _value(level + 1)
		if fault != "":
			return null
	return map


func _may_hold(count: int, level: int) -> bool:
	if level >= NESTING:
		_fail("it nests more than %d maps and lists" % NESTING)
	if count > ENTRIES:
		_fail("a map or list announces %d entries" % count)
	return fault == ""


func _put(value) -> void:
	match typeof(value):
		TYPE_BOOL:
			_buffer.put_u8(0xc3 if value else 0xc2)
		TYPE_INT:
			_put_whole(value)
		TYPE_REAL:
			_buffer.put_u8(0xcb)
			_buffer.put_double(value)
		TYPE_STRING:
			_put_text(value.to_utf8())
		TYPE_RAW_ARRAY:
			_put_count(value.size(), -1, 0, 0xc4)
			_buffer.put_data(value)
		TYPE_ARRAY:
			_put_count(value.size(), 0x90, 15, 0xdb)
			for entry in value:
				_put(entry)
		TYPE_DICTIONARY:
			_put_count(value.size(), 0x80, 15, 0xdd)
			for key in value:
				_put_text(key.to_utf8())
				_put(value[key])


func _put_text(bytes: PoolByteArray) -> void:
	_put_count(bytes.size(), 0xa0, 31, 0xd9)
	if bytes.size() > 0:
		_buffer.put_data(bytes)


# A length: in the tag itself up to `most`, else behind `tag` in 1 byte, `tag` + 1 in 2, `tag` + 2 in 4.
# Maps and lists have no length of 1 byte: their `tag` stands one before the first there is.
func _put_count(count: int, short_tag: int, most: int, tag: int) -> void:
	if short_tag >= 0 and count <= most:
		_buffer.put_u8(short_tag | count)
	elif count < 0x100 and (tag == 0xc4 or tag == 0xd9):
		_buffer.put_u8(tag)
		_buffer.put_u8(count)
	elif count < 0x10000:
		_buffer.put_u8(tag + 1)
		_buffer.put_u16(count)
	else:
		_buffer.put_u8(tag + 2)
		_buffer.put_u32(count)


func _put_whole(value: int) -> void:
	if value >= -32 and value < 0x80:
		_buffer.put_8(value)
	elif value >= 0:
		_put_unsigned(value)
	else:
		_put_signed(value)


func _put_unsigned(value: int) -> void:
	if value < 0x100:
		_buffer.put_u8(0xcc)
		_buffer.put_u8(value)
	elif value < 0x10000:
		_buffer.put_u8(0xcd)
		_buffer.put_u16(value)
	elif value < 0x100000000:
		_buffer.put_u8(0xce)
		_buffer.put_u32(value)
	else:
		_buffer.put_u8(0xcf)
		_buffer.put_64(value)


func _put_signed(value: int) -> void:
	if value >= -0x80:
		_buffer.put_u8(0xd0)
		_buffer.put_8(value)
	elif value >= -0x8000:
		_buffer.put_u8(0xd1)
		_buffer.put_16(value)
	elif value >= -0x80000000:
		_buffer.put_u8(0xd2)
		_buffer.put_32(value)
	else:
		_buffer.put_u8(0xd3)
		_buffer.put_64(value)
