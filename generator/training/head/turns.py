"""How the head turns on the neck and what follows it how far."""

from __future__ import annotations

import numpy as np

PIVOT = np.array([0.0, -4.0, 0.5])  # about the upper end of the neck
NECK_TOP, NECK_BASE = -3.6, -11.5  # between these the neck bends, measured along the slanted line of `follow`


def follow(rest: np.ndarray) -> np.ndarray:
    """How far points (n, 3) of the head and neck go with a turn: 1 the head, 0 the shoulders."""
    slanted = rest[:, 1] + 0.42 * np.clip(rest[:, 2] + 6.0, 0.0, 14.0)
    t = np.clip((slanted - NECK_BASE) / (NECK_TOP - NECK_BASE), 0.0, 1.0)
    return (t * t * (3.0 - 2.0 * t)).astype(np.float32)


def head_turn(angles: np.ndarray) -> np.ndarray:
    """(3, 3) rotation for yaw (+ to the person's right), pitch (+ down), roll (+ towards their left shoulder),
    radians, as in SPEC.md.
    """
    yaw, pitch, roll = (float(a) for a in angles)
    return roll_matrix(-roll) @ yaw_matrix(-yaw) @ pitch_matrix(pitch)


def placed(points: np.ndarray, weight: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Points (n, 3) after the turn, each following it by `weight` (n,); the shaders do the same (turn.glsl)."""
    steps = np.linspace(0.0, 1.0, 65)
    matrices = np.stack([head_turn(np.asarray(angles) * step) for step in steps])
    at = np.clip(weight, 0.0, 1.0) * 64
    low = np.minimum(at.astype(int), 63)
    mixed = matrices[low] + (matrices[low + 1] - matrices[low]) * (at - low)[:, None, None]
    return np.einsum("nij,nj->ni", mixed, points - PIVOT) + PIVOT


def yaw_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def pitch_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def roll_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
