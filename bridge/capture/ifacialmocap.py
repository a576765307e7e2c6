"""iFacialMocap (iPhone, and what imitates it): text, asked for by a greeting to the phone's UDP 49983.

By UDP each datagram is one message and comes back to port 49983 of the computer; by TCP the phone connects to port
49986, and `___iFacialMocap` follows each message. Without `|sendDataVersion=v2` behind the greeting it sends version 1.
The message is told in mocap_text. The apps' binary version 3 is refused: it needs a conversation of its own.
"""

from bridge.capture.mocap_text import read_text
from bridge.capture.sample import RefusedPacketError, Sample

GREETING = b"iFacialMocap_"


class IFacialMocap:
    """Messages of iFacialMocap → samples; `read` as in `bridge.capture.sample.Decoder`."""

    def read(self, packet: bytes) -> list[Sample]:
        if packet.startswith(GREETING):
            raise RefusedPacketError("greeting", "a computer asks for data; the app on the phone is to send it")
        return [read_text(packet)]
