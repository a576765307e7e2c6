"""Rokoko Studio's live stream: JSON over UDP, to port 14043, whole or as an LZ4 frame.

Fields as the makers' plug-ins for Unity and Blender read them (github.com/Rokoko): from version 3 on
`scene.actors[]`, each with `name`, `meta.hasFace` and `face`, and where no actor has one, `scene.characters[]` with
`blendshapes.names` and `blendshapes.values`; before that `faces[]` with `profileName` and `faceId`. A face holds the 52
ARKit curves by name, 0 to 100. There is no head in it: the body's bones turn with the suit, each against a rest pose of
Studio's own, so the head angles stay 0.
"""

from typing import Any

import numpy as np

from bridge.capture.json_packet import part, read_object
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import number, place_of
from protocol.blendshapes import ARKIT52, ARKIT55

PORT = 14043
LZ4 = b"\x04\x22\x4d\x18"
LARGEST = 1 << 17  # bytes, unpacked; five actors with bodies and gloves are two thirds of it
MOST_FACES = 8


class Rokoko:
    """One sample for each face of a packet, named by its actor."""

    def read(self, packet: bytes) -> list[Sample]:
        """RefusedPacketError if it is no scene, or one without a face."""
        scene = read_object(_unpacked(packet) if packet.startswith(LZ4) else packet, "Rokoko", LARGEST)
        faces = _faces(scene)
        if faces is None:
            raise RefusedPacketError("not Rokoko", "this JSON has neither a scene with actors nor faces")
        samples = [_sample(face, name) for name, face in faces[:MOST_FACES]]
        if not samples:
            raise RefusedPacketError("no face", "the scene has no actor with a face: pair one with an actor in Studio")
        return samples


def _unpacked(packet: bytes) -> bytes:
    try:
        from lz4.frame import LZ4FrameDecompressor
    except ImportError:
        raise RefusedPacketError(
            "LZ4", "this is packed with LZ4: `pip install lz4`, or choose plain JSON in Rokoko Studio"
        ) from None
    unpacking = LZ4FrameDecompressor()
    try:
        unpacked = unpacking.decompress(packet, max_length=LARGEST)
    except (RuntimeError, ValueError, MemoryError) as error:
        raise RefusedPacketError("broken LZ4", f"the LZ4 frame cannot be unpacked: {error}") from None
    if not unpacking.eof:
        raise RefusedPacketError("broken LZ4", f"the LZ4 frame is cut off, or holds more than {LARGEST} bytes")
    return unpacked


def _faces(packet: dict[str, Any]) -> list[tuple[str, dict[str, Any]]] | None:
    """Each face with the name of who has it; None where there is no place for faces."""
    scene = part(packet.get("scene"), dict)
    if isinstance(scene.get("actors"), list):
        actors = [actor for actor in scene["actors"] if isinstance(actor, dict)]
        with_face = [actor for actor in actors if part(actor.get("meta"), dict).get("hasFace", True) is True]
        faces = [(part(actor.get("name"), str), actor["face"]) for actor in with_face if _is_face(actor.get("face"))]
        return faces or _characters(part(scene.get("characters"), list))
    if isinstance(packet.get("faces"), list):
        return [(_owner(face), face) for face in packet["faces"] if _is_face(face)]
    return None


def _characters(characters: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for character in (part(each, dict) for each in characters):
        shapes = part(character.get("blendshapes"), dict)
        named = zip(part(shapes.get("names"), list), part(shapes.get("values"), list), strict=False)
        face = {name: value for name, value in named if isinstance(name, str)}
        if _is_face(face):
            found.append((part(character.get("name"), str), face))
    return found


def _owner(face: dict[str, Any]) -> str:
    return part(face.get("profileName"), str) or part(face.get("faceId"), str)


def _is_face(value: object) -> bool:
    return isinstance(value, dict) and any(place_of(name) is not None for name in value)


def _sample(face: dict[str, Any], name: str) -> Sample:
    curves, told = np.zeros(len(ARKIT55), np.float32), set[int]()
    oddities: set[str] = set()
    for curve, value in face.items():
        place, amount = place_of(curve), number(value) / 100.0
        if place is None:
            continue
        if amount != amount:
            oddities.add("bad value")
            continue
        curves[place] = amount
        told.add(place)
    if len(told) < len(ARKIT52):
        oddities.add("missing curve")
    return Sample(curves, np.zeros(6, np.float32), subject=name[:64], oddities=tuple(sorted(oddities)))
