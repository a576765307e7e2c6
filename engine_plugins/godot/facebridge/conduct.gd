# What a client does and when, without a socket: docs/clients.md, "One conduct". Times are µs of OS.get_ticks_usec.
#
# Whoever owns the socket makes one when `wants_connection`, and calls `began`; sends the `outbox` and, when nothing is
# left unsent, `next_frame`; feeds what comes to `hear`; calls `tick` once a frame; and ends the socket when not `connected`.
extends Reference

const Codec = preload("codec.gd")
const Standing = preload("standing.gd")
const Wishes = preload("wishes.gd")

const WAITS = [250000, 500000, 1000000, 2000000]  # before each new attempt, the last for all that follow
const PATIENCE = 2000000  # for WELCOME
const LOOKS = 10  # and so many calls of `tick`, as every step of the handshake takes one: frames may be slow
const SILENCE = 3000000
const PING_INTERVAL = 1000000
const TURNS = 3  # connections in a row that end before WELCOME, until that is taken for an answer

# What a stream is opened with, and where the server is. An empty identity and a size of 0 are the server's first.
const DEFAULTS = {
	"address": "tcp://127.0.0.1:5570", "subject": "", "identity": "", "basis": "arkit55", "size": 0, "codec": "rgba32",
	"row_order": "top", "credit": 2, "seed": 0, "steps": 0, "expression_scale": 1.0, "reference_scale": 0.8,
	"light": [], "backdrop": "",
}

var state := "Offline"
var reason := ""  # of Waiting and Refused
var settings := DEFAULTS.duplicate()
var outbox := []  # the parts of each message, in order
var connected := false
var welcome := {}
var granted := {}  # OPENED; {} while no stream is open
var picture := {}  # the newest PICTURE, and when it `arrived`
var pictures := 0  # so many have come
var repeated := 0
var dropped := 0  # frames the server passed over, or could not draw

var _codec := Codec.new()
var _wishes := Wishes.new()
var _awaiting := false  # an OPEN or CONTROL has no answer yet
var _closing := -1  # a stream whose CLOSE has not come back: the server still counts it
var _stream := 0
var _sequence := -1
var _dropped_before := 0  # in earlier streams
var _frame := {}
var _heard := 0  # when the server was last heard, or tried
var _looks := 0  # since the attempt began
var _pinged := 0
var _failures := 0
var _turned_away := 0  # connections that broke before WELCOME, in a row
var _due := 0  # when the next attempt may begin


# Connect, and from now on stay connected.
func begin() -> void:
	if not state in ["Connecting", "Streaming", "Waiting"]:
		_try_anew()


# New settings, in force as soon as the server has them. Keys that are left out stay as they are.
func change(changes: Dictionary) -> void:
	var before: Dictionary = settings.duplicate(true)
	for key in changes:
		var is_whole := typeof(DEFAULTS.get(key)) == TYPE_INT
		settings[key] = int(changes[key]) if is_whole else changes[key]
	if JSON.print(settings) == JSON.print(before):
		return
	if before["address"] != settings["address"] and state in ["Connecting", "Streaming", "Waiting", "Refused"]:
		_forget()
		_try_anew()
	elif state == "Refused":
		_try_anew()


# The newest frame; one that has not left yet is replaced. `values` by name, or an array in the order of the basis.
func perform(values, timecode := "", captured := -1) -> void:
	var moment := OS.get_ticks_usec() if captured < 0 else captured
	_frame = {"t": "CURVES", "captured": moment, "timecode": timecode, "values": values}


# The parts of the CURVES to send now, [] where there are none. A frame that cannot be sent is left out, with a warning.
func next_frame() -> Array:
	if granted.empty() or _frame.empty():
		return []
	var frame := _frame
	_frame = {}
	frame["stream"] = _stream
	frame["sequence"] = _sequence + 1
	var parts := _codec.encode(frame)
	if parts:
		_sequence += 1
	else:
		push_warning("facebridge: a frame was not sent: %s" % _codec.fault["text"])
	return parts


# Say what a client says last.
func leave() -> void:
	if welcome:
		if granted or _awaiting:
			_post({"t": "CLOSE", "stream": _stream})
		_post({"t": "BYE"})
	state = "Closed"


func wants_connection(now: int) -> bool:
	return state in ["Connecting", "Waiting"] and not connected and now >= _due


func began(now: int) -> void:
	connected = true
	_heard = now
	_looks = 0
	_pinged = now
	_post({"t": "HELLO", "version_min": 1, "version_max": 1, "client": "godot"})


# The connection is no more, for whatever reason; go on trying.
func lose(why: String) -> void:
	_forget()
	if state in ["Connecting", "Streaming", "Waiting"]:
		state = "Waiting"
		reason = why
		_due = _heard + WAITS[int(min(_failures, WAITS.size() - 1))]
		_failures += 1


# The connection broke. One that always does so before WELCOME is with a server that asks for keys.
func break_off() -> void:
	if welcome:
		lose(Standing.gone(settings["address"]))
		return
	_turned_away += 1
	if _turned_away < TURNS:
		lose(Standing.turned_away(settings["address"]))
	else:
		refuse(Standing.turned_away(settings["address"]))


# No connection will do before the settings change.
func refuse(why: String) -> void:
	state = "Refused"
	reason = why
	_forget()


func tick(now: int) -> void:
	if not connected or state == "Closed":
		return
	_looks += 1
	if welcome.empty():
		if now - _heard >= PATIENCE and _looks >= LOOKS:
			lose(Standing.nobody(settings["address"]))
	elif now - _heard >= SILENCE:
		lose(Standing.silent(settings["address"]))
	else:
		if now - _pinged >= PING_INTERVAL:
			_pinged = now
			_post({"t": "PING", "sent": now})
		if state != "Refused" and not _awaiting and _closing < 0:
			_ask()


func hear(parts: Array, now: int) -> void:
	var message := _codec.decode(parts)
	_heard = now
	if message:
		_take(message, now)
	elif _codec.fault["error"] != "unknown_message":
		lose("the server does not keep to the protocol: %s" % _codec.fault["text"])


# A short sentence for the user: how it stands, and what to do.
func status() -> String:
	if state == "Streaming":
		return Standing.streaming(_wishes.in_force["identity"], _wishes.in_force["size"], _wishes.refusal)
	return Standing.sentence(state, settings["address"], reason)


# Whether it streams, and a change of settings was refused.
func is_held_back() -> bool:
	return state == "Streaming" and _wishes.refusal != ""


func _try_anew() -> void:
	state = "Connecting"
	reason = ""
	_wishes = Wishes.new()
	_failures = 0
	_turned_away = 0
	_due = 0


func _forget() -> void:
	connected = false
	welcome = {}
	outbox = []
	_end_stream()
	_closing = -1


# What is open now is no more; the next stream has another number.
func _end_stream() -> void:
	granted = {}
	_wishes.end()
	_awaiting = false
	_dropped_before = dropped
	_stream = (_stream + 1) % 65536


func _take(message: Dictionary, now: int) -> void:
	var is_ours: bool = message.get("stream", -1) == _stream
	match message["t"]:
		"WELCOME":
			welcome = message
			_turned_away = 0
		"OPENED":
			if is_ours:
				_take_opened(message)
		"PICTURE":
			if is_ours:
				_take_picture(message, now)
		"PING":
			_post({"t": "PONG", "sent": message["sent"], "received": now, "replied": now})
		"ERROR":
			_take_error(message, is_ours)
		"CLOSE":
			_take_close(message["stream"], is_ours)
		"BYE":
			lose("the server said goodbye")


func _take_opened(opened: Dictionary) -> void:
	granted = opened
	_awaiting = false
	_failures = 0
	_wishes.grant()
	state = "Streaming"


func _take_close(stream: int, is_ours: bool) -> void:
	if stream == _closing:
		_closing = -1
	elif is_ours:
		lose("the server closed the stream")


func _take_picture(message: Dictionary, now: int) -> void:
	_post({"t": "ACK", "stream": _stream, "sequence": message["sequence"]})
	picture = message
	picture["arrived"] = now
	pictures += 1
	repeated += int(message["repeated"])
	dropped = _dropped_before + message["dropped"]


func _take_error(error: Dictionary, is_ours: bool) -> void:
	if error["fatal"] and error["name"] in ["version_unsupported", "unsupported"]:
		refuse("%s: update the older side" % error["text"])
	elif error["fatal"]:
		lose("the server ended the connection: %s" % error["text"])
	elif is_ours and error["sequence"] == -1:
		var is_late: bool = error["name"] == "generator_failed"
		if _awaiting or is_late:
			_take_refusal(Standing.declined(error["text"], error["name"]), is_late)


# Without a stream that is the end until the settings change; one that is open goes on as it was. `is_late`: the change was
# granted, and then the model could not do it.
func _take_refusal(why: String, is_late := false) -> void:
	if granted and is_late:
		_wishes.withdraw(why)
		return
	_awaiting = false
	if granted:
		_wishes.refuse(why)
	else:
		# Else it is asked for anew: what was refused is not wanted any more.
		if Wishes.difference(_wishes.wanted(settings, welcome), _wishes.asked).empty():
			state = "Refused"
			reason = why
		_end_stream()


# Ask for what is wished and not in force: OPEN; CONTROL for what that can change; else CLOSE, and OPEN when it is back.
func _ask() -> void:
	var wanted: Dictionary = _wishes.wanted(settings, welcome)
	var changes := Wishes.difference(wanted, _wishes.asked)
	if changes.empty():
		return
	if _wishes.asked and not Wishes.may_control(changes):
		_close_stream()
		return
	_awaiting = _post(_with_stream("CONTROL", changes) if _wishes.asked else _with_stream("OPEN", wanted))
	_wishes.asked = wanted
	if not _awaiting:
		_take_refusal(Standing.declined(_codec.fault["text"]))


func _close_stream() -> void:
	_post({"t": "CLOSE", "stream": _stream})
	_closing = _stream
	_end_stream()


# Whether the message is one, and on its way.
func _post(message: Dictionary) -> bool:
	var parts := _codec.encode(message)
	if parts:
		outbox.append(parts)
	return not parts.empty()


func _with_stream(name: String, fields: Dictionary) -> Dictionary:
	var message := fields.duplicate()
	message["t"] = name
	message["stream"] = _stream
	return message
