# Plays a take on the head, over and over: FACEBRIDGE_TAKE is its CSV, FACEBRIDGE_SETTINGS the client's settings as JSON.
extends "stage.gd"

const Take = preload("take.gd")

const RATE = 60.0  # frames a second of a take

var _take := Take.new()
var _time := 0.0


func _ready() -> void:
	if OS.has_environment("FACEBRIDGE_SETTINGS"):
		face.client.change(JSON.parse(OS.get_environment("FACEBRIDGE_SETTINGS")).result)
	if not _take.read(OS.get_environment("FACEBRIDGE_TAKE")):
		push_warning("no take at '%s': set FACEBRIDGE_TAKE to a CSV of Live Link Face" % OS.get_environment("FACEBRIDGE_TAKE"))


func _process(delta: float) -> void:
	_time += delta
	if _take.frames:
		_take.pose(performer, int(_time * RATE) % _take.frames.size())
