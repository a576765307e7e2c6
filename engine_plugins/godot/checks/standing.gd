# Many clients at once, each at a server of its own: FACEBRIDGE_SITUATIONS is a JSON list of the `settings` each begins with,
# and of those it changes to `then` once it streams. One JSON line on stderr for each new status of each client.
extends SceneTree

const Client = preload("../facebridge/client.gd")

const PATIENCE = 240000  # ms

var _situations: Array = JSON.parse(OS.get_environment("FACEBRIDGE_SITUATIONS")).result
var _clients := []
var _told := []


func _init() -> void:
	Engine.target_fps = 60
	VisualServer.render_loop_enabled = false
	for situation in _situations:
		var client := Client.new()
		client.change(situation["settings"])
		client.begin()
		_clients.append(client)
		_told.append("")


func _idle(_delta: float) -> bool:
	for place in _clients.size():
		_clients[place].poll()
		if _clients[place].status() != _told[place]:
			_tell(place, _clients[place])
	if OS.get_ticks_msec() > PATIENCE:
		quit(1)
	return false


func _tell(place: int, client: Client) -> void:
	_told[place] = client.status()
	var colour := client.colour().to_html(false)
	printerr(JSON.print({"place": place, "state": client.state, "status": _told[place], "colour": colour}))
	if client.state == "Streaming":
		client.change(_situations[place]["then"])
