# A head of about 1,500 vertices with ARKit-named blend shapes, made here: a grid wrapped round an egg, with a nose,
# sockets, lips that part, and lids that fall. It looks along +Z; one unit is about 20 cm.
extends Reference

const COLUMNS = 36
const ROWS = 30
const MOUTH = Vector2(0.27, -0.42)  # half its width, and its height
const TALL = 1.12  # half the head's height
const EYE = Vector3(0.27, 0.14, 0.66)  # the performer's left, which is +X
const EYE_RADIUS = 0.14
const SKIN = Color(0.80, 0.64, 0.55)
const LIPS = Color(0.66, 0.36, 0.34)
const BLUSH = Color(0.84, 0.55, 0.48)
const HAIR = Color(0.24, 0.16, 0.12)
const SHAPES = [
	"jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
	"mouthFrownRight", "mouthPucker", "mouthFunnel", "browInnerUp", "browDownLeft", "browDownRight", "cheekPuff",
	"noseSneerLeft", "noseSneerRight",
]

var _points := PoolVector3Array()  # of the face at rest
var _is_below := []  # whether a point hangs on the lower lip's side of the mouth
var _lid := []  # 0, or of a lid's point +1 left, -1 right
var _indices := PoolIntArray()


# The skin: one surface with all blend shapes.
func skin() -> ArrayMesh:
	_lay_face()
	for side in [1, -1]:
		_lay_lower_lid(side)
	for side in [1, -1]:
		_lay_lid(side)
	var normals := _normals(_points)
	var mesh := ArrayMesh.new()
	mesh.blend_shape_mode = Mesh.BLEND_SHAPE_MODE_RELATIVE
	var shapes := []
	for shape in SHAPES:
		mesh.add_blend_shape(shape)
		shapes.append(_offsets(shape, normals))
	var arrays := _arrays(_points, normals, _colours())
	arrays[Mesh.ARRAY_INDEX] = _indices
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, arrays, shapes, 0)
	return mesh


func _arrays(points: PoolVector3Array, normals: PoolVector3Array, colours: PoolColorArray) -> Array:
	var arrays := []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = points
	arrays[Mesh.ARRAY_NORMAL] = normals
	arrays[Mesh.ARRAY_COLOR] = colours
	return arrays


# Lips, cheeks and brows are painted on.
func _colours() -> PoolColorArray:
	var colours := PoolColorArray()
	for point in _points:
		var x: float = abs(point.x)
		var is_front: bool = point.z > 0.3
		var lips: float = smoothstep(0.40, 0.60, _bump(x, point.y, 0.0, MOUTH.y - 0.01, 0.27, 0.085))
		var brow: float = smoothstep(0.4, 0.6, _bump(x, point.y, 0.27, 0.41 - 0.3 * pow(x - 0.24, 2), 0.22, 0.05))
		var cheek := 0.55 * _bump(x, point.y, 0.42, -0.14, 0.20, 0.16)
		var colour: Color = SKIN.linear_interpolate(BLUSH, cheek).linear_interpolate(LIPS, lips)
		colours.append(colour.linear_interpolate(HAIR, brow) if is_front else SKIN)
	return colours


# What a shape adds to points and normals at full weight.
func _offsets(shape: String, normals: PoolVector3Array) -> Array:
	var moved := PoolVector3Array()
	for index in _points.size():
		moved.append(_points[index] + _move(shape, index))
	var turned := _normals(moved)
	var offsets := PoolVector3Array()
	for index in _points.size():
		offsets.append(moved[index] - _points[index])
		turned[index] = turned[index] - normals[index]
	var colours := PoolColorArray()
	for _index in _points.size():
		colours.append(Color(0, 0, 0, 0))  # nothing is added to them
	return _arrays(offsets, turned, colours)


func _lay_face() -> void:
	var heights := _heights()
	var split := heights.find(MOUTH.y / TALL)  # that row is laid twice: the upper lip's edge, and the lower's
	for row in heights.size():
		_lay_row(heights[row], row > split)
	for row in heights.size() - 1:
		for column in COLUMNS:
			_indices.append_array(_quad(row, column, split))


# The heights of the rows, 1 the crown and -1 the chin: evenly round, and denser about the lips.
func _heights() -> Array:
	var heights := []
	for row in ROWS:
		var height := cos(PI * row / (ROWS - 1.0))
		if abs(height - MOUTH.y / TALL) > 0.12:
			heights.append(height)
	for step in [-0.10, -0.075, -0.05, -0.025, 0.0, 0.0, 0.02, 0.04, 0.06, 0.09]:
		heights.append(MOUTH.y / TALL + step)
	heights.sort()
	heights.invert()
	return heights


func _lay_row(height: float, is_below: bool) -> void:
	for column in COLUMNS:
		var turn: float = 2.0 * column / COLUMNS - 1.0
		# Denser in front: half of the columns see the camera's third of the circle.
		_points.append(_surface(PI * (0.55 * turn + 0.45 * pow(turn, 3)), height))
		_is_below.append(is_below)
		_lid.append(0)


func _quad(row: int, column: int, split: int) -> PoolIntArray:
	if row == split:
		return PoolIntArray()  # between the lips, which lie together at rest
	var next := (column + 1) % COLUMNS
	var upper := row * COLUMNS
	var lower := upper + COLUMNS
	return PoolIntArray([upper + column, upper + next, lower + column, upper + next, lower + next, lower + column])


# A point of the face, by its angle about the upright axis (0 in front) and its height.
func _surface(angle: float, height: float) -> Vector3:
	var ring := sqrt(max(0.0, 1.0 - pow(abs(height), 2.5)))
	var jaw: float = lerp(1.0, 0.80, smoothstep(0.15, -0.9, height))
	var point := Vector3(0.76 * ring * jaw * sin(angle), TALL * height, 0.90 * ring * cos(angle))
	var front: float = smoothstep(0.1, 0.6, cos(angle))
	var x := point.x
	var y := point.y
	point.z += front * (
		0.20 * _bump(x, y, 0.0, -0.10, 0.09, 0.15) + 0.07 * _bump(x, y, 0.0, 0.12, 0.07, 0.20)  # nose
		+ 0.10 * _bump(x, y, 0.0, MOUTH.y, 0.26, 0.14) + 0.08 * _bump(x, y, 0.0, -0.88, 0.28, 0.22)  # lips, chin
		+ 0.07 * _bump(abs(x), y, 0.25, 0.38, 0.24, 0.08) + 0.05 * _bump(abs(x), y, 0.42, -0.16, 0.20, 0.18)  # brow, cheek
		- 0.20 * _bump(abs(x), y, EYE.x, EYE.y, 0.15, 0.13) - 0.03 * _bump(x, y, 0.0, MOUTH.y, 0.30, 0.025)  # socket, cleft
	)
	return point


# 1 at (x0, y0), falling off over the given widths.
func _bump(x: float, y: float, x0: float, y0: float, width: float, height: float) -> float:
	return exp(-pow((x - x0) / width, 2) - pow((y - y0) / height, 2))


# Half a shell over the eye; its lower edge falls when the eye shuts.
func _lay_lid(side: int) -> void:
	var shell := PoolVector3Array()
	for row in 5:
		for column in 11:
			shell.append(_on_lid(side, row / 4.0, column / 10.0, 0.50))
	_lay_shell(shell, side)


# The same from below; it stays.
func _lay_lower_lid(side: int) -> void:
	var shell := PoolVector3Array()
	for row in 5:
		for column in 11:
			var point := _on_lid(side, 1.0 - row / 4.0, column / 10.0, 0.62)
			shell.append(Vector3(point.x, 2.0 * EYE.y - point.y, point.z))
	_lay_shell(shell, 0)


func _lay_shell(shell: PoolVector3Array, lid: int) -> void:
	var first := _points.size()
	for point in shell:
		_points.append(point)
		_is_below.append(false)
		_lid.append(lid)
	for row in 4:
		for column in 10:
			var upper := first + row * 11 + column
			_indices.append_array(PoolIntArray([upper, upper + 1, upper + 11, upper + 1, upper + 12, upper + 11]))


# A point of a lid: `down` 0 at the socket and 1 at the edge, `across` 0..1, and how far the edge stands open (radians up).
func _on_lid(side: int, down: float, across: float, open: float) -> Vector3:
	var around := PI * (across - 0.5)
	var up: float = lerp(1.45, open * cos(around) - 0.03, down)
	var direction := Vector3(sin(around), sin(up) * cos(around), cos(up) * cos(around))
	return Vector3(side * EYE.x, EYE.y, EYE.z) + direction * (EYE_RADIUS * 1.08)


func _move(shape: String, index: int) -> Vector3:
	if _lid[index] != 0:
		return _move_of_lid(shape, index)
	var point := _points[index]
	var side := 1.0 if shape.ends_with("Left") else -1.0
	var x := point.x * side  # positive on the shape's side
	var y := point.y
	if point.z < 0.0:
		return Vector3()
	var corner := _bump(x, y, MOUTH.x, MOUTH.y, 0.17, 0.16)
	var lips := _bump(point.x, y, 0.0, MOUTH.y, 0.30, 0.13)
	match shape:
		"jawOpen":
			return _jaw(point, _is_below[index])
		"mouthSmileLeft", "mouthSmileRight":
			return corner * Vector3(0.09 * side, 0.12, -0.05) + _bump(x, y, 0.42, -0.14, 0.18, 0.15) * Vector3(0.0, 0.05, 0.05)
		"mouthFrownLeft", "mouthFrownRight":
			return corner * Vector3(0.02 * side, -0.11, -0.02)
		"mouthPucker":
			return lips * Vector3(-0.45 * point.x, 0.0, 0.10)
		"mouthFunnel":
			return lips * Vector3(-0.30 * point.x, -0.05 if _is_below[index] else 0.04, 0.08)
		"browInnerUp":
			return _bump(abs(point.x), y, 0.10, 0.40, 0.14, 0.13) * Vector3(0.0, 0.12, 0.01)
		"browDownLeft", "browDownRight":
			return _bump(x, y, 0.22, 0.38, 0.20, 0.12) * Vector3(-0.03 * side, -0.09, 0.02)
		"cheekPuff":
			return _bump(abs(point.x), y, 0.45, -0.34, 0.20, 0.20) * Vector3(0.14 * sign(point.x), 0.0, 0.09)
		"noseSneerLeft", "noseSneerRight":
			return _bump(x, y, 0.09, -0.13, 0.09, 0.10) * Vector3(0.0, 0.06, 0.0)
	return Vector3()


func _move_of_lid(shape: String, index: int) -> Vector3:
	var side: int = 1 if _lid[index] > 0 else -1
	if shape != ("eyeBlinkLeft" if side > 0 else "eyeBlinkRight"):
		return Vector3()
	var place: int = index - (_points.size() - (110 if side > 0 else 55))
	return _on_lid(side, (place / 11) / 4.0, (place % 11) / 10.0, -0.42) - _points[index]


# The jaw turns about an axis through the ears: what lies below the mouth goes along, at the lips' corners not at all.
func _jaw(point: Vector3, is_below: bool) -> Vector3:
	if not is_below:
		return Vector3()
	var lip: float = smoothstep(1.1, 0.3, abs(point.x) / MOUTH.x) * smoothstep(0.3, 0.6, point.z)
	var depth: float = smoothstep(0.0, 0.30, MOUTH.y - point.y)
	var weight: float = max(lip, depth) * smoothstep(-0.1, 0.45, point.z)
	var hinge := Vector3(0.0, -0.05, 0.0)
	return (point - hinge).rotated(Vector3.RIGHT, 0.36 * weight) + hinge - point


func _normals(points: PoolVector3Array) -> PoolVector3Array:
	var sums := {}  # by place, so that points that lie together share a normal
	for corner in range(0, _indices.size(), 3):
		var a := points[_indices[corner]]
		var b := points[_indices[corner + 1]]
		var c := points[_indices[corner + 2]]
		var normal := (c - a).cross(b - a)
		for point in [a, b, c]:
			var key: Vector3 = point.snapped(Vector3.ONE * 0.0005)
			sums[key] = sums.get(key, Vector3()) + normal
	var normals := PoolVector3Array()
	for point in points:
		normals.append(sums.get(point.snapped(Vector3.ONE * 0.0005), Vector3.UP).normalized())
	return normals
