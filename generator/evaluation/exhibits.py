"""What is shown: sheets of everything that the model is asked to do, with the truth below wherever there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from generator import light
from generator.evaluation import sheets
from generator.evaluation.contestants import MANY_STEPS, Contestant, Streamed, Truth
from generator.evaluation.people import path as people_between
from generator.evaluation.poses import EXPRESSIONS, STEPS
from generator.evaluation.sheets import Row
from generator.evaluation.stage import Actor, Stage
from generator.evaluation.timing import Performance
from generator.identity_file import FRAMED
from generator.training.head.appearance import Accessories, Appearance, Light

LIGHTS = ((-70.0, 10.0), (-35.0, 25.0), (0.0, 0.0), (0.0, 55.0), (40.0, 20.0), (75.0, 30.0))  # degrees
WORN = {
    "a cap": Appearance(garment=(0.30, 0.05, 0.04), worn=Accessories(cap=1.0, cap_colour=(0.03, 0.10, 0.26))),
    "a scarf": Appearance(garment=(0.05, 0.12, 0.10), worn=Accessories(scarf=1.0, scarf_colour=(0.50, 0.28, 0.05))),
    "ear-rings": Appearance(garment=(0.35, 0.33, 0.30), worn=Accessories(ear_rings=1.0)),
}
FRAMES = 9  # consecutive ones on the strip
EDGE = (0.0, 0.5), (0.25, 0.75)  # shares of height and width: the hair, for a closer look at its edge

Picture = tuple[str, str]  # file name, what is to be seen


@dataclass(frozen=True, slots=True)
class Exhibition:
    """Everything a sheet is drawn from, and the folder it goes to."""

    stage: Stage
    ours: Contestant
    truth: Truth
    actors: Sequence[Actor]
    performances: Sequence[Performance]
    folder: Path

    @property
    def both(self) -> tuple[Contestant, Contestant]:
        return self.ours, self.truth

    def steps(self, count: int) -> Streamed:
        return Streamed(f"{count} steps", self.stage, count, reuse=False)


def people(show: Exhibition) -> Picture:
    poses = np.stack(list(EXPRESSIONS.values()))
    rows = _pairs(show, show.actors[:5], poses)
    sheets.save(sheets.sheet(list(EXPRESSIONS), rows), show.folder / "people.jpg")
    return (
        "people.jpg",
        "People never trained on, known by their embedding and one picture, and below each what the rig draws.",
    )


def steps(show: Exhibition) -> Picture:
    counts, pose = (1, 2, 4, MANY_STEPS), STEPS["grin, all of it"]
    rows = []
    for actor in show.actors[:3]:
        drawn = [show.steps(count).perform(actor, pose[None])[0] for count in counts]
        rows.append(Row(described(actor), [*drawn, show.truth.perform(actor, pose[None])[0]]))
    headings = [*(f"{count} step{'s' * (count > 1)}" for count in counts), "truth"]
    sheets.save(sheets.sheet(headings, rows, 216), show.folder / "steps.jpg")
    return "steps.jpg", "The same noise, walked down in more and more steps."


def lights(show: Exhibition) -> Picture:
    rows = []
    for actor in show.actors[1:3]:
        lit = [_in_light(actor, where) for where in LIGHTS]
        pose = EXPRESSIONS["smile"][None]
        drawn, true = ([pictures[0] for pictures in one.several([(a, pose) for a in lit])] for one in show.both)
        rows += [Row(described(actor), drawn), Row("truth", true, close=True)]
    headings = [f"{azimuth:+.0f}°, {height:.0f}° up" for azimuth, height in LIGHTS]
    sheets.save(sheets.sheet(headings, rows, 184), show.folder / "light.jpg")
    return "light.jpg", "The key light goes round the head: degrees to the picture's right, and up."


def interpolation(show: Exhibition, columns: int = 7) -> Picture:
    rows = []
    for one, other in zip(show.actors[0:6:2], show.actors[1:6:2], strict=True):
        neutral, ends = EXPRESSIONS["neutral"][None], list[np.ndarray | None]([None] * columns)
        pictures = [p[0] for p in show.ours.several([(a, neutral) for a in people_between(one, other, columns)])]
        ends[0], ends[-1] = (p[0] for p in show.truth.several([(a, neutral) for a in (one, other)]))
        rows += [Row(f"{one.name} to {other.name}", pictures), Row("truth", ends, close=True)]
    headings = [f"{share:.0%}" for share in np.linspace(0, 1, columns)]
    sheets.save(sheets.sheet(headings, rows), show.folder / "interpolation.jpg")
    return "interpolation.jpg", "Embeddings in between show people in between."


def alpha(show: Exhibition) -> Picture:
    chosen = show.actors[:6]
    drawn = [pictures[0] for pictures in show.ours.several([(a, EXPRESSIONS["away"][None]) for a in chosen])]
    size = len(drawn[0])
    mask = [np.repeat(picture[..., 3:], 3, -1) for picture in drawn]
    behind = {"checkers": sheets.checkers(size), "sunset": sheets.sunset(size)}
    rows = [Row(name, [sheets.over(picture, back) for picture in drawn]) for name, back in behind.items()]
    part = tuple(slice(round(start * size), round(end * size)) for start, end in EDGE)
    edges = [sheets.over(picture, behind["sunset"])[part] for picture in drawn]
    rows += [Row("closer", edges, close=True), Row("alpha", mask)]
    sheets.save(sheets.sheet([actor.name for actor in chosen], rows, 184), show.folder / "alpha.jpg")
    return (
        "alpha.jpg",
        "The backdrop belongs to whoever shows the picture: two of them, the hair's edge, and the alpha channel.",
    )


def editing(show: Exhibition) -> Picture:
    names = ["neutral", "smile", "surprise", "wink", "away"]
    rows, poses = [], np.stack([EXPRESSIONS[name] for name in names])
    dressed = [replace(actor, name=f"{actor.name} in {worn}", appearance=appearance)
               for actor, (worn, appearance) in zip(_models(show.actors), WORN.items(), strict=True)]  # fmt: skip
    truth = show.truth.several([(actor, poses) for actor in dressed])
    known = [replace(actor, reference=_framed(true[0])) for actor, true in zip(dressed, truth, strict=True)]
    drawn = show.ours.several([(actor, poses) for actor in known])
    for actor, pictures, true in zip(dressed, drawn, truth, strict=True):
        rows += [
            Row(actor.name.replace(" in ", "\nin "), [true[0], *pictures]),
            Row("truth", [None, *true], close=True),
        ]
    sheets.save(sheets.sheet(["the picture", *names], rows, 184), show.folder / "editing.jpg")
    return "editing.jpg", "A picture of somebody in clothes that no embedding tells of, and new expressions of it."


def _framed(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, FRAMED[:2], interpolation=cv2.INTER_CUBIC) if len(picture) < FRAMED[0] else picture


def strip(show: Exhibition) -> Picture:
    """Consecutive frames from the liveliest part of the first performance."""
    performance = show.performances[0]
    moves = np.abs(np.diff(performance.curves[:, :52], axis=0)).sum(1)
    start = int(np.convolve(moves, np.ones(min(FRAMES, len(moves))), "valid").argmax())
    shown = slice(start, start + FRAMES)
    drawn = show.ours.perform(performance.actor, performance.curves[: start + FRAMES])[shown]
    true = performance.truth[shown]
    apart = [sheets.difference(*pair) for pair in zip(drawn, true, strict=True)]
    rows = [
        Row(performance.label, list(drawn)),
        Row("truth", list(true), close=True),
        Row("difference, 4 x", apart, close=True),
    ]
    sheets.save(sheets.sheet([f"frame {start + i}" for i in range(len(true))], rows), show.folder / "frames.jpg")
    return "frames.jpg", "Consecutive frames of a stream."


EXHIBITS: dict[str, Callable[[Exhibition], Picture]] = {
    "people": people,
    "frames": strip,
    "steps": steps,
    "light": lights,
    "interpolation": interpolation,
    "alpha": alpha,
    "reference": editing,
}
NEEDED = {"light": "light", "alpha": "alpha", "reference": "reference"}
"""The capability that a model needs for an exhibit."""


def described(actor: Actor) -> str:
    """Name, and what of the person is worth a label."""
    person = actor.person
    return f"{actor.name}\n{'woman' if person.woman > 0.5 else 'man'}, {person.age:.0f}"


def _pairs(show: Exhibition, actors: Sequence[Actor], poses: np.ndarray) -> list[Row]:
    rows = []
    pairs = zip(*(one.several([(actor, poses) for actor in actors]) for one in show.both), strict=True)
    for actor, (drawn, true) in zip(actors, pairs, strict=True):
        rows += [Row(described(actor), list(drawn)), Row("truth", list(true), close=True)]
    return rows


def _models(actors: Sequence[Actor]) -> list[Actor]:
    """Three who show what they wear: the last of them, whom the ear-rings go to, with the least hair on the ears."""
    bare = min(actors, key=lambda actor: actor.person.hair.density * actor.person.hair.side)
    return [*[actor for actor in actors if actor is not bare][:2], bare]


def _in_light(actor: Actor, where: light.Light) -> Actor:
    x, y, z = (float(number) for number in light.direction(where))
    return replace(actor, appearance=replace(actor.appearance, light=Light((x, y, z))))
