# A ZeroMQ DEALER over a bare TCP socket: ZMTP 3.0, mechanism NULL, as the appendix of protocol/SPEC.md has it.
# Nothing here waits: call `poll` once a frame. `lost` is "" while the connection stands, else why it is no more.
extends Reference

enum Step { GREETING, FLAGS, LENGTH, BODY }

const MORE = 1
const LONG = 2
const COMMAND = 4
const MOST_BYTES = 67174400  # of one part
const SIGNATURE = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]
const MECHANISM = 12  # where its name begins in the greeting

var lost := ""
var is_address := true  # what it was given to connect to
var was_reached := false  # somebody listens there
var is_open := false  # READY has come: messages may be sent

var _tcp := StreamPeerTCP.new()
var _outgoing := PoolByteArray()
var _incoming := PoolByteArray()
var _due := 64
var _step: int = Step.GREETING
var _flags := 0
var _parts := []
var _messages := []


# `address` is "tcp://127.0.0.1:5570": an IP address, or localhost.
func _init(address: String) -> void:
	var colon := address.rfind(":")
	var host := address.substr(6, colon - 6).replace("localhost", "127.0.0.1").trim_prefix("[").trim_suffix("]")
	var port := address.substr(colon + 1)
	if not address.begins_with("tcp://") or not host.is_valid_ip_address() or not port.is_valid_integer():
		is_address = false
		lost = "'%s' is no address to connect to; write tcp://127.0.0.1:5570" % address
	elif _tcp.connect_to_host(host, int(port)) != OK:
		lost = "no connection to %s" % address


# Send what is left, and read what has come.
func poll() -> void:
	var status := _tcp.get_status()
	if lost != "" or status == StreamPeerTCP.STATUS_CONNECTING:
		return
	if not was_reached:
		_greet(status)
	_flush()
	_receive()
	if lost == "" and status != StreamPeerTCP.STATUS_CONNECTED:
		_lose("the connection broke")


# Whether all that was sent has left: while it has not, a newer frame takes the place of the one that waits.
func is_idle() -> bool:
	return is_open and _outgoing.empty()


func send(parts: Array) -> void:
	for place in parts.size():
		_put(parts[place], MORE if place < parts.size() - 1 else 0)
	_flush()


# The next message as its parts, or [].
func receive() -> Array:
	return _messages.pop_front() if _messages else []


# End the connection; what was sent has `patience` ms to leave.
func close(patience := 100) -> void:
	var deadline := OS.get_ticks_msec() + patience
	while lost == "" and is_open and not _outgoing.empty() and OS.get_ticks_msec() < deadline:
		_flush()
	_lose("closed")


func _lose(reason: String) -> void:
	lost = reason if lost == "" else lost
	is_open = false
	_tcp.disconnect_from_host()


func _greet(status: int) -> void:
	if status != StreamPeerTCP.STATUS_CONNECTED:
		_lose("nobody listens there")
		return
	was_reached = true
	_tcp.set_no_delay(true)
	_outgoing.append_array(PoolByteArray(SIGNATURE + [3, 0]))
	_outgoing.append_array("NULL".to_ascii())
	_outgoing.append_array(_zeros(64 - MECHANISM - 4))


func _zeros(count: int) -> PoolByteArray:
	var zeros := PoolByteArray()
	zeros.resize(count)
	for place in count:
		zeros[place] = 0
	return zeros


func _put(body: PoolByteArray, flags: int) -> void:
	var head := StreamPeerBuffer.new()
	head.big_endian = true
	head.put_u8(flags if body.size() < 0x100 else flags | LONG)
	if body.size() < 0x100:
		head.put_u8(body.size())
	else:
		head.put_64(body.size())
	_outgoing.append_array(head.data_array)
	_outgoing.append_array(body)


func _put_command(name: String, data: PoolByteArray) -> void:
	var body := PoolByteArray([name.length()])
	body.append_array(name.to_ascii())
	body.append_array(data)
	_put(body, COMMAND)


func _flush() -> void:
	if _outgoing.empty() or lost != "":
		return
	var result := _tcp.put_partial_data(_outgoing)
	if result[0] != OK:
		_lose("the connection broke")
		return
	var sent: int = result[1]
	_outgoing = _outgoing.subarray(sent, _outgoing.size() - 1) if sent < _outgoing.size() else PoolByteArray()


func _receive() -> void:
	while lost == "" and _tcp.get_available_bytes() > 0:
		var missing := _due - _incoming.size()
		var result := _tcp.get_partial_data(int(min(missing, _tcp.get_available_bytes())))
		if result[0] != OK:
			_lose("the connection broke")
			return
		_incoming.append_array(result[1])
		if _incoming.size() == _due:
			var taken := _incoming
			_incoming = PoolByteArray()
			_take(taken)


# What was awaited is there: `bytes`.
func _take(bytes: PoolByteArray) -> void:
	match _step:
		Step.GREETING:
			_check_greeting(bytes)
			_expect(Step.FLAGS, 1)
		Step.FLAGS:
			_flags = bytes[0]
			_expect(Step.LENGTH, 8 if _flags & LONG else 1)
		Step.LENGTH:
			_expect(Step.BODY, _number(bytes))
			if _due < 0 or _due > MOST_BYTES:
				_lose("the server sends a part of %d bytes" % _due)
			elif _due == 0:
				_take(PoolByteArray())
		Step.BODY:
			_expect(Step.FLAGS, 1)
			if _flags & COMMAND:
				_obey(bytes)
			else:
				_collect(bytes)


func _expect(step: int, due: int) -> void:
	_step = step
	_due = due


func _number(bytes: PoolByteArray) -> int:
	var number := 0
	for byte in bytes:
		number = number << 8 | byte
	return number


func _check_greeting(greeting: PoolByteArray) -> void:
	var mechanism := greeting.subarray(MECHANISM, 31).get_string_from_ascii()
	if greeting[0] != 0xff or greeting[10] < 3:
		_lose("no ZeroMQ of version 3 speaks there")
		return
	if mechanism != "NULL":
		_lose("the server speaks only with keys (mechanism %s)" % mechanism)
		return
	var ready := PoolByteArray([11])
	ready.append_array("Socket-Type".to_ascii())
	ready.append_array(PoolByteArray([0, 0, 0, 6]))
	ready.append_array("DEALER".to_ascii())
	_put_command("READY", ready)


func _obey(body: PoolByteArray) -> void:
	var length := body[0] if not body.empty() else 0
	if body.size() < length + 1 or length == 0:
		_lose("the server sends a broken command")
		return
	match body.subarray(1, length).get_string_from_ascii():
		"READY":
			is_open = true
		"PING":
			var has_context := body.size() > length + 3  # behind 2 bytes of time to live
			_put_command("PONG", body.subarray(length + 3, body.size() - 1) if has_context else PoolByteArray())
		"ERROR":
			var has_reason := body.size() > length + 2
			var reason := body.subarray(length + 2, body.size() - 1) if has_reason else PoolByteArray()
			_lose("the server closed the connection: %s" % reason.get_string_from_ascii())


func _collect(body: PoolByteArray) -> void:
	_parts.append(body)
	if not _flags & MORE:
		_messages.append(_parts)
		_parts = []
