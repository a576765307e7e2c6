# The sentences that tell the user how a client stands, and what to do: docs/clients.md, "One conduct", has them in a table.
# A reason is a sentence's middle: what happened, and after a colon what to do.
extends Reference

const REMEDIES = {
	"unknown_identity": "choose another identity",
	"unsupported": "choose another size, codec or basis",
	"too_many_streams": "close another stream",
}


static func nobody(address: String) -> String:
	return "no facebridge server answers at %s: start one with `facebridge serve`, or check the address" % address


static func gone(address: String) -> String:
	return "the server at %s is gone: start it again" % address


static func silent(address: String) -> String:
	return "the server at %s has been silent for 3 seconds" % address


static func turned_away(address: String) -> String:
	var what := "turns this client away; it asks for keys, or is no facebridge server"
	return "the server at %s %s: enter the keys, or check the address" % [address, what]


# A setting that was refused, with the server's `text` and the name of its error.
static func declined(text: String, error := "") -> String:
	return "%s: %s" % [text, REMEDIES.get(error, "change the settings")]


# `refusal` is why a change was not made, "" where none was refused.
static func streaming(identity: String, size: int, refusal: String) -> String:
	var so_far := "Streaming %s at %d pixels" % [identity, size]
	return so_far + "." if refusal == "" else "%s as before; refused: %s." % [so_far, refusal]


# For every state but Streaming; `reason` is that of Waiting and Refused.
static func sentence(state: String, address: String, reason: String) -> String:
	match state:
		"Offline":
			return "Not connected: connect to begin."
		"Connecting":
			return "Connecting to %s." % address
		"Waiting", "Refused":
			return "%s: %s." % [state, reason]
	return "Closed: connect to begin again."
