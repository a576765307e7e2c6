"""The rest shape of a person: the rig's identity modes, and what the years add."""

from __future__ import annotations

import numpy as np

from generator.training.head.person import Person
from generator.training.head.rig import Rig
from protocol.blendshapes import INDEX


def body(rig: Rig, person: Person) -> np.ndarray:
    """Vertices (v, 3) of `person` with a neutral face."""
    shape = np.asarray(person.shape, np.float32)
    base = rig.neutral + (shape @ rig.identity[: len(shape)]).reshape(-1, 3)
    lids = person.eyes.lids * (rig.expression[INDEX["eyeBlinkLeft"]] + rig.expression[INDEX["eyeBlinkRight"]])
    return base + 1.4 * person.wear**1.3 * _sag(rig.neutral) + lids.reshape(-1, 3)


def _sag(rest: np.ndarray) -> np.ndarray:
    """(v, 3): how old age moves the face: jowls and lids sink, bags swell, lips thin, nose and ears grow."""
    x, y, z = rest.T
    ax, out = np.abs(x), np.zeros_like(rest)
    front = np.clip(z / 4.0, 0, 1)
    jowl = _bump(ax - 4.6, 1.7) * _bump(y + 5.6, 2.0) * front
    out += jowl[:, None] * np.stack([0.10 * np.sign(x), -0.40 + 0 * x, 0.05 + 0 * x], 1)
    hood = _bump(ax - 4.0, 1.3) * _bump(y - 4.7, 0.55) * np.clip((z - 6) / 2, 0, 1)
    out += hood[:, None] * [0.0, -0.18, 0.06]
    bag = _bump(ax - 3.2, 1.1) * _bump(y - 2.35, 0.45) * np.clip((z - 6) / 2, 0, 1)
    out += bag[:, None] * [0.0, -0.05, 0.14]
    hollow = _bump(ax - 5.0, 1.6) * _bump(y + 1.6, 2.0) * front
    out += hollow[:, None] * np.stack([-0.22 * np.sign(x), 0 * x, -0.12 + 0 * x], 1)
    tip = _bump(ax, 1.4) * _bump(y - 0.1, 1.2) * np.clip((z - 9) / 2, 0, 1)
    out += tip[:, None] * [0.0, -0.18, 0.10]
    lips = _bump(ax, 2.6) * np.clip((z - 8.5) / 1.5, 0, 1)
    out += (lips * (_bump(y + 2.5, 0.5) * 0.09 - _bump(y + 4.0, 0.6) * -0.10))[:, None] * [0.0, 1.0, 0.0]
    out += (lips * _bump(y + 3.2, 1.1))[:, None] * [0.0, 0.0, -0.14]
    return out.astype(np.float32)


def _bump(offset: np.ndarray, width: float) -> np.ndarray:
    return np.exp(-((offset / width) ** 2))
