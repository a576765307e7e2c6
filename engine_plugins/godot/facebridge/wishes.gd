# What a stream is wished to be, what the server has granted of that, and what it has refused: settings by name. A change
# that was refused is not asked for again until its wish is another.
extends Reference

const CONTROLLED = ["identity", "expression_scale", "reference_scale", "steps", "seed", "light", "backdrop"]

var asked := {}  # by the last OPEN or CONTROL; {} while no stream is
var in_force := {}  # since the last OPENED; stays after the stream's end, to resume with
var refusal := ""  # why, as long as a refusal stands

var _refused := {}
var _before := {}  # what was in force before the last OPENED


# What to ask for: the settings, with the server's own where none is wished, and without what it refused.
func wanted(settings: Dictionary, welcome: Dictionary) -> Dictionary:
	var wishes := settings.duplicate()
	wishes.erase("address")
	if wishes["identity"] == "" and welcome["identities"]:
		wishes["identity"] = welcome["identities"][0]
	if wishes["size"] == 0:
		wishes["size"] = welcome["sizes"][0]
	if difference(_refused, wishes):
		_refused = {}
		refusal = ""
	for name in _refused:
		wishes[name] = in_force[name]
	return wishes


# Of `wishes` what `others` has not, or has otherwise.
static func difference(wishes: Dictionary, others: Dictionary) -> Dictionary:
	var different := {}
	for name in wishes:
		if JSON.print(wishes[name]) != JSON.print(others.get(name)):
			different[name] = wishes[name]
	return different


# Whether CONTROL can make these changes.
static func may_control(changes: Dictionary) -> bool:
	for name in changes:
		if not name in CONTROLLED:
			return false
	return true


# What was asked for is in force.
func grant() -> void:
	_before = in_force if in_force else asked
	in_force = asked


# What the last CONTROL asked for is refused, and all stays as it was.
func refuse(reason: String) -> void:
	_keep_out(asked, in_force, reason)
	asked = in_force


# What was granted last could not be done, and what was in force before it is again.
func withdraw(reason: String) -> void:
	_keep_out(in_force, _before, reason)
	if difference(asked, in_force).empty():
		asked = _before
	in_force = _before


# The stream is no more.
func end() -> void:
	asked = {}


func _keep_out(wished: Dictionary, kept: Dictionary, reason: String) -> void:
	var refused := difference(wished, kept)
	for name in refused:
		_refused[name] = refused[name]
	refusal = reason
