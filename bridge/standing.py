"""How a client stands with its server: the states, their colours, and the sentences that tell them to the user.

docs/clients.md, "One conduct", has them in a table; the clients in engines say the same. A reason is a sentence's
middle: what happened, and after a colon what to do.
"""

from enum import Enum


class State(Enum):
    """How it stands with the server."""

    OFFLINE = "Offline"  # not asked to connect
    CONNECTING = "Connecting"
    STREAMING = "Streaming"
    WAITING = "Waiting"  # the server is gone, or not there yet: tries again by itself
    REFUSED = "Refused"  # the server said no: tries again when the settings change
    CLOSED = "Closed"


COLOURS = {
    State.OFFLINE: "grey",
    State.CONNECTING: "amber",
    State.STREAMING: "green",
    State.WAITING: "amber",
    State.REFUSED: "red",
    State.CLOSED: "grey",
}
TRYING = (State.CONNECTING, State.STREAMING, State.WAITING)

GOODBYE = "the server said goodbye"
STREAM_CLOSED = "the server closed the stream"
REMEDIES = {
    "unknown_identity": "choose another identity",
    "unsupported": "choose another size, codec or basis",
    "too_many_streams": "close another stream",
}


def nobody(address: str) -> str:
    return f"no facebridge server answers at {address}: start one with `facebridge serve`, or check the address"


def gone(address: str) -> str:
    return f"the server at {address} is gone: start it again"


def silent(address: str) -> str:
    return f"the server at {address} has been silent for 3 seconds"


def turned_away(address: str, keys: bool = False) -> str:
    """The connection ended before anything was said; `keys`: though this client has keys."""
    if keys:
        what = "does not accept these keys: check the server's public key, and have yours put on its list"
        return f"the server at {address} {what}"
    what = "turns this client away; it asks for keys, or is no facebridge server"
    return f"the server at {address} {what}: enter the keys, or check the address"


def ended(text: str) -> str:
    """The server has ended the connection, with this `text`."""
    return f"the server ended the connection: {text}"


def unreadable(text: str) -> str:
    return f"the server does not keep to the protocol: {text}"


def too_old(text: str) -> str:
    """Client and server have nothing in common."""
    return f"{text}: update the older side"


def declined(text: str, error: str = "") -> str:
    """A setting that was refused, with the server's `text` and the name of its error."""
    return f"{text}: {REMEDIES.get(error, 'change the settings')}"


def streaming(identity: str, size: int, refusal: str) -> str:
    """`refusal` is why a change was not made, "" where none was refused."""
    so_far = f"Streaming {identity} at {size} pixels"
    return f"{so_far} as before; refused: {refusal}." if refusal else f"{so_far}."


def sentence(state: State, address: str, reason: str) -> str:
    """For every state but Streaming; `reason` is that of Waiting and Refused."""
    return {
        State.OFFLINE: "Not connected: connect to begin.",
        State.CONNECTING: f"Connecting to {address}.",
        State.WAITING: f"Waiting: {reason}.",
        State.REFUSED: f"Refused: {reason}.",
        State.CLOSED: "Closed: connect to begin again.",
    }[state]
