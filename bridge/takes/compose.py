"""Composes the bundled performance, a loop of 20 seconds at 60 frames each: `python -m bridge.takes.compose [FILE]`."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from bridge.takes import FIRST_MINUTE, write_take
from bridge.takes.motion import drift, held_clock, lid_closure, moves
from bridge.takes.score import BLINKS, FEELING, HEAD, LINES, LOOKS, REST, UNREST, WINKS
from bridge.takes.speech import SIDED, mouth, spell
from bridge.takes.take import Take
from bridge.takes.timecode import format_timecode
from protocol.blendshapes import ARKIT52

SEED, RATE, SECONDS = 20, 60, 20.0
HELD, HOLD_START, HOLD_EASE = 1.05, 13.55, 0.40
PERIOD = SECONDS - HELD - HOLD_EASE
VERGENCE = 1.4
RIGHT_LATER = 0.02

Curves = dict[str, np.ndarray]


def compose() -> Take:
    """The performance: 1,200 frames, the same ones every time it is composed."""
    rng = np.random.default_rng(SEED)
    real = np.arange(round(RATE * SECONDS)) / RATE
    time = held_clock(real, HOLD_START, HELD, HOLD_EASE)
    curves = dict.fromkeys(ARKIT52, np.zeros_like(time))
    for layer in (_feeling(time), _speech(time, rng), _unrest(time, rng)):
        curves = {name: curves[name] + layer.get(name, 0.0) for name in ARKIT52}
    head = {axis: moves(time, 0.0, HEAD[axis]) + 0.3 * drift(time, PERIOD, rng) for axis in ("yaw", "pitch", "roll")}
    blinks = np.max([lid_closure(time, *blink) for blink in _blinks(rng)], axis=0)
    eyes = _eyes(time, head, blinks, rng)
    curves = _lids(curves | _gaze_curves(eyes), time, blinks)
    curves["mouthClose"] = np.minimum(curves["mouthClose"], curves["jawOpen"])
    return _take(real, curves, head, eyes)


def _feeling(time: np.ndarray) -> Curves:
    """The score's curves and the rest of the others; a right side follows its left by a fiftieth of a second."""
    layer: Curves = {}
    for name in dict.fromkeys([*REST, *FEELING]):
        for curve in _sides(name):
            later = RIGHT_LATER if curve != name and curve.endswith("Right") else 0.0
            steps = [(start + later, duration, target) for start, duration, target in FEELING.get(name, ())]
            layer[curve] = layer.get(curve, 0.0) + moves(time, REST.get(name, 0.0), steps)
    return layer


def _speech(time: np.ndarray, rng: np.random.Generator) -> Curves:
    """The spoken lines; one side of the mouth works a little harder than the other, now this one, now that."""
    sounds = [sound for start, tempo, line in LINES for sound in spell(line, start, tempo)]
    lean = 0.03 + 0.05 * drift(time, PERIOD, rng, 3, 9)
    layer: Curves = {}
    for name, values in mouth(time, sounds).items():
        for curve in _sides(name):
            layer[curve] = values * (1.0 + (lean if curve.endswith("Left") else -lean if name in SIDED else 0.0))
    return layer


def _unrest(time: np.ndarray, rng: np.random.Generator) -> Curves:
    """A living face is never quite still: the two sides share most of it."""
    layer: Curves = {}
    for name, size in UNREST.items():
        shared = drift(time, PERIOD, rng)
        for curve in _sides(name):
            layer[curve] = size * (0.85 * shared + 0.5 * drift(time, PERIOD, rng))
    return layer


def _eyes(time: np.ndarray, head: Curves, blinks: np.ndarray, rng: np.random.Generator) -> Curves:
    """Eye rotations in degrees, in the head: the aim less the head's own turn; a blink dips the eyes by a degree."""
    aims = [(0.0, 0.0), *((yaw, pitch) for _, yaw, pitch, _ in LOOKS)]
    sizes = [float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise(aims)]
    # A saccade takes 21 ms and 2.2 ms more for each degree: the main sequence (Bahill, Clark & Stark 1975).
    lengths = [look[3] or 0.021 + 0.0022 * size for look, size in zip(LOOKS, sizes, strict=True)]
    eyes: Curves = {}
    for axis, place in (("yaw", 1), ("pitch", 2)):
        steps = [(look[0], length, look[place]) for look, length in zip(LOOKS, lengths, strict=True)]
        eyes[axis] = moves(time, 0.0, steps) - head[axis] + 0.12 * drift(time, PERIOD, rng, 8, 60)
    return {"yaw": eyes["yaw"], "pitch": eyes["pitch"] + 1.2 * blinks}


def _gaze_curves(eyes: Curves) -> Curves:
    """Eye rotations in degrees → eyeLook curves, as a phone maps them: 1.6 a radian in, 1.7 out, 1.64 down, 2.3 up."""
    curves: Curves = {}
    for side, inward in (("Left", 1.0), ("Right", -1.0)):
        yaw, pitch = np.radians(inward * eyes["yaw"] + VERGENCE), np.radians(eyes["pitch"])
        for look, angle, slope in (("In", yaw, 1.6), ("Out", -yaw, 1.7), ("Down", pitch, 1.64), ("Up", -pitch, 2.3)):
            curves[f"eyeLook{look}{side}"] = slope * np.maximum(angle, 0.0)
    return curves


def _lids(curves: Curves, time: np.ndarray, blinks: np.ndarray) -> Curves:
    """Lids that follow the gaze, blink and wink; a shut lid is not wide, and brow and cheek help it a little."""
    for side, other in (("Left", "Right"), ("Right", "Left")):
        winks = {who: lid_closure(time, at, 0.12, 0.24, 0.26) for who, at in WINKS}
        shut = np.maximum(blinks * (0.97 if side == "Right" else 0.985), 0.96 * winks[side])
        follow = 0.65 * curves[f"eyeLookDown{side}"] + 0.10 * winks[other] + 0.05
        curves[f"eyeBlink{side}"] = shut + (1.0 - shut) * follow
        curves[f"eyeWide{side}"] = (1.0 - shut) * (curves[f"eyeWide{side}"] + 0.35 * curves[f"eyeLookUp{side}"])
        curves[f"eyeSquint{side}"] += 0.12 * winks[other] + 0.06 * blinks
        curves[f"cheekSquint{side}"] += 0.05 * blinks
        curves[f"browDown{side}"] += 0.05 * blinks
    return curves


def _blinks(rng: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """(start, closing, shut, opening) of each blink: about 75 ms down, 20 shut and 115 up, no two alike."""
    spread = rng.uniform(-1.0, 1.0, (len(BLINKS), 3)) * (0.008, 0.008, 0.014)
    return [(at, 0.075 + close, 0.020 + shut, 0.115 + up) for at, (close, shut, up) in zip(BLINKS, spread, strict=True)]


def _sides(name: str) -> tuple[str, ...]:
    """`mouthSmile` → its left and its right; a whole curve name → itself."""
    return (name,) if name in ARKIT52 else (f"{name}Left", f"{name}Right")


def _take(real: np.ndarray, curves: Curves, head: Curves, eyes: Curves) -> Take:
    """Values of four decimals: a finer one is below what a phone can tell, and the file stays small."""
    angles = np.stack([np.radians(head[axis]) for axis in ("yaw", "pitch", "roll")], axis=1)
    weights = np.clip(np.stack([curves[name] for name in ARKIT52], axis=1), 0.0, 1.0)
    nothing = np.zeros_like(real)
    yaw, pitch, in_ = np.radians(eyes["yaw"]), np.radians(eyes["pitch"]), np.radians(VERGENCE)
    turned = np.stack([yaw + in_, pitch, nothing, yaw - in_, pitch, nothing], axis=1)
    # Adding zero turns a rounded -0 into 0.
    rounded = [np.round(values, 4).astype(np.float32) + np.float32(0) for values in (weights, angles, turned)]
    codes = tuple(format_timecode(3600 + second, RATE) for second in real)
    return Take(FIRST_MINUTE.stem, real, codes, np.hstack(rounded[:2]), rounded[2])


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FIRST_MINUTE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_take(compose(), path)
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
