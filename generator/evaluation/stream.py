"""What a stream must do: be there at a jump, come back to the same neutral face, hold still, and repeat itself."""

from __future__ import annotations

import numpy as np

from generator.evaluation.drawing import draw_each, pixels, play
from generator.evaluation.metrics import gain, psnr, share_shown
from generator.evaluation.poses import NEUTRAL, pose
from generator.evaluation.result import Check, Section, Table
from generator.evaluation.study import Study
from generator.training.renderer.person import GALLERY

GRIN = pose(mouthSmile=1, jawOpen=0.7)
JUMPS = {"all of it": 1.0, "two fifths": 0.4, "one seventh": 0.15}
STRETCH, EASE = 100, 10  # frames of talking between two neutral faces; frames it takes to get there
STILL_FRAMES, TAKE = 12, 60


def measure(study: Study) -> Section:
    parts = (_jumps(study), _returns(study), _still(study), _twice(study))
    return Section(
        "The stream",
        "As shipped. A jump's share is the first frame's part of the change that a stream starting there shows; "
        "returns compare the neutral face after talking with the one before, against the truth.",
        tuple(check for checks, _ in parts for check in checks),
        tuple(table for _, tables in parts for table in tables),
    )


Found = tuple[list[Check], list[Table]]


def _jumps(study: Study) -> Found:
    names = [person.name for person in GALLERY]
    rows = []
    for label, size in JUMPS.items():
        ends = np.stack([NEUTRAL, NEUTRAL, GRIN * size, NEUTRAL])
        truths = study.truth.draw((person, ends[1:3]) for person in GALLERY)
        neutral, grin = (
            draw_each(study.generator, names, np.tile(row, (len(names), 1)), study.seed) for row in ends[1:3]
        )
        streams = [pixels(stream) for stream in play(study.generator, names, ends, study.seed)]
        there = [share_shown(neutral[i], stream[2], grin[i]) for i, stream in enumerate(streams)]
        back = [share_shown(grin[i], stream[3], neutral[i]) for i, stream in enumerate(streams)]
        true = [
            gain(s[2] - s[1].astype(float), t[1] - t[0].astype(float)) for s, t in zip(streams, truths, strict=True)
        ]
        rows.append((label, min(there), min(back), float(np.mean(true))))
    worst = min(rows[0][1:3])
    columns = ("size", "least share there", "least share back", "mean gain on the truth")
    return [Check("jump neutral → grin and back, share in the first frame", worst, 0.9)], [
        Table("Sudden jumps", columns, tuple(rows))
    ]


def _returns(study: Study) -> Found:
    """Talks for long, easing to neutral again and again: on those small steps, reuse keeps most of the past."""
    people = study.amounts.people
    performance, at = _talk_with_rests(study.captures.talk, study.amounts.talk)
    truths = study.truth.draw((person, NEUTRAL[None]) for person in people)
    streams = play(study.generator, [person.name for person in people], performance, study.seed)
    levels = np.stack(
        [psnr(pixels([s[i] for i in at]), np.repeat(t, len(at), 0)) for s, t in zip(streams, truths, strict=True)]
    )
    change = levels - levels[:, :1]
    rows = [
        (p.name, float(v[0]), float(v[-1]), float(c.min()), float(c.max()))
        for p, v, c in zip(people, levels, change, strict=True)
    ]
    checks = [
        Check(
            f"neutral after {study.amounts.talk} frames of talking, change of PSNR",
            float(np.abs(change[:, -1]).max()),
            1.0,
            "dB",
            at_most=True,
        ),
        Check(
            f"neutral at any of {len(at) - 1} returns, greatest change of PSNR",
            float(np.abs(change).max()),
            1.0,
            "dB",
            at_most=True,
        ),
    ]
    return checks, [
        Table("Neutral face, PSNR in dB", ("", "before", "after", "least change", "greatest change"), tuple(rows))
    ]


def _talk_with_rests(talk: np.ndarray, frames: int) -> tuple[np.ndarray, list[int]]:
    """`frames` of talking, forth and back again, resting every STRETCH frames: curves, and where the rests are."""
    there_and_back = np.concatenate([talk, talk[::-1]])
    talked = there_and_back[np.arange(frames) % len(there_and_back)]
    parts, at = [NEUTRAL[None]], [0]
    for start in range(0, frames, STRETCH):
        stretch = talked[start : start + STRETCH]
        down = stretch[-1] * (1 - np.arange(1, EASE + 1, dtype=np.float32)[:, None] / EASE)
        parts += [stretch, down]
        at.append(at[-1] + len(stretch) + EASE)
    return np.concatenate(parts), at


def _still(study: Study) -> Found:
    curves = np.tile(study.captures.talk[len(study.captures.talk) // 2], (STILL_FRAMES, 1))
    streams = play(study.generator, [person.name for person in study.amounts.people], curves, study.seed)
    same = [(d.repeated and np.array_equal(d.pixels, stream[0].pixels)) for stream in streams for d in stream[1:]]
    fresh = all(not stream[0].repeated for stream in streams)
    return [Check("still curves: pictures identical and marked repeated, share", float(np.mean(same)) * fresh, 1.0)], []


def _twice(study: Study) -> Found:
    name, take = study.amounts.people[0].name, study.captures.talk[:TAKE]
    once, again = (pixels(play(study.generator, [name], take, study.seed)[0]) for _ in range(2))
    company = [person.name for person in GALLERY[: study.generator.max_batch]]
    together = pixels(play(study.generator, [name, *(n for n in company if n != name)], take, study.seed)[0])
    equal = float(np.mean([np.array_equal(a, b) for a, b in zip(once, again, strict=True)]))
    apart = np.abs(once.astype(int) - together)
    table = Table(
        "A stream alone and the same in a full batch",
        ("", "levels"),
        (("mean difference", float(apart.mean())), ("greatest", int(apart.max()))),
    )
    return [Check("same take and seed twice: identical pictures, share", equal, 1.0)], [table]
