# A talking head on the left, the picture of it in a frame on the right, and how the connection stands below.
extends Spatial

const Head = preload("head.gd")
const Face = preload("../facebridge/face.gd")

var face: Face
var performer: MeshInstance

var _line := Label.new()
var _dot := ColorRect.new()


func _init() -> void:
	_light()
	_build_head()
	_build_frame()
	face = Face.new()
	face.name = "Face"
	face.performer = NodePath("../Head")
	face.head = NodePath("../Head")
	face.screen = NodePath("../Screen")
	add_child(face)
	_build_status()


func _process(_delta: float) -> void:
	var client = face.client
	_line.text = client.status()
	_dot.color = client.colour()
	if client.state == "Streaming" and client.picture:
		_line.text += "  %d pictures a second, %.0f ms, %d dropped" % [client.fps(), client.latency()["total"], client.dropped]


func _light() -> void:
	var camera := Camera.new()
	camera.translation = Vector3(0.0, 0.0, 5.6)
	camera.fov = 32.0
	add_child(camera)
	_add_light(Vector3(-28, -38, 0), Color(1.0, 0.95, 0.88), 0.85)
	_add_light(Vector3(-8, 60, 0), Color(0.70, 0.80, 1.0), 0.30)
	_add_light(Vector3(-30, 165, 0), Color(0.85, 0.90, 1.0), 0.45)
	var surroundings := WorldEnvironment.new()
	surroundings.environment = Environment.new()
	surroundings.environment.background_mode = Environment.BG_COLOR
	surroundings.environment.background_color = Color(0.10, 0.11, 0.13)
	surroundings.environment.ambient_light_color = Color(0.50, 0.55, 0.65)
	surroundings.environment.ambient_light_energy = 0.35
	add_child(surroundings)


func _add_light(turned: Vector3, colour: Color, energy: float) -> void:
	var light := DirectionalLight.new()
	light.rotation_degrees = turned
	light.light_color = colour
	light.light_energy = energy
	light.light_specular = 0.25
	add_child(light)


func _build_head() -> void:
	performer = MeshInstance.new()
	performer.name = "Head"
	performer.mesh = Head.new().skin()
	performer.material_override = _matt(Color.white)
	performer.material_override.vertex_color_use_as_albedo = true
	performer.material_override.vertex_color_is_srgb = true
	performer.material_override.params_cull_mode = SpatialMaterial.CULL_DISABLED
	performer.translation = Vector3(-1.35, 0.08, 0.0)
	add_child(performer)
	_add_ball(Vector3(0.0, -0.44, 0.40), Vector3(0.30, 0.26, 0.30), Color(0.22, 0.06, 0.06))  # the mouth's inside
	_add_ball(Vector3(0.0, -1.15, -0.22), Vector3(0.40, 0.75, 0.42), Head.SKIN)  # the neck
	for side in [-1, 1]:
		_add_ball(Vector3(side * 0.76, 0.02, -0.05), Vector3(0.09, 0.22, 0.15), Head.SKIN)  # an ear
		var eye := Vector3(side * Head.EYE.x, Head.EYE.y, Head.EYE.z)
		_add_ball(eye, Vector3.ONE * Head.EYE_RADIUS, Color(0.93, 0.92, 0.90))
		_add_ball(eye + Vector3(0, 0, 0.078), Vector3(0.075, 0.075, 0.068), Color(0.22, 0.33, 0.38))
		_add_ball(eye + Vector3(0, 0, 0.112), Vector3(0.036, 0.036, 0.040), Color(0.02, 0.02, 0.03))


func _add_ball(place: Vector3, radii: Vector3, colour: Color) -> void:
	var ball := MeshInstance.new()
	ball.mesh = SphereMesh.new()
	ball.mesh.radial_segments = 24
	ball.mesh.rings = 12
	ball.material_override = _matt(colour)
	ball.translation = place
	ball.scale = radii
	performer.add_child(ball)


func _matt(colour: Color) -> SpatialMaterial:
	var material := SpatialMaterial.new()
	material.albedo_color = colour
	material.roughness = 0.75
	return material


# The picture on a quad, unshaded so that its colours stay the server's, before a dark frame.
func _build_frame() -> void:
	var screen := _add_quad("Screen", 2.0, 0.0)
	screen.material_override.flags_unshaded = true
	screen.material_override.flags_transparent = true
	var frame := _add_quad("Frame", 2.12, -0.02)
	frame.material_override.albedo_color = Color(0.03, 0.03, 0.035)
	frame.material_override.flags_unshaded = true


func _add_quad(title: String, size: float, depth: float) -> MeshInstance:
	var quad := MeshInstance.new()
	quad.name = title
	quad.mesh = QuadMesh.new()
	quad.mesh.size = Vector2(size, size)
	quad.material_override = SpatialMaterial.new()
	quad.translation = Vector3(1.3, 0.08, depth)
	add_child(quad)
	return quad


func _build_status() -> void:
	var layer := CanvasLayer.new()
	_dot.rect_position = Vector2(24, 508)
	_dot.rect_size = Vector2(12, 12)
	_line.rect_position = Vector2(46, 506)
	layer.add_child(_dot)
	layer.add_child(_line)
	add_child(layer)
