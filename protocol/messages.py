"""The messages, one frozen dataclass each. A field's name is its wire key, its annotation says what it may hold.

A field with a default may be missing on the wire; a field that is None is not sent. Times are microseconds.
New fields are appended, with a default. SPEC.md has the same tables in words.
"""

from dataclasses import dataclass

from protocol import wire_types as wire
from protocol.curves import CurveValues


@dataclass(frozen=True, slots=True)
class Hello:
    """Client to server, first of all: the versions it speaks, and the bases and codecs it can use (none: any)."""

    version_min: wire.Version
    version_max: wire.Version
    client: wire.Label = ""
    bases: wire.Names = ()
    codecs: wire.Names = ()


@dataclass(frozen=True, slots=True)
class Welcome:
    """Server to client: the version spoken from now on, what can be had, and the limits.

    `max_message` is in bytes, all parts together; `max_rate` in CURVES per second and stream; `clock` in µs.
    `capabilities` are what the model heeds beside the identity: of "expression", "reference",
    "light", "alpha".
    """

    version: wire.Version
    server: wire.Label
    model: wire.Name
    bases: wire.Names
    codecs: wire.Names
    sizes: wire.Sizes
    identities: wire.Names
    max_message: wire.Positive
    max_streams: wire.Positive
    max_rate: wire.Rate
    max_credit: wire.Credit
    clock: wire.Micros
    capabilities: wire.Names = ()


@dataclass(frozen=True, slots=True)
class Open:
    """Client to server: open a stream, one performer drawn as one identity. `size` is in pixels, width and height.

    `light` is (azimuth, elevation) of the key light in degrees, + to the picture's right and up, () the model's own.
    `backdrop` is "#rrggbb", "transparent", or "": transparent where the codec has alpha, else a plain colour.
    """

    stream: wire.Stream
    subject: wire.Label
    identity: wire.Name
    basis: wire.Name
    size: wire.Size
    codec: wire.Codec = "jpeg"
    row_order: wire.RowOrder = "top"
    delivery: wire.Delivery = "newest"
    credit: wire.Credit = 2
    seed: wire.Seed = 0
    steps: wire.Steps = 0
    expression_scale: wire.ExpressionScale = 1.0
    reference_scale: wire.ReferenceScale = 0.8
    light: wire.Light = ()
    backdrop: wire.Backdrop = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """Server to client: the stream as it was granted, after OPEN and after each CONTROL.

    `notice` is "" or a few sentences: what of the basis and the wishes has no effect, and how to get the rest.
    """

    stream: wire.Stream
    identity: wire.Name
    basis: wire.Name
    size: wire.Size
    codec: wire.Codec
    row_order: wire.RowOrder
    delivery: wire.Delivery
    credit: wire.Credit
    seed: wire.Seed
    steps: wire.Steps
    expression_scale: wire.ExpressionScale
    reference_scale: wire.ReferenceScale = 0.8
    notice: wire.Sentence = ""
    light: wire.Light = ()
    backdrop: wire.Backdrop = ""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Client to server: one frame of a performance. `captured` is the sender's clock, "" is no timecode."""

    stream: wire.Stream
    sequence: wire.Sequence
    captured: wire.Micros
    timecode: wire.Label
    values: wire.CurveSet

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Curves) and self._comparable() == other._comparable()

    def _comparable(self) -> tuple[object, ...]:
        values = self.values if isinstance(self.values, dict) else CurveValues().write(self.values, "CURVES.values")
        return (self.stream, self.sequence, self.captured, self.timecode, values)


@dataclass(frozen=True, slots=True)
class Picture:
    """Server to client: the picture of one frame; `pixels` travels as part 1.

    `sequence`, `captured` and `timecode` come back as they were sent; `received`, `taken`, `drawn` and `sent` are the
    server's clock. `pixels` is what `codec` says: a JPEG file, or width x height x 3 or 4 bytes in `row_order`.
    """

    stream: wire.Stream
    sequence: wire.Sequence
    captured: wire.Micros
    timecode: wire.Label
    width: wire.Size
    height: wire.Size
    codec: wire.Codec
    row_order: wire.RowOrder
    repeated: wire.Flag
    dropped: wire.Count
    received: wire.Micros
    taken: wire.Micros
    drawn: wire.Micros
    sent: wire.Micros
    pixels: wire.Part


@dataclass(frozen=True, slots=True)
class Ack:
    """Client to server: every picture up to and including `sequence` has arrived; their credit is free again."""

    stream: wire.Stream
    sequence: wire.Sequence


@dataclass(frozen=True, slots=True)
class Control:
    """Client to server: change a stream while it runs. What is None stays as it is."""

    stream: wire.Stream
    identity: wire.Name | None = None
    expression_scale: wire.ExpressionScale | None = None
    steps: wire.Steps | None = None
    seed: wire.Seed | None = None
    reset: wire.Flag = False
    reference_scale: wire.ReferenceScale | None = None
    light: wire.Light | None = None
    backdrop: wire.Backdrop | None = None


@dataclass(frozen=True, slots=True)
class StatsRequest:
    """Client to server: ask for the counters."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Server to client: counters of the whole server since it started; `uptime` in µs."""

    clients: wire.Count
    streams: wire.Count
    received: wire.Count
    drawn: wire.Count
    repeated: wire.Count
    dropped: wire.Count
    rejected: wire.Count
    sent: wire.Count
    uptime: wire.Micros
    errors: wire.Counts


@dataclass(frozen=True, slots=True)
class Ping:
    """Either way: `sent` is the sender's clock."""

    sent: wire.Micros


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to PING: `sent` as it came, and the answering side's clock on arrival and on leaving."""

    sent: wire.Micros
    received: wire.Micros
    replied: wire.Micros


@dataclass(frozen=True, slots=True)
class Error:
    """Server to client: a refusal. After a fatal one the server has forgotten the client."""

    code: wire.ErrorNumber
    name: wire.Name
    text: wire.Sentence
    stream: wire.MaybeStream = -1
    sequence: wire.MaybeSequence = -1
    fatal: wire.Flag = False


@dataclass(frozen=True, slots=True)
class Close:
    """Client to server: end a stream; the server sends it back when nothing more will come of the stream."""

    stream: wire.Stream


@dataclass(frozen=True, slots=True)
class Bye:
    """Either way: the connection ends."""

    reason: wire.Sentence = ""


Message = (
    Hello | Welcome | Open | Opened | Curves | Picture | Ack | Control
    | StatsRequest | Stats | Ping | Pong | Error | Close | Bye
)  # fmt: skip

NAMES: dict[type, str] = {
    Hello: "HELLO",
    Welcome: "WELCOME",
    Open: "OPEN",
    Opened: "OPENED",
    Curves: "CURVES",
    Picture: "PICTURE",
    Ack: "ACK",
    Control: "CONTROL",
    StatsRequest: "STATS",
    Stats: "STATS",
    Ping: "PING",
    Pong: "PONG",
    Error: "ERROR",
    Close: "CLOSE",
    Bye: "BYE",
}
"""What each message is called on the wire, under the key `t`. STATS without counters is the request."""
