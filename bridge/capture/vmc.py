"""VMC, what VTuber tools speak: OSC over UDP, to port 39539 by custom.

The protocol is that of github.com/sh-akira/VirtualMotionCaptureProtocol. `/VMC/Ext/Blend/Val` names a curve and its
value, `/VMC/Ext/Blend/Apply` says that a frame is complete; what a frame does not name keeps its value. Avatars made
for Perfect Sync take the 52 ARKit curves, others the presets of VRM, which are read only as long as no ARKit curve
comes. `/VMC/Ext/Bone/Pos` turns a bone of the avatar against the bone it hangs on, in Unity's axes (`turn_in_unity`).
The avatar is taken for the performer: a tool set to mirror sends the other side, and the preset's mirror undoes it. A
bone that is turned at rest already, as with avatars of VRM 1, is set straight by the neutral calibration.
`/VMC/Ext/OK` tells whether an avatar is loaded and, from version 2.7 on, whether the performer is tracked.
"""

from collections.abc import Callable

import numpy as np
from pythonosc.osc_message import OscMessage

from bridge.capture import osc
from bridge.capture.rotation import STILL, Quaternion, Turn, hung_on, turn_in_unity, unit
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import number, place_of, plain
from bridge.capture.vrm_presets import PRESETS, arkit_of
from protocol.blendshapes import ARKIT52, ARKIT55

PORT = 39539
VALUE, APPLY, BONE, STATE = "/VMC/Ext/Blend/Val", "/VMC/Ext/Blend/Apply", "/VMC/Ext/Bone/Pos", "/VMC/Ext/OK"
POSE = b"/VMC/Ext/Bone/Pos\0\0\0,sfffffff\0\0\0"
BONES = ("head", "neck", "lefteye", "righteye")
FORGET = 120
"""Frames without any ARKit curve, or with all of them 0, after which the presets are read: an avatar may have curves
that its tool does not know how to move."""


class Vmc:
    """Samples at each Apply. `neck` adds the turn of the neck to the head's: some tools share it out to both."""

    def __init__(self, neck: bool = False) -> None:
        self._neck = neck
        self._weights = np.zeros(len(ARKIT52), np.float32)
        self._presets: dict[str, float] = {}
        self._bones: dict[str, Quaternion] = dict.fromkeys(BONES, STILL)
        self._since_arkit = FORGET
        self._has_curves = False
        self._tracked = True
        self._applied = False
        self._oddities: set[str] = set()
        self._takers: dict[str, Callable[[OscMessage], list[Sample]]] = {
            VALUE: self._take_value, APPLY: self._take_apply, BONE: self._take_bone, STATE: self._take_state,
        }  # fmt: skip

    def read(self, packet: bytes) -> list[Sample]:
        """RefusedPacketError if it is no OSC, or if nothing in it is of VMC."""
        found, others = osc.messages(packet, self._takers, _is_of_the_body)
        if not found and others and b"/VMC/" not in packet:
            raise RefusedPacketError("not VMC", "this is OSC, and no message of it is to an address of /VMC/")
        return [sample for message in found for sample in self._takers[message.address](message)]

    def _take_value(self, message: OscMessage) -> list[Sample]:
        name, value = (*message.params, None, None)[:2]
        amount = number(value)
        if not isinstance(name, str) or amount != amount:
            self._oddities.add("bad value")
        elif (place := place_of(name)) is not None:
            self._weights[place] = amount
            if amount or not self._has_curves:
                self._since_arkit, self._has_curves = 0, True
        elif plain(name) in PRESETS:
            self._presets[plain(name)] = amount
        else:
            self._oddities.add("unknown curve")
        return []

    def _take_bone(self, message: OscMessage) -> list[Sample]:
        name, *pose = message.params or [""]
        bone = name.casefold() if isinstance(name, str) else ""
        if bone in BONES:
            rotation = unit(*map(number, pose[3:7])) if len(pose) >= 7 else None
            if rotation is None:
                self._oddities.add("bad rotation")
            else:
                self._bones[bone] = rotation
        return []

    def _take_state(self, message: OscMessage) -> list[Sample]:
        """Loses at once; a tool that has lost its performer may go on to send no frame but this."""
        loaded, *others = message.params or [1]
        was, self._tracked = self._tracked, bool(loaded) and (len(others) < 3 or bool(others[2]))
        silent, self._applied = not self._applied, False
        return [self._sample()] if not self._tracked and (was or silent) else []

    def _take_apply(self, message: OscMessage) -> list[Sample]:
        self._applied = True
        self._since_arkit = min(self._since_arkit + 1, FORGET)
        if self._since_arkit == FORGET:
            self._weights.fill(0.0)
        return [self._sample()]

    def _sample(self) -> Sample:
        oddities, self._oddities = tuple(sorted(self._oddities)), set()
        curves, eyes = np.zeros(len(ARKIT55), np.float32), np.zeros(6, np.float32)
        if self._tracked:
            curves[: len(ARKIT52)] = arkit_of(self._presets) if self._since_arkit == FORGET else self._weights
            curves[len(ARKIT52) :] = self._head()
            eyes[:] = turn_in_unity(self._bones["lefteye"]) + turn_in_unity(self._bones["righteye"])
        return Sample(curves, eyes, tracked=self._tracked, oddities=oddities)

    def _head(self) -> Turn:
        head = self._bones["head"]
        return turn_in_unity(hung_on(head, self._bones["neck"]) if self._neck else head)


def _is_of_the_body(part: memoryview) -> bool:
    """Whether a message turns a bone that we have no use for, as most of them do; told without taking it apart."""
    name = bytes(part[len(POSE) : len(POSE) + 12]).split(b"\0", 1)[0]
    return part[: len(POSE)] == POSE and name.decode("ascii", "replace").casefold() not in BONES
