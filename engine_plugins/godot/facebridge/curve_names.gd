# The curves of each basis, in the order of the wire: protocol/registry.json, which a test compares.
extends Reference

const ARKIT52 = [
	"eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
	"eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
	"eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen",
	"mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft",
	"mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft",
	"mouthStretchRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft",
	"mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight",
	"browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
	"cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
]
const HEAD = ["headYaw", "headPitch", "headRoll"]  # radians
const EXPRESSIONS = 50  # of FLAME
const LIDS_AND_JAW = ["eyelidLeft", "eyelidRight", "jawX", "jawY", "jawZ"]


# The names of a basis: "arkit52", "arkit55" or "flame55".
static func of(basis: String) -> Array:
	match basis:
		"arkit52":
			return ARKIT52
		"arkit55":
			return ARKIT52 + HEAD
		"flame55":
			var names := []
			for number in EXPRESSIONS:
				names.append("expression%02d" % number)
			return names + LIDS_AND_JAW
	return []


# Every name of every basis, as the keys of a dictionary.
static func all() -> Dictionary:
	var known := {}
	for name in of("arkit55") + of("flame55"):
		known[name] = true
	return known
