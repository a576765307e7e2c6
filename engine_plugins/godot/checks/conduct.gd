# The client against a real server, without a picture on the screen: FACEBRIDGE_SETTINGS are its settings as JSON.
# FACEBRIDGE_UNTIL names states, such as "Streaming Waiting Streaming"; once the client has been through them, and a
# picture has come of the last if it is Streaming, it says goodbye. FACEBRIDGE_THEN are settings to change to in the
# state FACEBRIDGE_AT.
# One JSON line for each new status and each picture, on stderr: what goes to stdout may wait in the engine for more.
extends SceneTree

const Client = preload("../facebridge/client.gd")

const PATIENCE = 240000  # ms

var _client := Client.new()
var _until := Array(OS.get_environment("FACEBRIDGE_UNTIL").split(" "))
var _state := ""
var _status := ""
var _pictures := 0  # in this state
var _angle := 0.0


func _init() -> void:
	Engine.target_fps = 60
	VisualServer.render_loop_enabled = false
	_client.change(JSON.parse(OS.get_environment("FACEBRIDGE_SETTINGS")).result)
	_client.begin()


func _idle(_delta: float) -> bool:
	_angle += 0.05
	_client.perform({"jawOpen": abs(sin(_angle)), "mouthSmileLeft": 0.25})
	var picture := _client.poll()
	if picture:
		_tell_picture(picture)
	if _client.status() != _status:
		_tell_state()
	if _until.empty() and (_state != "Streaming" or _pictures > 2):
		_client.close()
		_tell_state()
		quit()
	elif OS.get_ticks_msec() > PATIENCE:
		quit(1)
	return false


func _tell_state() -> void:
	_state = _client.state
	_status = _client.status()
	_pictures = 0
	printerr(JSON.print({"state": _state, "status": _status, "colour": _client.colour().to_html(false)}))
	if _until and _state == _until[0]:
		_until.pop_front()
	if _state == OS.get_environment("FACEBRIDGE_AT"):
		_client.change(JSON.parse(OS.get_environment("FACEBRIDGE_THEN")).result)


func _tell_picture(picture: Dictionary) -> void:
	_pictures += 1
	var hash_ := HashingContext.new()
	hash_.start(HashingContext.HASH_SHA256)
	hash_.update(picture["pixels"])
	printerr(JSON.print({
		"sequence": picture["sequence"], "width": picture["width"], "sha256": hash_.finish().hex_encode(),
		"latency": _client.latency(), "fps": _client.fps(), "dropped": _client.dropped,
	}))
