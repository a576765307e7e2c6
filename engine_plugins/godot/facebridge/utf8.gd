# Whether bytes are UTF-8. The engine's own reader lets overlong forms and surrogates pass.
extends Reference

# By the first byte of a character: how many follow, and the least character that needs so many.
const SHORTEST = [0x80, 0x800, 0x10000]


static func is_valid(bytes: PoolByteArray) -> bool:
	var place := 0
	while place < bytes.size():
		var length := _length(bytes, place)
		if length == 0:
			return false
		place += length
	return true


# Bytes of the character at `place`, 0 where there is none.
static func _length(bytes: PoolByteArray, place: int) -> int:
	var first := bytes[place]
	if first < 0x80:
		return 1
	var more := 1 if first >> 5 == 0x06 else 2 if first >> 4 == 0x0e else 3 if first >> 3 == 0x1e else 0
	if more == 0 or place + more >= bytes.size():
		return 0
	var character := first & (0x3f >> more)
	for step in range(1, more + 1):
		var next := bytes[place + step]
		if next >> 6 != 0x02:
			return 0
		character = character << 6 | next & 0x3f
	var is_surrogate := character >= 0xd800 and character <= 0xdfff
	return 0 if character < SHORTEST[more - 1] or character > 0x10ffff or is_surrogate else more + 1
