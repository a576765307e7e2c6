"""Locks as ribbons to draw, and the one texture of strands on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from generator.training.head.growth import Locks

TEXTURE, VARIANTS, STRANDS = 512, 4, 24


@dataclass(frozen=True)
class Cards:
    """Ribbons as triangles. `strand`: the place in the texture; `lock`: cm from the root, layer, the lock's number."""

    position: np.ndarray  # (v, 3)
    normal: np.ndarray  # (v, 3)
    tangent: np.ndarray  # (v, 3)
    strand: np.ndarray  # (v, 2)
    lock: np.ndarray  # (v, 3)
    triangles: np.ndarray  # (f, 3)

    def arrays(self) -> dict[str, Any]:
        """By the names the shaders know them by."""
        return {"position": self.position, "normal": self.normal, "tangent": self.tangent, "strand": self.strand,
                "lock": self.lock}  # fmt: skip


def cards(locks: Locks, seed: int) -> Cards:
    """Two columns of vertices a lock, lying flat on the head, narrower to the tip."""
    count, steps, _ = locks.points.shape
    g = np.random.default_rng(seed)
    tangent = np.gradient(locks.points, axis=1)
    tangent /= np.linalg.norm(tangent, axis=2, keepdims=True) + 1e-9
    across = np.cross(tangent, locks.outward)
    across /= np.linalg.norm(across, axis=2, keepdims=True) + 1e-9
    t = locks.steps[None, :, None]
    taper = np.clip(0.08 + locks.length[:, None, None] * t / 2.0, 0, 1)  # a few hairs at the root
    half = locks.width[:, None, None] * (0.5 - 0.18 * t**2) * taper
    both = np.stack([locks.points - across * half, locks.points + across * half], 2)
    bend = 0.45 * across
    normal = np.stack([locks.outward - bend, locks.outward + bend], 2)
    variant = g.integers(VARIANTS, size=count)[:, None, None]
    u = (variant + np.array([0.02, 0.98])[None, None]) / VARIANTS + np.zeros((count, steps, 2))
    v = np.broadcast_to(t, (count, steps, 2))
    spread = lambda values: np.broadcast_to(values[:, None, None], (count, steps, 2))  # noqa: E731
    grown = v * spread(locks.length) - spread(locks.fade)
    number = spread(g.uniform(size=count))
    return Cards(
        both.reshape(-1, 3), normal.reshape(-1, 3), np.repeat(tangent, 2, axis=1).reshape(-1, 3),
        np.stack([u, v], -1).reshape(-1, 2),
        np.stack([grown, spread(locks.layer), number], -1).reshape(-1, 3),
        _ribbon_triangles(count, steps),
    )  # fmt: skip


def strand_texture(seed: int = 5) -> np.ndarray:
    """uint8 (TEXTURE, TEXTURE, 4): brightness, a number a strand, a threshold for alpha, alpha. Row 0 at the roots."""
    g = np.random.default_rng(seed)
    width = TEXTURE // VARIANTS
    t, x = np.linspace(0, 1, TEXTURE)[:, None], np.arange(width)[None] + 0.5
    out = np.zeros((TEXTURE, TEXTURE, 4))
    for variant in range(VARIANTS):
        alpha = np.zeros((TEXTURE, width))
        shade, number = alpha + 0.5, alpha + 0.5
        for _ in range(STRANDS):
            middle, drift, sway = g.uniform(0.08, 0.92), g.normal() * 0.06, g.normal() * 0.03
            path = (middle + drift * t + sway * np.sin(t * g.uniform(3, 9))) * width
            thick = g.uniform(1.6, 3.6) * np.clip((g.uniform(0.72, 1.05) - t) * 5, 0, 1)
            drawn = np.clip(thick + 0.5 - np.abs(x - path), 0, 1)
            bright, which = g.uniform(0.4, 1.0), g.uniform()
            shade = np.where(drawn > 0.3, bright * (1 - 0.25 * np.abs(x - path) / 5), shade)
            number = np.where(drawn > 0.3, which, number)
            alpha = np.maximum(alpha, drawn)
        sides = np.clip(np.minimum(x, width - x) / 8, 0, 1)
        at = slice(variant * width, (variant + 1) * width)
        out[:, at, 0], out[:, at, 1], out[:, at, 3] = shade, number, alpha * sides
    out[..., 2] = gaussian_filter(g.uniform(size=out.shape[:2]), 0.9)
    low, high = np.percentile(out[..., 2], (2, 98))
    out[..., 2] = 0.15 + 0.7 * np.clip((out[..., 2] - low) / (high - low), 0, 1)
    return (out * 255 + 0.5).astype(np.uint8)


def _ribbon_triangles(count: int, steps: int) -> np.ndarray:
    first = (np.arange(count)[:, None] * steps * 2 + np.arange(steps - 1)[None] * 2).ravel()
    quad = np.stack([first, first + 1, first + 2, first + 1, first + 3, first + 2], 1)
    return quad.reshape(-1, 3).astype(np.int32)
