"""Whether a drawn person is the person asked for: similarity of embeddings, rank among strangers, drift, in-betweens.

All embeddings are our own identity encoder's, (512,) of unit length; similarity is their cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors import safe_open

from generator.evaluation.amounts import Amounts
from generator.evaluation.stage import Actor
from generator.training.acting import TURN, recorded_row
from generator.training.head.person import Person
from generator.training.head.sampling import draw_person
from generator.training.portraits import HELD_OUT

Embed = Callable[[np.ndarray], np.ndarray]  # `IdentityEncoder.embed`: uint8 (n, 256, 256, 4) → (n, 512) unit

STRANGERS = "strangers.safetensors"
HOW = "`facebridge train compact export`"
FIRST, APART = HELD_OUT + 100_000, 1_000  # seeds of the people that are measured, and of the next report's
ABOUT = (
    "Nobody measured was trained on, by any network here. A person is enrolled by the mean embedding of a few true "
    "pictures and by the first of them, a neutral face, and that is all a model is told. Similarity: cosine of a drawn "
    "picture's embedding with it. Rank 1: the share of drawn pictures that are nearer to their own person than to any "
    "of 500 others, and to anybody else who is measured. One photo: the same for a model that is told the embedding of "
    "a single picture, in some expression, and given no picture. Drift: at equal intervals of a long stream of turns "
    "and recorded performances the face comes back to the neutral one; the largest difference of those pictures' "
    "similarity to the first's."
)


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """One contestant's n pictures."""

    name: str
    similarity: np.ndarray  # (n,) to the person asked for
    nearest_other: np.ndarray  # (n,) to the most similar of the others
    people: np.ndarray  # (n,) who was asked for

    @property
    def id_sim_mean(self) -> float:
        return float(self.similarity.mean())

    @property
    def rank1(self) -> float:
        """Share, 0..1."""
        return float((self.similarity > self.nearest_other).mean())

    @property
    def by_person(self) -> np.ndarray:
        """(people,) mean similarity of each."""
        return np.array([self.similarity[self.people == who].mean() for who in np.unique(self.people)])


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Similarity (m,) to the person of the m neutral pictures in a stream of `frames`."""

    name: str
    frames: int
    similarity: np.ndarray

    @property
    def key(self) -> str:
        """The figure's name in the JSON says how long was streamed."""
        return f"id_drift_{self.frames}"

    @property
    def value(self) -> float:
        return float(np.abs(self.similarity - self.similarity[0]).max())


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """People drawn from one to another: similarity (m,) of each to what was asked for, to the first and to the last."""

    asked: np.ndarray
    to_first: np.ndarray
    to_last: np.ndarray

    @property
    def smooth(self) -> bool:
        """Each is less like the first and more like the last than the one before."""
        return bool((np.diff(self.to_first) < 0).all() and (np.diff(self.to_last) > 0).all())


def unseen(amounts: Amounts, seed: int) -> list[Person]:
    """People that no network here was trained on; every `seed` has others."""
    return [draw_person(FIRST + APART * seed + number) for number in range(amounts.people)]


def enrolment(amounts: Amounts, recorded: np.ndarray, seed: int) -> np.ndarray:
    """(people, enrolment, 55): the faces people are enrolled with, the neutral one first, then mild performances."""
    g = np.random.default_rng([24, seed])
    faces = np.zeros((amounts.people, amounts.enrolment, 55), np.float32)
    for person in faces:
        for face in person[1:]:
            face[:] = recorded_row(g, recorded).clip(0, 1)
            face[52:] = g.uniform(-0.4, 0.4, 3) * TURN
    return faces


def enrol(people: Sequence[Person], pictures: np.ndarray, embed: Embed) -> list[Actor]:
    """`pictures` uint8 (people, enrolment, 256, 256, 4): true ones, the first a neutral face."""
    return [
        Actor(f"stranger {number}", person, unit(embed(shown).mean(0)), reference=shown[0])
        for number, (person, shown) in enumerate(zip(people, pictures, strict=True), 1)
    ]


def from_one_picture(actor: Actor, picture: np.ndarray, embed: Embed) -> Actor:
    """The actor as the embedding of one true picture (256, 256, 4) tells of them."""
    return replace(actor, name=f"{actor.name}, one photo", embedding=embed(picture[None])[0], reference=None)


def measure(
    name: str, drawn: np.ndarray, people: np.ndarray, enrolled: np.ndarray, others: np.ndarray, embed: Embed
) -> Likeness:
    """Pictures (n, 256, 256, 4) of `people` (n,), rows of `enrolled` (p, 512), among `others` (o, 512).

    Whoever else is enrolled is among the others, too.
    """
    embeddings = embed(drawn)
    own = np.einsum("nk,nk->n", embeddings, enrolled[people])
    enrolled_too = embeddings @ enrolled.T
    enrolled_too[np.arange(len(people)), people] = -1.0
    return Likeness(name, own, np.maximum(enrolled_too.max(1), (embeddings @ others.T).max(1)), people)


def drift(name: str, looks: np.ndarray, frames: int, actor: Actor, embed: Embed) -> Drift:
    """`looks` (m, 256, 256, 4): the pictures at the frames `scripts.long_performance` says to look at."""
    return Drift(name, frames, embed(looks) @ actor.embedding)


def path(first: Actor, last: Actor, count: int) -> list[Actor]:
    """`count` actors along the great circle from one embedding to the other, ends included; `person` is the first's.
    Of nobody in between there is a picture.
    """
    a, b = first.embedding, last.embedding
    angle = np.arccos(np.clip(a @ b, -1, 1))
    steps = np.linspace(0, 1, count)
    points = [unit(np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) for t in steps]
    names = [f"{t:.0%} from {first.name} to {last.name}" for t in steps]
    return [
        replace(first, name=name, embedding=point, reference=None) for name, point in zip(names, points, strict=True)
    ]


def in_between(drawn: np.ndarray, asked: Sequence[Actor], embed: Embed) -> Between:
    """Pictures (m, 256, 256, 4) of the actors of a `path`, one neutral face each."""
    found, wanted = embed(drawn), np.stack([actor.embedding for actor in asked])
    return Between((found * wanted).sum(1), found @ wanted[0], found @ wanted[-1])


def load_strangers(encoder: str, path: Path) -> np.ndarray:
    """(500, 512) embeddings of people that no report measures, made by the encoder of that name.

    Raises FileNotFoundError, also if another encoder made them: nobody would resemble anybody.
    """
    if not path.exists():
        raise FileNotFoundError(f"there are no strangers in {path}: {HOW} makes them")
    with safe_open(path, "numpy") as file:
        made_by = (file.metadata() or {}).get("encoder", "unknown")
        if made_by != encoder:
            raise FileNotFoundError(f"{path} has strangers of {made_by}, not of {encoder}: {HOW} makes others")
        return file.get_tensor("embeddings").astype(np.float32)


def unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
