"""The shipped model and its rivals, playing a puppet, and the truth."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.diffusion import MAX_STEPS
from generator.evaluation.contestants import (
    MANY_STEPS,
    Contestant,
    NaiveReuse,
    NearestFrame,
    Streamed,
    Truth,
    opaque,
)
from generator.evaluation.poses import posed
from generator.evaluation.stage import PLAIN, Actor, Stage, bearing
from generator.evaluation.timing import arrival, step_shares
from generator.face_generator import StreamSettings
from generator.light import direction
from generator.training.head.appearance import Light
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from tests.generator.puppet import SIZE, puppet_generator

ACTOR = Actor("somebody", draw_person(1_000_007), np.eye(1, 512)[0].astype(np.float32))
CURVES = np.stack([posed(jawOpen=0.1 * t, headYaw=0.05 * t) for t in range(6)])
STILL = np.repeat(CURVES[:1], 4, axis=0)


def test_the_model_plays_as_the_server_has_it_play() -> None:
    stage = Stage(puppet_generator())
    drawn = Streamed("ours", stage).perform(ACTOR, CURVES)
    stream = stage.generator.open_stream(StreamSettings(ACTOR.name, SIZE))
    assert drawn.shape == (6, SIZE, SIZE, 4)
    for row, picture in zip(CURVES, drawn, strict=True):
        assert np.array_equal(stage.generator.render([(stream, row)])[0].pixels, picture)


def test_two_people_look_different_and_keep_their_names() -> None:
    ours = Streamed("ours", Stage(puppet_generator()))
    other = replace(ACTOR, name="another", embedding=np.eye(2, 512)[1].astype(np.float32))
    assert not np.array_equal(ours.perform(ACTOR, CURVES[:1]), ours.perform(other, CURVES[:1]))


@pytest.mark.parametrize("contestant", [lambda stage: Streamed("ours", stage), NaiveReuse])
def test_takes_side_by_side_are_the_same_as_one_after_the_other(contestant: Callable[[Stage], Contestant]) -> None:
    lengths = (3, 6, 1, 2, 6, 4)  # more than the puppet takes at once, and some end before the others
    takes = [(replace(ACTOR, name=f"{n}"), CURVES[:length]) for n, length in enumerate(lengths)]
    stage = Stage(puppet_generator(lag=0.3))
    together = contestant(stage).several(takes)
    assert [len(pictures) for pictures in together] == list(lengths)
    for take, pictures in zip(takes, together, strict=True):
        assert np.array_equal(contestant(stage).perform(*take), pictures)
        assert np.array_equal(np.stack(list(contestant(stage).frames(*take))), pictures)


def test_who_remembers_nothing_draws_equal_frames_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, drawn = Stage(puppet_generator()), []
    render = stage.generator.render
    monkeypatch.setattr(stage.generator, "render", lambda frames: drawn.extend(frames) or render(frames))
    fresh = Streamed("fresh", stage, reuse=False)
    curves = CURVES[[2, 0, 2, 1, 0]]
    pictures = fresh.perform(ACTOR, curves)
    assert len(drawn) == 3
    assert all(np.array_equal(fresh.perform(ACTOR, row[None])[0], p) for row, p in zip(curves, pictures, strict=True))


def test_full_sampling_takes_more_steps_than_the_server_allows_and_forgets_every_frame() -> None:
    full = Streamed("full", Stage(puppet_generator()), MANY_STEPS, reuse=False)
    forwards, backwards = full.perform(ACTOR, CURVES), full.perform(ACTOR, CURVES[::-1])
    assert MANY_STEPS > MAX_STEPS
    assert full.slow and not full.remembers
    assert np.array_equal(forwards, backwards[::-1])


def test_a_model_that_holds_on_to_its_last_frame_is_late_and_without_reuse_it_is_not() -> None:
    pose, stage = posed(headYaw=0.15), Stage(puppet_generator(lag=0.6))  # too small a step for a cut
    (late,) = step_shares(Streamed("ours", stage), [ACTOR], pose)
    (prompt,) = step_shares(Streamed("fresh", stage, reuse=False), [ACTOR], pose)
    assert arrival(late[0]) > arrival(prompt[0]) == 0


def test_naive_reuse_flickers_where_nothing_moves() -> None:
    stage = Stage(puppet_generator())
    naive, ours = NaiveReuse(stage).perform(ACTOR, STILL), Streamed("ours", stage).perform(ACTOR, STILL)
    assert np.abs(np.diff(naive.astype(int), axis=0)).max() > 3
    assert np.abs(np.diff(ours.astype(int), axis=0)).max() == 0


def test_the_same_seed_gives_the_same_pictures() -> None:
    first, again = (NaiveReuse(Stage(puppet_generator(), seed=3)).perform(ACTOR, CURVES) for _ in range(2))
    other = NaiveReuse(Stage(puppet_generator(), seed=4)).perform(ACTOR, CURVES)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_light_is_told_in_degrees_and_the_usual_one_not_at_all() -> None:
    x, y, z = (float(number) for number in direction((40.0, 20.0)))
    assert bearing(PLAIN.light) is None
    assert bearing(Light((x, y, z))) == pytest.approx((40.0, 20.0), abs=1e-3)


def test_pictures_without_alpha_are_opaque() -> None:
    assert (opaque(np.zeros((4, 4, 3), np.uint8))[..., 3] == 255).all()


@pytest.mark.needs(module="moderngl", renderer=True)
def test_the_nearest_frame_is_a_true_one_and_for_a_known_face_that_very_one(
    shared_data: Callable[[str], Path],
) -> None:
    recorded = np.zeros((4, 55), np.float32)
    with Studio(shared_data("ict").parent, SIZE) as studio:
        nearest = NearestFrame(studio, recorded)
        drawn = nearest.perform(ACTOR, CURVES[:1] * 0)
        true = Truth(studio).perform(ACTOR, CURVES[:1] * 0)
    assert np.array_equal(drawn, true)
    assert 0 < (true[..., 3] == 0).mean() < 1  # no backdrop
