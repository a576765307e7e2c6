"""The chapters of the exam: everybody draws portraits and sweeps; identity, expression and quality are told."""

from __future__ import annotations

from typing import Any

import numpy as np

from generator.evaluation import expression, leakage, people, plots, quality, scripts
from generator.evaluation.chapters import Findings
from generator.evaluation.contestants import MANY_STEPS, Contestant, Streamed
from generator.evaluation.exam import examined, prepared, stills
from generator.evaluation.failures import Shot
from generator.evaluation.report import Section, Table
from generator.evaluation.study import Study
from generator.training.head.landmarks import Landmarks
from generator.training.head.rig import load_rig
from protocol.blendshapes import ARKIT52

FEW_STEPS = (2, 4)


def truth_of_exam(study: Study, findings: Findings) -> None:
    """Draws the truth of portraits and sweeps."""
    findings.exam = prepared(study, Landmarks(load_rig(study.data / "ict")))


def sitting(study: Study, findings: Findings, contestant: Contestant) -> None:
    """One contestant's stills."""
    assert findings.exam is not None
    marks = findings.marks[contestant.name] = examined(study, findings.exam, contestant)
    found: dict[str, Any] = {
        "id_sim_mean": marks.likeness.id_sim_mean, "rank1": marks.likeness.rank1,
        **dict.fromkeys(("curve_r", "curve_r_mean", "curve_r_min", "leak")), "aed": marks.readings.aed,
        "psnr": float(marks.quality.psnr.mean()),
        "face_psnr": float(marks.quality.face_psnr.mean()), "ssim": float(marks.quality.ssim.mean()),
        "lpips": float(marks.quality.lpips.mean()), "fid": marks.quality.fid, "sharpness": marks.quality.sharpness,
    }  # fmt: skip
    if marks.expression and marks.leakage:
        found |= {"curve_r": marks.expression.curve_r, "curve_r_mean": marks.expression.curve_r_mean,
                  "curve_r_min": marks.expression.curve_r_min, "leak": float(marks.leakage.leak.mean())}  # fmt: skip
    findings.note(contestant.name, found)
    if contestant is study.ours:
        findings.shots += _portrait_shots(study, findings)


def drifting(study: Study, findings: Findings, contestant: Contestant) -> None:
    """One contestant's long stream; who does not remember anything cannot drift, and draws only what is looked at."""
    actor = study.actors[0]
    curves, looks = scripts.long_performance(study.amounts, study.recorded, study.seed)
    if contestant is not study.ours:
        curves, looks = curves[: study.lengths.rival], looks[looks < study.lengths.rival]
    if contestant.remembers:
        wanted = set(looks.tolist())
        pictures = [p for i, p in enumerate(contestant.frames(actor, curves)) if i in wanted]
    else:
        pictures = list(contestant.frames(actor, curves[looks]))
    drift = people.drift(contestant.name, np.stack(pictures), len(curves), actor, study.embed)
    findings.drifts[contestant.name] = drift
    findings.note(contestant.name, {"id_drift_10000": drift.value, "id_drift_frames": drift.frames})


def one_photo(study: Study, findings: Findings) -> None:
    """The shipped model told of each person by a single picture, in some expression."""
    assert findings.exam is not None
    exam, half = findings.exam, findings.exam.portraits.shape[1] // 2
    photos = exam.true_portraits[:, -1]
    known = [people.from_one_picture(*each, study.embed) for each in zip(study.actors, photos, strict=True)]
    drawn = stills(study.ours, list(zip(known, exam.portraits[:, :half], strict=True)), study.amounts.settle)
    who = np.repeat(np.arange(len(drawn)), half)
    enrolled = np.stack([actor.embedding for actor in study.actors])
    found = people.measure("one photo", np.concatenate(drawn), who, enrolled, study.others, study.embed)
    findings.note(study.ours.name, {"id_sim_one_photo": found.id_sim_mean, "rank1_one_photo": found.rank1})


def more_steps(study: Study, findings: Findings) -> None:
    """The same portraits drawn fresh in 1, 2, 4 and many steps."""
    assert findings.exam is not None
    exam, count = findings.exam, findings.exam.portraits.shape[1]
    drawn_people = max(study.lengths.stepped // count, 1)
    true = exam.true_portraits[:drawn_people].reshape(-1, *exam.true_portraits.shape[2:])
    curves = exam.portraits[:drawn_people].reshape(-1, 55)
    for steps in (1, *FEW_STEPS, MANY_STEPS):
        known = findings.marks.get({1: "one step, no reuse", MANY_STEPS: "full sampling"}.get(steps, ""))
        if known is not None and len(known.portraits) >= drawn_people:
            drawn = known.portraits[:drawn_people]
        else:
            fresh = Streamed(f"{steps} steps", study.stage, steps, reuse=False)
            drawn = stills(fresh, list(zip(study.actors, exam.portraits[:drawn_people], strict=False)), 1)
        drawn = drawn.reshape(true.shape)
        read = expression.read(study.judge, drawn, true, curves)
        found = quality.measure(str(steps), drawn, true, curves, study.judge)
        findings.steps.append((*found.row, read.aed))


def in_between(study: Study, findings: Findings) -> None:
    """People between two embeddings."""
    rows = []
    for pair in range(study.amounts.pairs):
        asked = people.path(study.actors[2 * pair], study.actors[2 * pair + 1], study.amounts.between)
        drawn = np.concatenate(study.ours.several([(actor, np.zeros((1, 55), np.float32)) for actor in asked]))
        found = people.in_between(drawn, asked, study.embed)
        name = f"{study.actors[2 * pair].name} to {study.actors[2 * pair + 1].name}"
        middle = len(asked) // 2
        rows.append((name, float(found.asked.min()), float(found.to_first[middle]), float(found.to_last[middle]),
                     "yes" if found.smooth else "no"))  # fmt: skip
    findings.between = Table(
        "People between two embeddings",
        ("", "least similarity to what was asked", "middle, to the first", "middle, to the last", "in order"),
        tuple(rows),
    )


def identity(study: Study, findings: Findings) -> None:
    """Tells who was recognised."""
    lines = {name: drift.similarity for name, drift in findings.drifts.items()}
    drift = findings.drifts[study.ours.name]
    plots.drift(study.amounts.look, lines, study.folder / "drift.png")
    rows = tuple((name, m.likeness.id_sim_mean, float(m.likeness.by_person.min()), m.likeness.rank1,
                  len(m.likeness.similarity)) for name, m in findings.marks.items())  # fmt: skip
    tables = [Table("", ("", "ID-SIM", "least of any person", "rank 1", "pictures"), rows)]
    ours = findings.scores[study.ours.name]
    if "id_sim_one_photo" in ours:
        told = (("enrolled with several", ours["id_sim_mean"], ours["rank1"]),
                ("told one photo", ours["id_sim_one_photo"], ours["rank1_one_photo"]))  # fmt: skip
        tables.append(Table("What the model was told", ("", "ID-SIM", "rank 1"), told))
    tables += [findings.between] if findings.between else []
    about = f"Identity over {drift.frames:,} frames of streaming, looked at on the neutral face."
    findings.sections.append(Section("Identity", people.ABOUT, tuple(tables), (("drift.png", about),)))


def expressions(study: Study, findings: Findings) -> None:
    """Tells what every curve did."""
    marks = findings.marks[study.ours.name]
    found, leaks = marks.expression, marks.leakage
    assert found and leaks
    plots.correlations(found.curve_r, study.folder / "correlations.png")
    by_name = dict(zip(ARKIT52, found.responses.curve, strict=True))
    plots.gains(found.responses.levels, by_name, study.folder / "gains.png")
    plots.leakage(leaks.drawn / np.maximum(leaks.true.max(1), 1e-6)[:, None], ARKIT52, leakage.PLACES,
                  study.folder / "leakage.png")  # fmt: skip
    rows = tuple(tuple(row) for row in found.rows)
    faint = int(leaks.micro_visible.sum())
    findings.sections += [
        Section(
            "Expression", expression.ABOUT, (Table("All 52 curves, the poorest first", expression.COLUMNS, rows),),
            (("correlations.png", "Correlation of each curve's value with what was shown."),
             ("gains.png", "Each curve alone, from 0 to 1: asked, and shown; grey is the straight line.")),
        ),
        Section(
            "What else moves", leakage.ABOUT + f" A curve of 0.05 shows in the right place for {faint} of the 52.",
            (Table("All 52 curves", leakage.COLUMNS, tuple(tuple(row) for row in leaks.rows)),),
            (("leakage.png", "Change of every region with each curve, as a share of the truth's most moved one."),),
        ),
    ]  # fmt: skip
    findings.note(study.ours.name, {"micro_visible": faint})


def looks(study: Study, findings: Findings) -> None:
    """Tells how close the pictures are."""
    rows = tuple(tuple(marks.quality.row) for marks in findings.marks.values())
    tables = [Table("", quality.COLUMNS, rows)]
    if findings.steps:
        tables.append(Table("Steps, each frame drawn afresh", ("steps", *quality.COLUMNS[1:], "AED"),
                            tuple(findings.steps)))  # fmt: skip
    findings.sections.append(Section("Pictures", quality.ABOUT, tuple(tables)))


def _portrait_shots(study: Study, findings: Findings) -> list[Shot]:
    exam, marks = findings.exam, findings.marks[study.ours.name]
    assert exam is not None
    psnr, apart, count = marks.quality.face_psnr, marks.readings.differences, exam.portraits.shape[1]
    places = [divmod(i, count) for i in range(len(psnr))]
    return [
        Shot(study.actors[who], f"portrait {nth + 1}", exam.portraits[who, nth], marks.portraits[who, nth],
             exam.true_portraits[who, nth], float(psnr[i]), float(apart[i])) for i, (who, nth) in enumerate(places)
    ]  # fmt: skip
