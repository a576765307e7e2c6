# A take as Live Link Face writes it: a CSV with a line of names. A frame is a dictionary of curves by ARKit's names.
extends Reference

const CurveNames = preload("../facebridge/curve_names.gd")

var frames := []
var timecodes := []


func read(path: String) -> bool:
	var file := File.new()
	if file.open(path, File.READ) != OK:
		return false
	var names := file.get_csv_line()
	while not file.eof_reached():
		var cells := file.get_csv_line()
		if cells.size() == names.size():
			frames.append(_frame(names, cells))
			timecodes.append(cells[0])
	return true


func _frame(names: PoolStringArray, cells: PoolStringArray) -> Dictionary:
	var known := CurveNames.all()
	var frame := {}
	for place in names.size():
		var name := names[place][0].to_lower() + names[place].substr(1)
		if known.has(name):
			frame[name] = float(cells[place])
	return frame


# Set the blend shapes that the mesh has, and turn the head.
func pose(mesh: MeshInstance, number: int) -> void:
	var frame: Dictionary = frames[number]
	for index in mesh.mesh.get_blend_shape_count():
		var name: String = mesh.mesh.get_blend_shape_name(index)
		mesh.set("blend_shapes/" + name, frame.get(name, 0.0))
	var pitch := Basis(Vector3.RIGHT, frame.get("headPitch", 0.0))
	var yaw := Basis(Vector3.UP, -frame.get("headYaw", 0.0))
	var roll := Basis(Vector3.BACK, -frame.get("headRoll", 0.0))
	mesh.transform.basis = roll * yaw * pitch
