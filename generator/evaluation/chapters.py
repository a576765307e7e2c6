"""The report chapter by chapter: each measures its part and tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from generator.evaluation import plots
from generator.evaluation.contestants import Contestant
from generator.evaluation.exam import Exam, Marks
from generator.evaluation.exhibits import EXHIBITS, NEEDED, Exhibition, Picture
from generator.evaluation.failures import Shot, face_psnr, failure_sheet, failure_table, worst
from generator.evaluation.people import Drift
from generator.evaluation.quality import lpips
from generator.evaluation.regressor import Judge
from generator.evaluation.report import Cell, Section, Table
from generator.evaluation.sheets import save
from generator.evaluation.showcase import film, portrait_wall
from generator.evaluation.study import MOTION, Study
from generator.evaluation.timing import Moving, Performance, Timing, judge, movement, stage_performance

APART = 3  # frames between two that may be among the worst


@dataclass(slots=True)
class Findings:
    """What the chapters have found so far. `scores`: contestant → figure → value."""

    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)
    performances: list[Performance] = field(default_factory=list)
    truths: list[Moving] = field(default_factory=list)  # of the performances
    timings: list[Timing] = field(default_factory=list)
    exhibits: list[Picture] = field(default_factory=list)
    exam: Exam | None = None
    marks: dict[str, Marks] = field(default_factory=dict)
    drifts: dict[str, Drift] = field(default_factory=dict)
    steps: list[tuple[Cell, ...]] = field(default_factory=list)
    between: Table | None = None
    shots: list[Shot] = field(default_factory=list)

    def note(self, contestant: str, figures: Mapping[str, Any]) -> None:
        self.scores.setdefault(contestant, {}).update(figures)


Chapter = Callable[[Study, Findings], None]


def truth_in_time(study: Study, findings: Findings) -> None:
    """Draws the truth of the performances, and its motion."""
    for name, actor, curves in study.casting():
        findings.performances.append(stage_performance(name, actor, curves, study.studio, study.workers))


def streaming(study: Study, findings: Findings, contestant: Contestant) -> None:
    """One contestant in all performances, and on steps."""
    distance = partial(lpips, study.judge)
    if not findings.truths:
        findings.truths += [movement(one.truth, one, distance) for one in findings.performances]
    timing, drawn = judge(contestant, findings.performances, findings.truths, distance, study.judge.read)
    findings.timings.append(timing)
    pairs = zip(drawn, findings.performances, strict=True)
    quality = np.concatenate([face_psnr(pictures, one.truth, one.curves) for pictures, one in pairs])
    findings.note(contestant.name, {
        "tlp_ratio": timing.tlp_ratio, "warp_ratio": timing.warp_ratio, "lag_step_frames": timing.lag_step_frames,
        "lag_talk_frames": timing.lag_talk_frames, "flicker": timing.flicker, "talk_aed": timing.aed,
        "talk_psnr": float(quality.mean()),
    })  # fmt: skip
    if contestant is study.ours:
        for performance, pictures in zip(findings.performances, drawn, strict=True):
            findings.shots += taken(performance, pictures, study.judge)


def time(study: Study, findings: Findings) -> None:
    """What streaming found, told."""
    timings = {timing.name: timing for timing in findings.timings}
    plots.steps({name: timing.shares for name, timing in timings.items()}, study.folder / "reaction.png")
    points = {name: (timing.tlp_ratio, timing.aed) for name, timing in timings.items()}
    plots.smoothness(points, study.folder / "smoothness.png")
    rows = tuple((one.label, len(one.curves), truth.tlp, truth.warp) for one, truth in
                 zip(findings.performances, findings.truths, strict=True))  # fmt: skip
    findings.sections.append(Section(
        "Time", TIME,
        (Table("The performances, and what the truth itself measures in them",
               ("", "frames", "tLP", "warp error, levels²"), rows),),
        (("smoothness.png", "Smooth and still right: low and to the left, but no smoother than the truth."),
         ("reaction.png", "Three steps, there and back: how much of the change is there, frame by frame.")),
    ))  # fmt: skip


TIME = (
    "Recordings nothing was trained on, at 30 frames a second, on people nothing was trained on. tLP is the perceptual "
    "distance between consecutive frames; the warp error carries each frame back along the rig's own motion to the "
    "one before. Both are multiples of the truth's own: a stream that flickers is above 1, one that smears below. Lag "
    "on a step counts frames until nine tenths of a sudden change are there, 0 its own frame, the worst of all steps; "
    "lag while talking is the shift at which changes of speed agree best with the truth's, performances that move "
    "most counting most. Flicker is the mean difference of the two's changes."
)


def exhibit(study: Study, findings: Findings, name: str) -> None:
    """One sheet; told as unmeasured where the model lacks what it takes."""
    needed = NEEDED.get(name)
    if needed and needed not in study.stage.generator.capabilities:
        findings.unmeasured.append(f"{name}: the model has no {needed}")
        return
    show = Exhibition(study.stage, study.ours, study.truth, study.actors, findings.performances, study.folder)
    findings.exhibits.append(EXHIBITS[name](show))


def showcase(study: Study, findings: Findings) -> None:
    """The README's pictures."""
    portrait_wall(study.ours, study.gallery, study.folder / "people.png")
    performers = [study.gallery[i % len(study.gallery)] for i in (0, 1, 4, 7)]
    film(study.ours, performers, study.takes[MOTION], study.folder / "preview.webp")
    findings.exhibits[:0] = [
        ("people.png", "The people the model comes with."),
        ("preview.webp", "Four of them in one held-out recording."),
    ]


def shown(study: Study, findings: Findings) -> None:
    """All sheets, told."""
    findings.sections.append(Section("To look at", "Drawn above, true below, wherever there is a truth.",
                                     pictures=tuple(findings.exhibits)))  # fmt: skip


def failing(study: Study, findings: Findings) -> None:
    """The worst frames of all that were compared with a truth."""
    shots = worst(findings.shots)
    save(failure_sheet(shots), study.folder / "failures.jpg")
    about = f"Of {len(findings.shots)} frames that have a truth: ten of least PSNR in the face, ten of greatest AED."
    pictures = (("failures.jpg", "Drawn, true, and the difference between them."),)
    findings.sections.append(Section("The worst frames", about, (failure_table(shots),), pictures))


def taken(performance: Performance, drawn: np.ndarray, reader: Judge) -> list[Shot]:
    """Every `APART`-th frame of a performance."""
    at = np.arange(0, len(drawn), APART)
    apart = np.abs(reader.read(drawn[at]) - reader.read(performance.truth[at]))[:, :52].mean(1)
    quality = face_psnr(drawn[at], performance.truth[at], performance.curves[at])
    return [
        Shot(performance.actor, f"{performance.name}, frame {i}", performance.curves[i], drawn[i], performance.truth[i],
             float(psnr), float(aed)) for i, psnr, aed in zip(at, quality, apart, strict=True)
    ]  # fmt: skip
