# A take's frames on the head, one after another: the picture of each is awaited, its texture read back from the
# renderer and told by its hash, beside what the blend shapes were. FACEBRIDGE_FRAMES are their numbers; at the last one
# the window is kept as FACEBRIDGE_SCREENSHOT.
extends SceneTree

const Stage = preload("../demo/stage.gd")
const Take = preload("../demo/take.gd")

const PATIENCE = 240000  # ms

var _stage := Stage.new()
var _take := Take.new()
var _left := Array(OS.get_environment("FACEBRIDGE_FRAMES").split(" "))
var _shown := {}
var _awaited := ""  # the timecode of the frame that is on the head
var _drawn := 0  # frames of the window since the last picture came


func _init() -> void:
	VisualServer.render_loop_enabled = false  # until the window is photographed: software rendering is slow
	_take.read(OS.get_environment("FACEBRIDGE_TAKE"))
	_stage.face.client.change(JSON.parse(OS.get_environment("FACEBRIDGE_SETTINGS")).result)
	_stage.face.connect("picture_shown", self, "_keep")
	get_root().add_child(_stage)
	paused = true  # the face goes on while the game stands still
	_pose()


func _pose() -> void:
	_take.pose(_stage.performer, int(_left[0]))
	_awaited = "frame %s" % _left[0]
	_stage.face.timecode = _awaited
	_shown = {}


func _keep(picture: Dictionary) -> void:
	if picture["timecode"] == _awaited:
		_shown = picture


func _idle(_delta: float) -> bool:
	if _left.empty():
		_drawn += 1
		# A first frame that takes seconds to draw may cost the connection, which then comes back by itself.
		if _drawn > 12 or (_drawn > 2 and _stage.face.client.state == "Streaming"):
			_photograph()
			quit()
	elif _shown:
		_tell()
		_left.pop_front()
		if _left:
			_pose()
		else:
			VisualServer.render_loop_enabled = true
	elif OS.get_ticks_msec() > PATIENCE:
		print(JSON.print({"fault": _stage.face.client.status()}))
		quit(1)
	return false


func _tell() -> void:
	var image: Image = _stage.face.texture.get_data()
	var format := image.get_format()
	image.convert(Image.FORMAT_RGBA8)
	print(JSON.print({
		"frame": int(_left[0]), "sequence": _shown["sequence"], "width": image.get_width(), "height": image.get_height(),
		"format": format, "pixels": _hash(image.get_data()), "sent": _hash(_shown["pixels"]),
		"curves": _stage.face.curves(), "status": _stage.face.client.status(),
	}))


func _photograph() -> void:
	var image := get_root().get_texture().get_data()
	image.flip_y()
	image.save_png(OS.get_environment("FACEBRIDGE_SCREENSHOT"))


func _hash(bytes: PoolByteArray) -> String:
	var hashing := HashingContext.new()
	hashing.start(HashingContext.HASH_SHA256)
	hashing.update(bytes)
	return hashing.finish().hex_encode()
