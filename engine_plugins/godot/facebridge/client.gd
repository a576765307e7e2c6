# A client for one performer: newest curves out, newest picture in, and it comes back by itself. Nothing here waits.
#
#   var client = preload("facebridge/client.gd").new()
#   client.change({"identity": "amara", "size": 256})
#   client.begin()
#   each frame: client.perform({"jawOpen": 0.4}); var picture = client.poll()
#   client.close()
extends "conduct.gd"

const Connection = preload("connection.gd")

const COLOURS = {
	"Offline": Color(0.6, 0.6, 0.6), "Connecting": Color(1.0, 0.75, 0.2), "Streaming": Color(0.3, 0.85, 0.4),
	"Waiting": Color(1.0, 0.75, 0.2), "Refused": Color(0.95, 0.3, 0.25), "Closed": Color(0.6, 0.6, 0.6),
}
const SECOND = 1000000

var _connection: Connection
var _arrivals := []  # of the pictures of the last second


# One step, to be taken every frame: send, receive, and what time demands. Returns the newest picture, {} where none came:
# PICTURE with its `pixels`, and `arrived` on our clock.
func poll() -> Dictionary:
	var before := pictures
	if wants_connection(OS.get_ticks_usec()):
		_connection = Connection.new(settings["address"])
		began(OS.get_ticks_usec())
	if _connection != null:
		_connection.poll()
		_receive()
		tick(OS.get_ticks_usec())
		_send()
		_end_if_lost()
	return picture if pictures > before else {}


# Orderly goodbye; takes 100 ms at most.
func close() -> void:
	leave()
	if _connection != null:
		_send()
		_connection.close()
		_connection = null
	_forget()


# Of the state; that of Waiting also where it streams and a change of settings was refused.
func colour() -> Color:
	return COLOURS["Waiting" if is_held_back() else state]


# Pictures that came in the last second.
func fps() -> int:
	while _arrivals and _arrivals[0] < OS.get_ticks_usec() - SECOND:
		_arrivals.pop_front()
	return _arrivals.size()


# Where the time of the newest picture went, ms: total, transport, wait, generate, encode. {} before the first.
func latency() -> Dictionary:
	if picture.empty():
		return {}
	var total: int = picture["arrived"] - picture["captured"]
	return {
		"total": total / 1000.0, "transport": (total - (picture["sent"] - picture["received"])) / 1000.0,
		"wait": (picture["taken"] - picture["received"]) / 1000.0,
		"generate": (picture["drawn"] - picture["taken"]) / 1000.0,
		"encode": (picture["sent"] - picture["drawn"]) / 1000.0,
	}


func _receive() -> void:
	var parts := _connection.receive()
	while parts and connected:
		hear(parts, OS.get_ticks_usec())
		parts = _connection.receive()


func _take_picture(message: Dictionary, now: int) -> void:
	._take_picture(message, now)
	_arrivals.append(now)


func _send() -> void:
	while outbox and _connection.is_open:
		_connection.send(outbox.pop_front())
	if _connection.is_idle():
		var frame := next_frame()
		if frame:
			_connection.send(frame)


func _end_if_lost() -> void:
	if connected and _connection.lost != "":
		_take_loss()
	if not connected:
		_connection.close(0)
		_connection = null


func _take_loss() -> void:
	if _connection.was_reached:
		break_off()
	elif _connection.is_address:
		lose(Standing.nobody(settings["address"]))
	else:
		refuse(_connection.lost)
