"""Face Cap, an iPhone app: OSC over UDP, to port 9000 unless the app is told otherwise.

`/W index value` for each of the 52 curves, `/HR x y z` for the head and `/ELR x y`, `/ERR x y` for the eyes in degrees;
`/HT`, where the head is, is of no use here. Index order: the app's page on its live mode, and the receiver for
MotionBuilder in github.com/Neill3d/OpenMoBu, agree. Axes are SceneKit's before the camera (`turn_before_camera`), in
the order of roll, then pitch, then yaw: so the makers' receiver, github.com/hizzlehoff/FaceCapOSCReceiverExample, turns
them into Unity's. Hence x is pitch (+ down), y is yaw to the left, z is roll to the right. The eyes' signs are taken to
be the head's.
"""

import math

import numpy as np
from pythonosc.osc_message import OscMessage

from bridge.capture import osc
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import number
from protocol.blendshapes import ARKIT55, INDEX

PORT = 9000
WEIGHT, HEAD, LEFT_EYE, RIGHT_EYE = "/W", "/HR", "/ELR", "/ERR"
IGNORED = ("/HT", "/HRQ")
ORDER = (
    "browInnerUp", "browDownLeft", "browDownRight", "browOuterUpLeft", "browOuterUpRight",
    "eyeLookUpLeft", "eyeLookUpRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight", "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "noseSneerLeft", "noseSneerRight", "jawOpen", "jawForward", "jawLeft", "jawRight",
    "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight", "mouthRollUpper", "mouthRollLower",
    "mouthShrugUpper", "mouthShrugLower", "mouthClose", "mouthSmileLeft", "mouthSmileRight",
    "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthStretchLeft", "mouthStretchRight", "tongueOut",
)  # fmt: skip
"""The curves by Face Cap's index."""

PLACES = tuple(INDEX[name] for name in ORDER)
Key = tuple[str, int]


class FaceCap:
    """Samples once a round of messages: at the end of a bundle, or, sent singly, at the message that ends a round.

    Nothing marks that one. It is the last before the first that came for a second time; at first, the last curve.
    """

    def __init__(self) -> None:
        self._curves = np.zeros(len(ARKIT55), np.float32)
        self._eyes = np.zeros(6, np.float32)
        self._round: dict[Key, None] = {}
        self._last: Key = (WEIGHT, len(ORDER) - 1)
        self._told = False
        self._oddities: set[str] = set()

    def read(self, packet: bytes) -> list[Sample]:
        """RefusedPacketError if it is no OSC, or if nothing in it is of Face Cap."""
        found, others = osc.messages(packet, (WEIGHT, HEAD, LEFT_EYE, RIGHT_EYE, *IGNORED))
        if not found and others:
            raise RefusedPacketError("not Face Cap", "this is OSC, and no message of it is to /W, /HR, /ELR or /ERR")
        if len(found) > 1:
            for message in found:
                self._take(message)
            return [self._sample()]
        return [sample for message in found for sample in self._take_singly(message)]

    def _take_singly(self, message: OscMessage) -> list[Sample]:
        key, samples = _key(message), []
        if key in self._round:
            self._last = next(reversed(self._round))
            samples = [] if self._told else [self._sample()]
            self._round, self._told = {}, False
        self._take(message)
        self._round[key] = None
        if key == self._last and not self._told:
            samples, self._told = [*samples, self._sample()], True
        return samples

    def _take(self, message: OscMessage) -> None:
        if message.address in IGNORED:
            return
        index, *_ = given = message.params or [None]
        values = [number(value) for value in given[:3]]
        if len(values) < (3 if message.address == HEAD else 2) or not all(map(math.isfinite, values)):
            self._oddities.add("bad value")
        elif message.address != WEIGHT:
            self._turn(message.address, *values)
        elif index in range(len(PLACES)):
            self._curves[PLACES[int(index)]] = values[1]
        else:
            self._oddities.add("unknown curve")

    def _turn(self, address: str, x: float, y: float, z: float = 0.0) -> None:
        """Degrees may be any number; a turn is the same once around."""
        pitch, yaw, roll = (math.remainder(math.radians(angle), math.tau) for angle in (x, -y, -z))
        if address == HEAD:
            self._curves[-3:] = yaw, pitch, roll
        else:
            start = 0 if address == LEFT_EYE else 3
            self._eyes[start : start + 2] = yaw, pitch

    def _sample(self) -> Sample:
        oddities, self._oddities = tuple(sorted(self._oddities)), set()
        return Sample(self._curves.copy(), self._eyes.copy(), oddities=oddities)


def _key(message: OscMessage) -> Key:
    """What a message is about. Indexes that mean nothing are all one, so that a round stays small."""
    index = message.params[0] if message.address == WEIGHT and message.params else -1
    return message.address, index if index in range(len(ORDER)) else -1
