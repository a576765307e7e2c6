"""The types of message fields: what Python holds, and in the annotation the kind of field that checks it."""

from typing import Annotated

from protocol.curves import CurveValues, Values
from protocol.fields import Choice, Colour, Direction, Named, Prose, Real, Several, Text, Truth, Whole
from protocol.registry import CODECS, DELIVERIES, LIMITS, ROW_ORDERS

Part = bytes | bytearray | memoryview

LIGHT = Direction(
    azimuth=Real(-LIMITS["light_azimuth"], LIMITS["light_azimuth"]),
    elevation=Real(-LIMITS["light_below"], LIMITS["light_above"]),
)
BACKDROP = Colour()

Version = Annotated[int, Whole(1, 65535)]
Stream = Annotated[int, Whole(0, LIMITS["stream"])]
Sequence = Annotated[int, Whole(0, LIMITS["integer"])]
Micros = Annotated[int, Whole(0, LIMITS["integer"])]
Count = Annotated[int, Whole(0, LIMITS["integer"])]
Positive = Annotated[int, Whole(1, LIMITS["integer"])]
Size = Annotated[int, Whole(1, LIMITS["size"])]
Credit = Annotated[int, Whole(1, LIMITS["credit"])]
Seed = Annotated[int, Whole(0, LIMITS["seed"])]
Steps = Annotated[int, Whole(0, LIMITS["steps"])]
ExpressionScale = Annotated[float, Real(0.0, LIMITS["expression_scale"])]
ReferenceScale = Annotated[float, Real(0.0, LIMITS["reference_scale"])]
Light = Annotated[tuple[float, ...], LIGHT]
Backdrop = Annotated[str, BACKDROP]
Rate = Annotated[float, Real(0.0, LIMITS["rate"])]
Name = Annotated[str, Text(1, LIMITS["name_bytes"])]
Label = Annotated[str, Text(0, LIMITS["name_bytes"])]
Names = Annotated[tuple[str, ...], Several(Text(1, LIMITS["name_bytes"]))]
Sizes = Annotated[tuple[int, ...], Several(Whole(1, LIMITS["size"]), 1)]
Counts = Annotated[dict[str, int], Named(Text(1, LIMITS["name_bytes"]), Whole(0, LIMITS["integer"]))]
Sentence = Annotated[str, Prose(LIMITS["text_bytes"])]
CurveSet = Annotated[Values, CurveValues()]
Flag = Annotated[bool, Truth()]
Codec = Annotated[str, Choice(tuple(CODECS))]
RowOrder = Annotated[str, Choice(ROW_ORDERS)]
Delivery = Annotated[str, Choice(DELIVERIES)]
MaybeStream = Annotated[int, Whole(-1, LIMITS["stream"])]
MaybeSequence = Annotated[int, Whole(-1, LIMITS["integer"])]
ErrorNumber = Annotated[int, Whole(1, 65535)]
