# The face in the engine: the blend shapes of a mesh go out, the picture comes back as a texture. Add it to a scene.
#
#   performer   a MeshInstance whose blend shapes have ARKit's names; what it lacks is 0
#   head        a Spatial whose rotation is the head's, looking along +Z; empty: the head stays straight
#   screen      a MeshInstance: its material's albedo texture becomes the picture
extends Node

signal picture_shown(picture)  # PICTURE with `pixels`, once `texture` shows it
signal state_changed(state, status, colour)

const Client = preload("client.gd")
const CurveNames = preload("curve_names.gd")

const FORMATS = {"rgb24": Image.FORMAT_RGB8, "rgba32": Image.FORMAT_RGBA8}

export var performer: NodePath
export var head: NodePath
export var screen: NodePath
export var connects_at_once := true

var client := Client.new()
var texture := ImageTexture.new()
var timecode := ""  # goes out with the next frame

var _status := ""


func _ready() -> void:
	pause_mode = Node.PAUSE_MODE_PROCESS  # a paused game goes on answering the server
	if connects_at_once:
		client.begin()


func _process(_delta: float) -> void:
	client.perform(curves(), timecode)
	var picture := client.poll()
	if picture:
		_show(picture)
	if client.status() != _status:
		_status = client.status()
		emit_signal("state_changed", client.state, _status, client.colour())


func _exit_tree() -> void:
	client.close()


# The curves as they stand now, in the order of arkit55.
func curves() -> Array:
	var mesh := get_node(performer) as MeshInstance
	var turn: Basis = get_node(head).transform.basis.orthonormalized() if head else Basis()
	var values := []
	for name in CurveNames.ARKIT52:
		var weight = mesh.get("blend_shapes/" + name)
		values.append(weight if weight != null else 0.0)
	# The turn is pitch about x, then yaw about y, then roll about z: SPEC.md, "Curves".
	return values + [asin(turn.x.z), atan2(turn.y.z, turn.z.z), -atan2(turn.x.y, turn.x.x)]


func _show(picture: Dictionary) -> void:
	var image := Image.new()
	if picture["codec"] == "jpeg":
		image.load_jpg_from_buffer(picture["pixels"])
	else:
		image.create_from_data(picture["width"], picture["height"], false, FORMATS[picture["codec"]], picture["pixels"])
	if texture.get_size() == image.get_size() and texture.get_format() == image.get_format():
		texture.set_data(image)
	else:
		texture.create_from_image(image, Texture.FLAG_FILTER)
		_put_on_screen()
	emit_signal("picture_shown", picture)


func _put_on_screen() -> void:
	var mesh := get_node_or_null(screen) as MeshInstance
	if mesh != null:
		mesh.material_override.albedo_texture = texture
