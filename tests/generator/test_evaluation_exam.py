"""How contestants sit for the exam: held or not, thinned or not, everybody is shown the same faces."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generator.evaluation.amounts import Amounts
from generator.evaluation.chapters import Findings
from generator.evaluation.contestants import NaiveReuse, Streamed, Truth
from generator.evaluation.exam import Exam, _thinned, stills, swept_by
from generator.evaluation.exhibits import EXHIBITS, NEEDED, WORN, Exhibition
from generator.evaluation.poses import posed
from generator.evaluation.scripts import sweeps
from generator.evaluation.stage import Actor, Stage
from generator.evaluation.study import SHORT, TALK, Study
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from protocol.blendshapes import INDEX
from tests.generator.puppet import SIZE, puppet_generator

ACTOR = Actor("somebody", draw_person(1_000_007), np.eye(1, 512)[0].astype(np.float32))
AMOUNTS = Amounts(2, 2, 1, 1, 1, (0.05, 0.5, 0.9, 1.0), 2, 40, 20, 1, 3)
RECORDED = np.zeros((5, 55), np.float32)


def test_who_remembers_and_who_does_not_show_the_same_sweep() -> None:
    sweep, stage = sweeps(AMOUNTS, RECORDED, 0)[0], Stage(puppet_generator())
    (held,) = swept_by(Streamed("ours", stage), [ACTOR], [sweep], AMOUNTS.settle)
    (fresh,) = swept_by(Streamed("fresh", stage, reuse=False), [ACTOR], [sweep], AMOUNTS.settle)
    assert held.shape == (52, 5, SIZE, SIZE, 4)
    assert np.abs(held.astype(int) - fresh).max() <= 4  # levels: what hardly changes is eased
    jaw = INDEX["jawOpen"]
    assert not np.array_equal(held[jaw, 0], held[jaw, -1])
    assert np.array_equal(held[0, 0], held[0, -1])  # the puppet has no eyelids


def test_a_held_pose_is_seen_once_it_has_settled() -> None:
    curves = np.stack([posed(headYaw=0.1), posed(headYaw=-0.1)])
    lagging = Streamed("ours", Stage(puppet_generator(lag=0.5)))
    assert np.array_equal(stills(lagging, [(ACTOR, curves)], 1)[0], lagging.perform(ACTOR, curves))
    assert stills(NaiveReuse(Stage(puppet_generator())), [(ACTOR, curves)] * 3, 3).shape[:2] == (3, 2)


def test_a_slow_contestant_draws_the_first_level_and_the_last() -> None:
    sweep = sweeps(AMOUNTS, RECORDED, 0)[0]
    true = np.zeros((52, 5, 2, 2, 4), np.uint8)
    nothing: Any = None
    exam = Exam(np.zeros((1, 1, 55)), nothing, [sweep, sweep], [true, true], nothing)
    thin = _thinned(exam, 1)
    assert thin.sweeps[0].levels.tolist() == [0.0, 0.05, 1.0]
    assert thin.sweeps[0].curves.shape == (52, 3, 55)
    assert thin.true_sweeps[0].shape[:2] == (52, 3)
    assert len(thin.sweeps) == len(thin.true_sweeps) == 1
    assert not _thinned(exam, 0).sweeps


def test_every_take_is_performed_and_no_actor_plays_one_twice() -> None:
    takes = {TALK: np.zeros((90, 55)), "rom_3": np.zeros((800, 55)), "mine": np.zeros((20, 55))}
    actors = [Actor(f"stranger {i}", ACTOR.person, ACTOR.embedding) for i in range(4)]
    casting = Study.casting(SimpleNamespace(takes=takes, lengths=SHORT, actors=actors))  # pyright: ignore
    pairs = [(name, actor.name) for name, actor, _ in casting]
    assert len(set(pairs)) == len(pairs)
    assert {name for name, _ in pairs} == set(takes)
    assert max(len(curves) for _, _, curves in casting) <= max(SHORT.talk, SHORT.others)


def test_what_each_exhibit_needs_is_a_capability() -> None:
    assert set(NEEDED) <= set(EXHIBITS)


def test_figures_of_one_contestant_add_up() -> None:
    findings = Findings()
    findings.note("ours", {"psnr": 1.0})
    findings.note("ours", {"lpips": 2.0})
    assert findings.scores == {"ours": {"psnr": 1.0, "lpips": 2.0}}


@pytest.mark.needs(module="moderngl", renderer=True)
def test_pictures_to_edit_are_drawn_with_what_is_worn_below_them(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    stage = Stage(puppet_generator(), encoder="compact-1")
    actors = [replace(ACTOR, name=f"stranger {n}", person=draw_person(1_000_007 + n)) for n in range(3)]
    with Studio(shared_data("ict").parent, SIZE, 2) as studio:
        show = Exhibition(stage, Streamed("ours", stage), Truth(studio), actors, [], tmp_path)
        name, _ = EXHIBITS["reference"](show)
    rows, columns = 2 * len(WORN), 6
    width, height = Image.open(tmp_path / name).size
    assert width > columns * 184 and height > rows * 184
