"""What a denoiser is shown in training: portraits as latents, whose they are, their light and expression.

Latents are float16 (n, c, h, w), `plain` without a backdrop and `backed`, perhaps fewer of them, on one that belongs to
the person; embeddings float16 (n, 512) are what the identity encoder says of each portrait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.compact.ranges import PORTRAIT_LIGHT
from generator.sampler import COMPACT, LEVELS, PURE_NOISE
from generator.training.acting import FAINT, SLIGHT
from generator.training.compact import TrainingError
from generator.training.device import DEVICE
from generator.training.portraits import GROUP, Portraits, open_portraits, pairs
from protocol.blendshapes import INDEX

GALLERY = 0.3  # of the lessons: the people everybody meets first
SHOWN = 2  # portraits that tell who it is
USUAL = 1.5  # how many times more are in the light that is usual


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """n samples. `scene` (n, 4): unit vector to the key light, 1 for plain clothes without a backdrop. In pairs, rows
    2k and 2k + 1 have all in common but `clean` and what the face does.
    """

    rows: np.ndarray
    clean: Tensor  # (n, c, h, w)
    noisy: Tensor
    level: Tensor  # (n,)
    identity: Tensor  # (n, 512)
    scene: Tensor
    curves: Tensor  # (n, 55)
    weights: Tensor  # (n, c, h, w): eyes, brows and mouth weigh more, and channels that move more pixels
    backed: Tensor  # (n,) bool: on the person's backing
    shown: np.ndarray  # (n, SHOWN) rows of other portraits of the same people; (n / 2, SHOWN) in pairs
    paired: bool = False
    reference: Tensor | None = None  # (n, c, h, w): another portrait of the person in the same clothes


class Lessons:
    """Draws lessons. `focus` in `draw`: "any" portraits on any backdrop, "plain" ones alone, or "paired" plain ones."""

    def __init__(self, portraits: Portraits, folder: Path, name: str, seed: int) -> None:
        self.plain = np.load(folder / "latents" / f"{name}.npy", mmap_mode="r")
        self.backed = np.load(folder / "latents" / f"{name}_backed.npy", mmap_mode="r")
        self.channels = np.load(folder / "latents" / "channels.npy")[:, None, None]
        embeddings = np.load(folder / "embeddings" / f"{name}.npy").astype(np.float32)
        count = min(len(self.plain), len(embeddings), len(portraits.curves))
        self.portraits, self.count, self.embeddings = portraits, count, embeddings[:count]
        self.landmarks = np.load(folder / name / "landmarks.npy", mmap_mode="r")[:count].astype(np.float32)
        self.g, self.noise = np.random.default_rng([3, seed]), torch.Generator().manual_seed(seed)
        both = pairs(portraits)
        self.pairs = both[both[:, 1] < count]
        if not len(self.pairs):
            raise TrainingError(f"the portraits in {folder} are not in pairs: delete train and held_out, draw anew")
        self.people, self.dressed = portraits.people[:count], portraits.dressed[:count]
        self.of = [np.flatnonzero(self.people == person) for person in range(self.people.max() + 1)]
        plain = [rows[~self.dressed[rows]] for rows in self.of]
        self.enrolled = _directions(np.stack([self.embeddings[rows].mean(0) for rows in plain]))
        faint = portraits.curves[:count, [INDEX[name] for name in FAINT]].max(1).clip(0, 1)
        gallery = self.people < GROUP
        usual = 1.0 + USUAL * (np.abs(portraits.lights[:count] - PORTRAIT_LIGHT).max(1) < 0.01)
        theirs, others = usual[gallery].sum(), usual[~gallery].sum()
        often = usual * np.where(gallery, GALLERY * others / max(theirs * (1 - GALLERY), 1), 1.0)
        first = np.zeros(count)
        first[self.pairs[:, 0]] = 1 + 2 * self._slight(self.pairs)
        self._chances = {
            "any": np.cumsum((1 + faint) * often * (1 + self.dressed)),
            "plain": np.cumsum((1 + 2 * faint) * often * ~self.dressed),
            "paired": np.cumsum(often * first * ~self.dressed),
        }  # fmt: skip

    def draw(self, count: int, focus: str, from_noise: float, reference: bool = False) -> Lesson:
        """`from_noise` is the share at the last level, pure noise; the others lie anywhere below. An even `count` of
        them if they are paired.
        """
        paired = focus == "paired"
        rows, each = self._rows(count, focus), 1 + paired
        kept = rows[::each]  # who stand for what a pair has in common
        backed = (self.g.uniform(size=len(kept)) < 0.4) & (focus == "any") & (kept < len(self.backed))
        below = self.g.integers(20, LEVELS, len(kept))
        level = torch.from_numpy(np.where(self.g.uniform(size=len(kept)) < from_noise, PURE_NOISE, below))
        noise = torch.randn((len(kept), *self.plain.shape[1:]), generator=self.noise)
        common = noise, level, self.identities(kept), self._scenes(kept, backed), torch.from_numpy(backed)
        noise, level, identity, scene, behind = (one.repeat_interleave(each, 0) for one in common)
        backed = backed.repeat(each)
        clean = self._latents(rows, backed)
        tensors = (
            clean, COMPACT.noised(clean, noise, level), level, identity, scene,
            torch.from_numpy(self.portraits.curves[rows]), self._weights(rows), behind,
        )  # fmt: skip
        other = self._latents(self._others(rows, alike=True), backed).to(DEVICE) if reference else None
        shown = np.stack([self._others(kept, alike=False) for _ in range(SHOWN)], 1)
        return Lesson(rows, *on(tensors), shown=shown, paired=paired, reference=other)

    def identities(self, rows: np.ndarray) -> Tensor:
        """As enrolled from all plain portraits of the person, or from another single one."""
        single = self.embeddings[self._others(rows, alike=False)]
        chosen = np.where(self.g.uniform(size=(len(rows), 1)) < 0.5, single, self.enrolled[self.people[rows]])
        return torch.from_numpy(_directions(chosen))

    def _slight(self, both: np.ndarray) -> np.ndarray:
        """(n,) bool: of pairs (n, 2), whether what changes most is one of `SLIGHT`."""
        changes = np.abs(np.diff(self.portraits.curves[both][..., :52], axis=1)[:, 0])
        return np.isin(changes.argmax(1), [INDEX[name] for name in SLIGHT])

    def _rows(self, count: int, focus: str) -> np.ndarray:
        chances, each = self._chances[focus], 1 + (focus == "paired")
        first = np.searchsorted(chances, self.g.uniform(0, chances[-1], count // each), "right")
        return (first.clip(max=self.count - each)[:, None] + np.arange(each)).ravel()

    def _others(self, rows: np.ndarray, alike: bool) -> np.ndarray:
        """Another portrait of the same person, in the same clothes where it is to be `alike`."""
        found = []
        for row in rows:
            own = self.of[self.people[row]]
            fit = own[(own != row) & ((self.dressed[own] == self.dressed[row]) | (not alike))]
            found.append(self.g.choice(fit) if len(fit) else row)
        return np.array(found)

    def _latents(self, rows: np.ndarray, backed: np.ndarray) -> Tensor:
        behind = self.backed[np.minimum(rows, len(self.backed) - 1)]
        picked = np.where(backed[:, None, None, None], behind, self.plain[rows])
        return torch.from_numpy(picked.astype(np.float32))

    def _scenes(self, rows: np.ndarray, backed: np.ndarray) -> Tensor:
        plain = ~(self.dressed[rows] | backed)
        light = self.portraits.lights[rows] * (self.g.uniform(size=(len(rows), 1)) > 0.1)  # zero: nobody knows it
        return torch.from_numpy(np.concatenate([light, plain[:, None]], 1).astype(np.float32))

    def _weights(self, rows: np.ndarray) -> Tensor:
        side = self.plain.shape[-1]
        places = focus_weights(self.landmarks[rows] * (side / self.portraits.pictures.shape[1]), side)
        return torch.from_numpy(places * self.channels)


def focus_weights(points: np.ndarray, side: int, most: float = 7.0) -> np.ndarray:
    """Landmarks (n, k, 2) in pixels of `side` → (n, 1, side, side) float32, 1 and up to `most` at eyes and mouth."""
    from generator.training.head.landmarks import NAMES

    chosen = [i for i, name in enumerate(NAMES) if name.split("_")[0] == "mouth" or "eye" in name or "brow" in name]
    at = np.arange(side, dtype=np.float32) + 0.5
    reach = 2 * (0.035 * side) ** 2
    down = np.exp(-np.square(at - points[:, chosen, 1, None]) / reach)
    across = np.exp(-np.square(at - points[:, chosen, 0, None]) / reach)
    near = np.zeros((len(points), side, side), np.float32)
    for y, x in zip(down.swapaxes(0, 1), across.swapaxes(0, 1), strict=True):
        np.maximum(near, y[:, :, None] * x[:, None, :], out=near)
    return (1 + (most - 1) * near)[:, None].astype(np.float32)


def open_lessons(folder: Path, name: str, seed: int) -> Lessons:
    return Lessons(open_portraits(folder / name), folder, name, seed)


def on(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [tensor.to(DEVICE) for tensor in tensors]


def _directions(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
