"""Talking lips: phonemes to mouth curves, each sound coloured by its neighbours.

Co-articulation after Cohen & Massaro (1993): every sound pulls each curve it cares about towards a target, with a
dominance that swells and fades around the sound's middle; a curve is the mean of all targets and of rest, so weighted.
A sound says nothing about the curves it leaves free: a `t` in "too" is spoken with rounded lips.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

REST_PULL = 0.08
SIDED = ("mouthPress", "mouthLowerDown", "mouthUpperUp", "mouthStretch", "mouthSmile", "mouthDimple")

ROUNDING = ("mouthPucker", "mouthFunnel")
"""Lips begin to round well before the sound that needs it, and stay round after."""

_SHUT = {"jawOpen": 0.06, "mouthClose": 0.05, "mouthPress": 0.30, "mouthRollLower": 0.22, "mouthRollUpper": 0.20,
         "mouthLowerDown": 0.0, "mouthUpperUp": 0.0, "mouthStretch": 0.06}  # fmt: skip
_TIP = {"jawOpen": 0.11, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12, "mouthStretch": 0.12}
_HISS = {"jawOpen": 0.05, "mouthLowerDown": 0.30, "mouthUpperUp": 0.18, "mouthStretch": 0.20}
_BITE = {"jawOpen": 0.07, "mouthRollLower": 0.42, "mouthUpperUp": 0.22, "mouthLowerDown": 0.03, "mouthShrugUpper": 0.08}
_BACK = {"jawOpen": 0.20, "mouthLowerDown": 0.18, "mouthUpperUp": 0.08}

VISEMES: dict[str, dict[str, float]] = {
    "P": _SHUT, "B": _SHUT, "M": _SHUT, "F": _BITE, "V": _BITE,
    "T": _TIP, "D": _TIP, "N": _TIP, "L": _TIP | {"jawOpen": 0.17, "tongueOut": 0.04},
    "S": _HISS, "Z": _HISS, "K": _BACK, "G": _BACK, "NG": _BACK, "HH": {"jawOpen": 0.22, "mouthLowerDown": 0.16},
    "R": {"jawOpen": 0.12, "mouthFunnel": 0.26, "mouthPucker": 0.22, "mouthLowerDown": 0.10},
    "W": {"jawOpen": 0.07, "mouthPucker": 0.62, "mouthFunnel": 0.24, "mouthLowerDown": 0.02, "mouthStretch": 0.0},
    "Y": {"jawOpen": 0.10, "mouthSmile": 0.16, "mouthStretch": 0.20, "mouthLowerDown": 0.16},
    "AA": {"jawOpen": 0.60, "mouthLowerDown": 0.38, "mouthUpperUp": 0.16, "mouthStretch": 0.10},
    "AE": {"jawOpen": 0.54, "mouthLowerDown": 0.46, "mouthUpperUp": 0.24, "mouthStretch": 0.22, "mouthSmile": 0.08},
    "AH": {"jawOpen": 0.38, "mouthLowerDown": 0.30, "mouthUpperUp": 0.10},
    "AO": {"jawOpen": 0.48, "mouthFunnel": 0.52, "mouthPucker": 0.20, "mouthLowerDown": 0.14, "mouthUpperUp": 0.10},
    "EH": {"jawOpen": 0.42, "mouthLowerDown": 0.46, "mouthUpperUp": 0.20, "mouthStretch": 0.20},
    "ER": {"jawOpen": 0.15, "mouthFunnel": 0.30, "mouthPucker": 0.22, "mouthLowerDown": 0.12},
    "IH": {"jawOpen": 0.25, "mouthLowerDown": 0.36, "mouthUpperUp": 0.15, "mouthStretch": 0.20, "mouthSmile": 0.10},
    "IY": {"jawOpen": 0.10, "mouthLowerDown": 0.28, "mouthUpperUp": 0.16, "mouthStretch": 0.28, "mouthSmile": 0.26,
           "mouthDimple": 0.14, "mouthPucker": 0.0},
    "OH": {"jawOpen": 0.40, "mouthFunnel": 0.52, "mouthPucker": 0.30, "mouthLowerDown": 0.10},
    "UW": {"jawOpen": 0.10, "mouthFunnel": 0.34, "mouthPucker": 0.72, "mouthLowerDown": 0.03, "mouthStretch": 0.0},
}  # fmt: skip

GLIDES = {"AW": ("AA", "UW"), "AY": ("AA", "IY"), "EY": ("EH", "IY"), "OW": ("OH", "UW"), "OY": ("AO", "IY")}
CURVES = tuple(sorted({curve for viseme in VISEMES.values() for curve in viseme}))


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound: its middle and length in seconds, its targets, and how far it is carried out (stressed above 1)."""

    middle: float
    length: float
    targets: dict[str, float]
    strength: float
    closing: bool


def spell(line: str, start: float, tempo: float = 1.0) -> Iterator[Sound]:
    """A line in ARPABET (`HH AH0 L OW1`, a comma for a short pause) → sounds that begin at `start` seconds."""
    at = start
    for symbol in line.split():
        if symbol == ",":
            at += 0.24 / tempo
            continue
        name, stress = symbol.rstrip("012"), symbol[-1]
        length = {"1": 0.15, "2": 0.12, "0": 0.085}.get(stress, 0.07) / tempo
        strength = {"1": 1.12, "0": 0.74}.get(stress, 1.0)
        for part in GLIDES.get(name, (name,)):
            shut = name in ("P", "B", "M", "F", "V")
            yield Sound(at + length / 2, length, VISEMES[part], 1.0 if shut else strength, shut)
            at += length * (0.8 if name in GLIDES else 1.0)


def mouth(time: np.ndarray, sounds: list[Sound]) -> dict[str, np.ndarray]:
    """Sounds → mouth curves, each float64 (N,), by ARKit name; paired curves come without their side."""
    return {curve: _blend(time, curve, [sound for sound in sounds if curve in sound.targets]) for curve in CURVES}


def _blend(time: np.ndarray, curve: str, sounds: list[Sound]) -> np.ndarray:
    pull, total = np.zeros_like(time), np.full_like(time, REST_PULL)
    for sound in sounds:
        dominance = _dominance(time, curve, sound)
        pull += dominance * sound.targets[curve] * sound.strength
        total += dominance
    return pull / total


def _dominance(time: np.ndarray, curve: str, sound: Sound) -> np.ndarray:
    """Shut lips are brief and must be reached; rounding spreads over its neighbours; the rest lies between."""
    spread = 1.15 if curve in ROUNDING else 0.62 if sound.closing else 0.78
    peak = 3.0 if sound.closing else 1.0
    return peak * np.exp(-((np.abs(time - sound.middle) / (spread * sound.length)) ** 2))
