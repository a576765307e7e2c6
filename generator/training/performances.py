"""The expressions the compact model learns: real performances, single curves, one-sided and sparse combinations.

Rows are `arkit55`: 52 ARKit curves (0..1, a little beyond in recordings), head yaw, pitch, roll in radians.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from protocol.blendshapes import ARKIT55, INDEX

HELD_OUT = 0.8  # the last fifth of every recording is never trained on
SIDES = ("Left", "Right")
MIRROR = np.array([INDEX[n.replace("Left", "#").replace("Right", "Left").replace("#", "Right")] for n in ARKIT55])
LOOKS = ("In", "Out", "Up", "Down")


def read_recording(path: Path) -> np.ndarray:
    """(N, 55) float32 of a Live Link Face CSV; rows that do not parse are left out."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    header = {name.lower(): i for i, name in enumerate(rows[0])}
    columns = [header[name.lower()] for name in ARKIT55]
    whole = [row for row in rows[1:] if len(row) == len(rows[0])]
    return np.array([[float(row[c]) for c in columns] for row in whole], np.float32)


def recordings(folder: Path, held_out: bool) -> np.ndarray:
    """Rows of all recordings in `folder`: the part to train on, or the part held out."""
    parts = [read_recording(path) for path in sorted(folder.glob("*.csv"))]
    cut = [int(len(part) * HELD_OUT) for part in parts]
    return np.concatenate([part[at:] if held_out else part[:at] for part, at in zip(parts, cut, strict=True)])


def look(curves: np.ndarray, side: float, up: float) -> None:
    """Sets both eyes to look `side` (+ to the person's left) and `up`, -1..1, in the eight look curves."""
    side, up = np.clip([side, up], -1, 1)
    pairs = {
        "OutLeft": side,
        "InRight": side,
        "InLeft": -side,
        "OutRight": -side,
        "UpLeft": up,
        "UpRight": up,
        "DownLeft": -up,
        "DownRight": -up,
    }
    for name, value in pairs.items():
        curves[INDEX[f"eyeLook{name}"]] = max(value, 0.0)


def _zeros() -> np.ndarray:
    return np.zeros(55, np.float32)


def recorded_row(g: np.random.Generator, recorded: np.ndarray) -> np.ndarray:
    curves = recorded[g.integers(len(recorded))].copy()
    if g.uniform() < 0.5:
        curves[:52] = curves[MIRROR[:52]]
    if g.uniform() < 0.4:
        other = recorded[g.integers(len(recorded))]
        upper = np.array([name.startswith(("eye", "brow")) for name in ARKIT55])
        curves[upper] = other[upper]
    return np.clip(curves * g.uniform(0.7, 1.25), -0.1, 1.1).astype(np.float32)


def one_sided(g: np.random.Generator) -> np.ndarray:
    curves = sparse(g) * 0.5 if g.uniform() < 0.5 else _zeros()
    side = SIDES[g.integers(2)]
    other = SIDES[1 - SIDES.index(side)]
    for group in g.permutation(3)[: g.integers(1, 4)]:
        for name in (
            ("eyeBlink", "eyeSquint", "cheekSquint"),
            ("browOuterUp", "browDown"),
            ("mouthSmile", "mouthDimple", "mouthFrown", "noseSneer"),
        )[group]:
            if g.uniform() < (0.75 if name in ("eyeBlink", "mouthSmile") else 0.4):
                curves[INDEX[name + side]] = g.beta(1.4, 0.7)
                curves[INDEX[name + other]] = 0.0 if g.uniform() < 0.7 else g.uniform(0, 0.5)
    return curves


def brows_and_gaze(g: np.random.Generator) -> np.ndarray:
    curves = _zeros()
    if g.uniform() < 0.5:
        up = g.beta(1.5, 0.9)
        for name, chance in (("browInnerUp", 0.8), ("browOuterUpLeft", 0.7), ("browOuterUpRight", 0.7)):
            curves[INDEX[name]] = up * (g.uniform() < chance)
    else:
        curves[[INDEX["browDownLeft"], INDEX["browDownRight"]]] = g.beta(1.5, 0.9)
    wide = g.uniform() < 0.3
    curves[[INDEX["eyeWideLeft"], INDEX["eyeWideRight"]]] = wide * g.uniform()
    look(curves, g.uniform(-1, 1), g.uniform(-1, 1))
    return curves


def single(g: np.random.Generator) -> np.ndarray:
    curves = _zeros()
    curves[g.integers(52)] = g.uniform(0.05, 1.1)
    if g.uniform() < 0.3:
        curves[INDEX["jawOpen"]] = g.uniform(0, 0.9)
    return curves


def sparse(g: np.random.Generator) -> np.ndarray:
    curves = _zeros()
    chosen = g.choice(52, g.integers(2, 7), replace=False)
    curves[chosen] = g.beta(1.1, 1.3, len(chosen))
    for name in ("mouthSmile", "mouthFrown", "mouthUpperUp", "mouthLowerDown", "cheekSquint", "mouthStretch"):
        if g.uniform() < 0.2:
            curves[[INDEX[name + "Left"], INDEX[name + "Right"]]] = g.beta(1.1, 1.1)
    for name, chance in (("jawOpen", 0.45), ("mouthPucker", 0.2), ("mouthFunnel", 0.2)):
        if g.uniform() < chance:
            curves[INDEX[name]] = g.beta(1.1, 1.2)
    return curves


def tiny(g: np.random.Generator) -> np.ndarray:
    return np.clip(g.normal(0, 0.06, 55), 0, 0.25).astype(np.float32)
