"""Facemotion3D (iPhone): text, asked for by `FACEMOTION3D_OtherStreaming` to the phone's UDP 49993.

The messages are those of iFacialMocap's version 2 with ARKit's own names, `jawOpen&4`, and with expressions of the app,
`FM_…`, that no face model knows (mocap_text). By UDP they come back to 49993 or, by the maker's own example, to 49983;
with `|protocol=tcp` behind the greeting the phone connects to port 49986 and `___FACEMOTION3D` follows each.
"""

from bridge.capture.mocap_text import read_text
from bridge.capture.sample import RefusedPacketError, Sample

GREETING = b"FACEMOTION3D_"


class Facemotion3D:
    """Messages of Facemotion3D → samples; `read` as in `bridge.capture.sample.Decoder`."""

    def read(self, packet: bytes) -> list[Sample]:
        if packet.startswith(GREETING):
            raise RefusedPacketError("greeting", "a computer asks for data; the app on the phone is to send it")
        return [read_text(packet)]
