# The tables of the protocol: for each message its fields in order. A row is [key, kind], and a third entry is what a
# missing key stands for; null is "unchanged".
extends Reference

const Fields = preload("fields.gd")
const CurveValues = preload("curve_values.gd")

const MOST = 0x7fffffffffffffff

var tables: Dictionary


func _init() -> void:
	var version := Fields.Whole.new(1, 65535)
	var number := Fields.Whole.new(0, 65535)
	var count := Fields.Whole.new(0, MOST)
	var positive := Fields.Whole.new(1, MOST)
	var size := Fields.Whole.new(1, 4096)
	var credit := Fields.Whole.new(1, 1024)
	var seed_ := Fields.Whole.new(0, 0xffffffff)
	var steps := Fields.Whole.new(0, 100)
	var scale := Fields.Number.new(0, 10)
	var name := Fields.Text.new(1, 64)
	var label := Fields.Text.new(0, 64)
	var sentence := Fields.Text.new(0, 512)
	var names := Fields.Several.new(name)
	var codec := Fields.Choice.new(["jpeg", "rgb24", "rgba32"])
	var row_order := Fields.Choice.new(["top", "bottom"])
	var delivery := Fields.Choice.new(["newest", "every"])
	var truth := Fields.Truth.new()
	var light := Fields.Direction.new()
	var backdrop := Fields.Backdrop.new()
	tables = {
		"HELLO": [
			["version_min", version], ["version_max", version], ["client", label, ""], ["bases", names, []],
			["codecs", names, []],
		],
		"WELCOME": [
			["version", version], ["server", label], ["model", name], ["bases", names], ["codecs", names],
			["sizes", Fields.Several.new(size, 1)], ["identities", names], ["max_message", positive],
			["max_streams", positive], ["max_rate", Fields.Number.new(0, 100000)], ["max_credit", credit],
			["clock", count], ["capabilities", names, []],
		],
		"OPEN": [
			["stream", number], ["subject", label], ["identity", name], ["basis", name], ["size", size],
			["codec", codec, "jpeg"], ["row_order", row_order, "top"], ["delivery", delivery, "newest"],
			["credit", credit, 2], ["seed", seed_, 0], ["steps", steps, 0], ["expression_scale", scale, 1.0],
			["reference_scale", scale, 0.8], ["light", light, []], ["backdrop", backdrop, ""],
		],
		"OPENED": [
			["stream", number], ["identity", name], ["basis", name], ["size", size], ["codec", codec],
			["row_order", row_order], ["delivery", delivery], ["credit", credit], ["seed", seed_], ["steps", steps],
			["expression_scale", scale], ["reference_scale", scale, 0.8], ["notice", sentence, ""],
			["light", light, []], ["backdrop", backdrop, ""],
		],
		"CURVES": [
			["stream", number], ["sequence", count], ["captured", count], ["timecode", label],
			["values", CurveValues.new()],
		],
		"PICTURE": [
			["stream", number], ["sequence", count], ["captured", count], ["timecode", label], ["width", size],
			["height", size], ["codec", codec], ["row_order", row_order], ["repeated", truth], ["dropped", count],
			["received", count], ["taken", count], ["drawn", count], ["sent", count],
		],
		"ACK": [["stream", number], ["sequence", count]],
		"CONTROL": [
			["stream", number], ["identity", name, null], ["expression_scale", scale, null], ["steps", steps, null],
			["seed", seed_, null], ["reset", truth, false], ["reference_scale", scale, null], ["light", light, null],
			["backdrop", backdrop, null],
		],
		"STATS": [
			["clients", count], ["streams", count], ["received", count], ["drawn", count], ["repeated", count],
			["dropped", count], ["rejected", count], ["sent", count], ["uptime", count],
			["errors", Fields.Counts.new()],
		],
		"PING": [["sent", count]],
		"PONG": [["sent", count], ["received", count], ["replied", count]],
		"ERROR": [
			["code", version], ["name", name], ["text", sentence], ["stream", Fields.Whole.new(-1, 65535), -1],
			["sequence", Fields.Whole.new(-1, MOST), -1], ["fatal", truth, false],
		],
		"CLOSE": [["stream", number]],
		"BYE": [["reason", sentence, ""]],
	}
