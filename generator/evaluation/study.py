"""What every chapter of the report is given: the contestants, the actors, the performances, and where pictures go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.evaluation.amounts import Amounts
from generator.evaluation.contestants import Contestant, Truth
from generator.evaluation.people import Embed, enrol, enrolment, unseen
from generator.evaluation.regressor import Judge
from generator.evaluation.stage import Actor, Stage
from generator.model import People
from generator.training.acting import TURN
from generator.training.head.appearance import Appearance
from generator.training.head.gallery import GALLERY
from generator.training.head.studio import Studio
from generator.training.performances import HELD_OUT, read_recording, recordings

TALK, MOTION = "slate_3", "rom_3"  # recordings: 60 frames a second of talking, 30 of single movements
EVERY = {TALK: 2, MOTION: 1}  # rows, so that there are 30 a second


@dataclass(frozen=True, slots=True)
class Lengths:
    """How much is measured in time, and of the slow rival. A frame of truth and its motion cost about 0.3 s of a core,
    one of full sampling about as much.
    """

    talkers: int  # actors in the talking take
    movers: int  # actors in every other take
    talk: int  # frames of the talking take at most
    others: int  # frames of every other take at most
    slow: int  # people whose portraits the slow rival draws
    slow_sweeps: int  # of the slow rival, of few levels
    stepped: int  # of the portraits drawn with other numbers of steps
    rival: int  # frames of the long stream that a rival plays at most
    readme: bool  # whether the README's pictures are made


LONG = Lengths(3, 2, 150, 300, 20, 1, 120, 10_000, True)
SHORT = Lengths(2, 1, 32, 32, 2, 0, 16, 75, False)


@dataclass(frozen=True, slots=True)
class Study:
    """`ours` is the shipped model; `rivals` end with the truth. `actors`: people nothing was trained on, `gallery`
    those the model comes with, `others` (500, 512) strangers' embeddings, `recorded` (n, 55) rows of recordings that
    nothing was trained on.
    """

    stage: Stage
    studio: Studio
    ours: Contestant
    rivals: tuple[Contestant, ...]
    actors: Sequence[Actor]
    gallery: Sequence[Actor]
    others: np.ndarray
    embed: Embed
    takes: dict[str, np.ndarray]
    recorded: np.ndarray
    judge: Judge
    amounts: Amounts
    lengths: Lengths
    seed: int
    workers: int
    data: Path
    folder: Path

    @property
    def everyone(self) -> tuple[Contestant, ...]:
        return (self.ours, *self.rivals)

    @property
    def truth(self) -> Truth:
        return Truth(self.studio)

    def casting(self) -> list[tuple[str, Actor, np.ndarray]]:
        """Who performs which part of which take, none of them twice the same pair."""
        parts = []
        for number, (name, curves) in enumerate(self.takes.items()):
            count, frames = (
                (self.lengths.talkers, self.lengths.talk)
                if name == TALK
                else (self.lengths.movers, self.lengths.others)
            )
            chosen = [self.actors[(number * 2 + i) % len(self.actors)] for i in range(count)]
            parts += [(name, actor, excerpt(curves, frames)) for actor in chosen]
        return parts


def held_out_takes(data: Path, added: Sequence[tuple[str, np.ndarray]] = ()) -> dict[str, np.ndarray]:
    """The last fifths of the two recordings, then whatever was added, (n, 55) each at 30 frames a second."""
    takes = {}
    for name, every in EVERY.items():
        rows = read_recording(data / "captures" / f"{name}.csv")
        takes[name] = rows[int(len(rows) * HELD_OUT) :: every]
    for name, curves in added:
        takes[name if name not in takes else f"{name} ({len(takes) + 1})"] = curves
    return {name: within_range(curves) for name, curves in takes.items()}


def held_out_rows(data: Path) -> np.ndarray:
    """(n, 55) of all recordings."""
    return recordings(data / "captures", held_out=True)


def within_range(curves: np.ndarray) -> np.ndarray:
    """Head angles held to what the model is made for."""
    return np.concatenate([curves[:, :52], np.clip(curves[:, 52:], -TURN, TURN)], 1).astype(np.float32)


def excerpt(curves: np.ndarray, frames: int) -> np.ndarray:
    """The `frames` in a row that move most, in the middle range: not what one cut or lost face makes of them."""
    if len(curves) <= frames:
        return curves
    moves = np.minimum(np.abs(np.diff(curves, axis=0)).sum(1), 1.0)
    start = int(np.convolve(moves, np.ones(frames - 1), "valid").argmax())
    return curves[start : start + frames]


def enrolled(studio: Studio, amounts: Amounts, recorded: np.ndarray, seed: int, embed: Embed) -> list[Actor]:
    """People nothing was trained on, known by a few true pictures each."""
    someone = unseen(amounts, seed)
    faces = enrolment(amounts, recorded, seed)
    worn = Appearance(backdrop=None)
    return enrol(someone, np.stack(studio.draw(zip(someone, [worn] * len(someone), faces, strict=True))), embed)


def gallery(people: People) -> list[Actor]:
    """Those of the named people that a model comes with."""
    there = set(people.names())
    known = [(one, people.read(one.name)) for one in GALLERY if one.name in there]
    return [
        Actor(one.name, one, identity.embedding, reference=identity.reference, shots=identity.shots)
        for one, identity in known
    ]
