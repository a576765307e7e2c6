"""What a denoiser is shown in training: portraits as latents, whose they are, their light and expression.

Latents are float16 (n, c, h, w) on the device, `plain` without a backdrop and `backed`, perhaps fewer of them, on one
that belongs to the person; embeddings float16 (n, 512) are what the identity encoder says of each portrait.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.compact.ranges import PORTRAIT_LIGHT
from generator.sampler import LEVELS, PURE_NOISE
from generator.training.acting import FAINT, SLIGHT
from generator.training.compact import TrainingError
from generator.training.device import DEVICE, sent
from generator.training.head.landmarks import NAMES
from generator.training.latents import BACKED, MIRRORED
from generator.training.mirrored import twice
from generator.training.noising import noised
from generator.training.portraits import GROUP, Portraits, first, open_portraits, pairs
from generator.training.prints import Prints, prints_of
from protocol.blendshapes import INDEX

GALLERY = 0.15  # of the lessons: the people everybody meets first
SHOWN = 2  # portraits that tell who it is
USUAL = 1.5  # how many times more are in the light that is usual


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """n samples. `scene` (n, 4): unit vector to the key light, 1 for plain clothes without a backdrop. In pairs, rows
    2k and 2k + 1 have all in common but `clean` and what the face does.
    """

    rows: np.ndarray
    clean: Tensor  # (n, c, h, w)
    noise: Tensor
    noisy: Tensor
    level: Tensor  # (n,)
    identity: Tensor  # (n, 512)
    scene: Tensor
    curves: Tensor  # (n, 55)
    weights: Tensor  # (n, c, h, w): eyes, brows and mouth weigh more, and channels that move more pixels
    backed: np.ndarray  # (n,) bool: on the person's backing
    shown: np.ndarray  # (n, SHOWN) rows of other portraits of the same people; (n / 2, SHOWN) in pairs
    paired: bool = False
    reference: Tensor | None = None  # (n, c, h, w): another portrait of the person in the same clothes


class Lessons:
    """Draws lessons. `focus` in `draw`: "any" portraits on any backdrop, "plain" ones alone, or "paired" plain ones."""

    def __init__(self, portraits: Portraits, prints: Prints, folder: Path, name: str, seed: int) -> None:
        """Of `prints` and, where there are as many `portraits` again, of their mirror images."""
        kept = [name, name + MIRRORED][: len(portraits.curves) // prints.count]
        self.plain = torch.cat([_latents(folder, one, prints.count) for one in kept])
        self.backed = _latents(folder, name + BACKED, prints.count)
        self.channels = np.load(folder / "latents" / "channels.npy")[:, None, None]
        embeddings = [np.load(folder / "embeddings" / f"{one}.npy")[: prints.count] for one in kept]
        self.embeddings = np.concatenate(embeddings).astype(np.float32)
        self.portraits, self.prints, self.count = portraits, prints, len(portraits.curves)
        self.g, self.noise = np.random.default_rng([3, seed]), torch.Generator(DEVICE).manual_seed(seed)
        self.pairs = pairs(portraits)
        if not len(self.pairs):
            raise TrainingError(f"the portraits in {folder} are not in pairs: delete train and held_out, draw anew")
        self.people, self.dressed = portraits.people, portraits.dressed
        self._alike, self._own = _blocks(2 * self.people + self.dressed), _blocks(self.people)
        self.enrolled = self._enrolled()
        faint = portraits.curves[:, [INDEX[name] for name in FAINT]].max(1).clip(0, 1)
        gallery = self.people < GROUP
        usual = 1.0 + USUAL * (np.abs(portraits.lights - PORTRAIT_LIGHT).max(1) < 0.01)
        theirs, others = usual[gallery].sum(), usual[~gallery].sum()
        often = usual * np.where(gallery, GALLERY * others / max(theirs * (1 - GALLERY), 1), 1.0)
        begins = np.zeros(self.count)
        begins[self.pairs[:, 0]] = 1 + 2 * self._slight(self.pairs)
        self._chances = {
            "any": np.cumsum((1 + faint) * often * (1 + self.dressed)),
            "plain": np.cumsum((1 + 2 * faint) * often * ~self.dressed),
            "paired": np.cumsum(often * begins * ~self.dressed),
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
        level = sent(np.where(self.g.uniform(size=len(kept)) < from_noise, PURE_NOISE, below))
        noise = torch.randn((len(kept), *self.plain.shape[1:]), generator=self.noise, device=DEVICE)
        common = noise, level, self.identities(kept), self._scenes(kept, backed)
        noise, level, identity, scene = (one.repeat_interleave(each, 0) for one in common)
        backed = backed.repeat(each)
        clean = self._latents(rows, backed)
        other = self._latents(self._others(rows, alike=True), backed) if reference else None
        shown = np.stack([self._others(kept, alike=False) for _ in range(SHOWN)], 1)
        return Lesson(
            rows, clean, noise, noised(clean, noise, level), level, identity, scene, self.curves(rows),
            self._weights(rows), backed, shown=shown, paired=paired, reference=other,
        )  # fmt: skip

    def curves(self, rows: np.ndarray) -> Tensor:
        """(n, 55)"""
        return sent(self.portraits.curves[rows])

    def points(self, rows: np.ndarray) -> Tensor:
        """Landmarks (n, k, 2)."""
        return sent(self.portraits.landmarks[rows].astype(np.float32))

    def identities(self, rows: np.ndarray) -> Tensor:
        """As enrolled from all plain portraits of the person, or from another single one."""
        single = self.embeddings[self._others(rows, alike=False)]
        chosen = np.where(self.g.uniform(size=(len(rows), 1)) < 0.5, single, self.enrolled[self.people[rows]])
        return sent(_directions(chosen).astype(np.float32))

    def _enrolled(self) -> np.ndarray:
        """(people, 512) unit vectors: what the plain portraits of each have in common."""
        sums = np.zeros((self.people.max() + 1, self.embeddings.shape[1]), np.float32)
        np.add.at(sums, self.people[~self.dressed], self.embeddings[~self.dressed])
        return _directions(sums)

    def _slight(self, both: np.ndarray) -> np.ndarray:
        """(n,) bool: of pairs (n, 2), whether what changes most is one of `SLIGHT`."""
        changes = np.abs(np.diff(self.portraits.curves[both][..., :52], axis=1)[:, 0])
        return np.isin(changes.argmax(1), [INDEX[name] for name in SLIGHT])

    def _rows(self, count: int, focus: str) -> np.ndarray:
        chances, each = self._chances[focus], 1 + (focus == "paired")
        begins = np.searchsorted(chances, self.g.uniform(0, chances[-1], count // each), "right")
        return (begins.clip(max=self.count - each)[:, None] + np.arange(each)).ravel()

    def _others(self, rows: np.ndarray, alike: bool) -> np.ndarray:
        """Another portrait of the same person, in the same clothes where it is to be `alike`; where there is none, the
        same.
        """
        begins, counts = (one[rows] for one in (self._alike if alike else self._own))
        return begins + (rows - begins + self.g.integers(1, np.maximum(counts, 2))) % counts

    def _latents(self, rows: np.ndarray, backed: np.ndarray) -> Tensor:
        behind = self.backed[sent(np.minimum(rows, len(self.backed) - 1))]
        return torch.where(sent(backed)[:, None, None, None], behind, self.plain[sent(rows)]).float()

    def _scenes(self, rows: np.ndarray, backed: np.ndarray) -> Tensor:
        plain = ~(self.dressed[rows] | backed)
        light = self.portraits.lights[rows] * (self.g.uniform(size=(len(rows), 1)) > 0.1)  # zero: nobody knows it
        return sent(np.concatenate([light, plain[:, None]], 1).astype(np.float32))

    def _weights(self, rows: np.ndarray) -> Tensor:
        side = self.plain.shape[-1]
        places = focus_weights(self.points(rows) * (side / self.portraits.pictures.shape[1]), side)
        return places * sent(self.channels)


def focus_weights(points: Tensor, side: int, most: float = 7.0) -> Tensor:
    """Landmarks (n, k, 2) in pixels of `side` → (n, 1, side, side), 1 and up to `most` at eyes and mouth."""
    chosen = [i for i, name in enumerate(NAMES) if name.split("_")[0] == "mouth" or "eye" in name or "brow" in name]
    at = torch.arange(side, dtype=points.dtype, device=points.device) + 0.5
    reach = 2 * (0.035 * side) ** 2
    across, down = (torch.exp(-(at - points[:, chosen, axis, None]).square() / reach) for axis in (0, 1))
    near = points.new_zeros(len(points), side, side)
    for x, y in zip(across.unbind(1), down.unbind(1), strict=True):
        near = torch.maximum(near, y[:, :, None] * x[:, None, :])
    return (1 + (most - 1) * near)[:, None]


def open_lessons(folder: Path, name: str, seed: int, mirrored: bool) -> Lessons:
    """Of the portraits that there are latents of, and of their mirror images."""
    count = len(np.load(folder / "latents" / f"{name}.npy", mmap_mode="r"))
    portraits = first(open_portraits(folder / name), count)
    return Lessons(twice(portraits) if mirrored else portraits, prints_of(folder / name, count), folder, name, seed)


def _latents(folder: Path, name: str, count: int) -> Tensor:
    return torch.from_numpy(np.load(folder / "latents" / f"{name}.npy")[:count]).to(DEVICE)


def _blocks(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of rows in the order of their keys (n,): where the block of each begins, and how many are in it."""
    _, begins, which, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return begins[which], counts[which]


def _directions(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
