"""Recording by remote control: the OSC commands of Live Link Face, so that what starts a phone starts this too.

`/RecordStart slate take`, `/RecordStop`, `/Slate name`, `/Take number` and `/OSCSetSendTarget host port`; the app
answers the first two with `/RecordStartConfirm timecode` and `/RecordStopConfirm timecode csv film`, the last with
`/OSCSetSendTargetConfirm`, and says nothing to the others. Epic's page on the app lists them. Bytes in, bytes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from bridge.capture.sample import RefusedPacketError
from bridge.takes.slate import MOST_TAKES

LONGEST = 8192  # bytes of a packet
PORT = 8000
"""Where orders are usually listened for; the app lets its user choose."""


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Start the recording of a take. "" and None: the slate and the number that were set before."""

    slate: str = ""
    take: int | None = None


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Stop the recording."""


@dataclass(frozen=True, slots=True)
class SetSlate:
    """What the takes that follow are called."""

    slate: str


@dataclass(frozen=True, slots=True)
class SetTake:
    """The number of the next take."""

    take: int


@dataclass(frozen=True, slots=True)
class SetTarget:
    """Where answers go from now on; before, to where an order came from."""

    host: str
    port: int


Order = StartRecording | StopRecording | SetSlate | SetTake | SetTarget


def read_orders(packet: bytes) -> list[Order]:
    """The orders of a packet, a message or a bundle of several. RefusedPacketError for what is no order."""
    if len(packet) > LONGEST:
        raise RefusedPacketError("too long", f"{len(packet)} bytes, where an order has at most {LONGEST}")
    try:
        messages = [timed.message for timed in OscPacket(packet).messages]
    except Exception as error:  # python-osc lets more escape than its ParseError
        raise RefusedPacketError("no OSC", f"{len(packet)} bytes that are no OSC message: {error}") from None
    return [_order(message) for message in messages]


def order_packet(order: Order) -> bytes:
    """The message of an order, for a phone or another facebridge."""
    match order:
        case StartRecording(slate, take):
            return _message("/RecordStart", [slate] if take is None else [slate, take])
        case StopRecording():
            return _message("/RecordStop")
        case SetSlate(slate):
            return _message("/Slate", [slate])
        case SetTake(take):
            return _message("/Take", [take])
        case SetTarget(host, port):
            return _message("/OSCSetSendTarget", [host, port])


def confirmation(order: Order, timecode: str = "", curves: str = "", film: str = "") -> bytes | None:
    """The answer once an order is carried out; None where the app gives none. `curves` and `film` name the files."""
    match order:
        case StartRecording():
            return _message("/RecordStartConfirm", [timecode])
        case StopRecording():
            return _message("/RecordStopConfirm", [timecode, curves, film])
        case SetTarget():
            return _message("/OSCSetSendTargetConfirm")
    return None


def _order(message: OscMessage) -> Order:
    values = list(message.params)
    match message.address.casefold():
        case "/recordstart":
            return StartRecording(_text(values, 0) if values else "", _number(values, 1) if len(values) > 1 else None)
        case "/recordstop":
            return StopRecording()
        case "/slate":
            return SetSlate(_text(values, 0))
        case "/take":
            return SetTake(_number(values, 0))
        case "/oscsetsendtarget":
            return SetTarget(_text(values, 0), _number(values, 1, 65535))
    raise RefusedPacketError("unknown order", f"{message.address[:40]!r} is no order to a recorder")


def _text(values: Sequence[object], place: int) -> str:
    value = values[place] if place < len(values) else None
    if not isinstance(value, str):
        raise RefusedPacketError("no text", f"argument {place + 1} is {str(value)[:40]!r}, where a text belongs")
    return value


def _number(values: Sequence[object], place: int, most: int = MOST_TAKES) -> int:
    """A whole number; some senders know floats or texts only."""
    value = values[place] if place < len(values) else None
    text = str(value).removesuffix(".0") if isinstance(value, int | float | str) else ""
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and int(text[:12]) <= most):
        raise RefusedPacketError("no number", f"argument {place + 1} is {str(value)[:40]!r}, not 0 to {most}")
    return int(text)


def _message(address: str, values: Sequence[str | int] = ()) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    return builder.build().dgram
