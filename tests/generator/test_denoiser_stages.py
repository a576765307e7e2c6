"""The stages in the paper's order: each teaches its own part, on what the ones before it left, and no other."""

from copy import deepcopy
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from generator.checkpoint import model_folder
from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.compact.card import ENCODER
from generator.compact.denoiser import Denoiser, new_denoiser
from generator.training import (
    critic_stage,
    distillation_stage,
    expression_stage,
    foundation_stage,
    reference_stage,
    together_stage,
)
from generator.training.acquaintance import APART, confusion, keep_apart
from generator.training.acting import SLIGHT
from generator.training.critic import Critic
from generator.training.exams import Exam
from generator.training.fitting import read_average
from generator.training.head.landmarks import NAMES
from generator.training.lessons import Lessons, _blocks, focus_weights
from generator.training.likeness import Likeness
from generator.training.looks import Looks
from generator.training.noising import signal
from generator.training.portraits import GROUP, Portraits
from generator.training.prints import Prints
from protocol.blendshapes import INDEX

PEOPLE, EACH, BATCH = GROUP + 2, 4, 2
INSTANT = 1e-6  # minutes: one step
PARTS = ("foundation", "expression_adapter", "reference_adapter")


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    """Noise for portraits: what is learned from them does not matter here."""
    folder, g, count = tmp_path_factory.mktemp("lessons"), np.random.default_rng(0), PEOPLE * EACH
    for inside in ("latents", "embeddings"):
        (folder / inside).mkdir()
    for name in ("train", "train_backed"):
        np.save(folder / "latents" / f"{name}.npy", g.normal(size=(count, 32, 16, 16)).astype(np.float16))
    np.save(folder / "latents" / "channels.npy", np.ones(32, np.float32))
    np.save(folder / "embeddings" / "train.npy", g.normal(size=(count, 512)).astype(np.float16))
    curves = g.uniform(0, 1, (count, 55)).astype(np.float32)
    curves[1::2, 52:] = curves[::2, 52:]
    portraits = Portraits(
        g.integers(0, 255, (count, 256, 256, 4), np.uint8), curves,
        g.uniform(60, 200, (count, len(NAMES), 2)).astype(np.float16),
        np.tile(np.array([0, 0, 1], np.float32), (count, 1)), np.arange(PEOPLE).repeat(EACH),
        np.zeros(count, bool), np.zeros((PEOPLE, 4), np.float32),
    )  # fmt: skip
    return Lessons(portraits, Prints(portraits.pictures), folder, "train", 0)


@pytest.fixture(scope="module")
def trained(lessons: Lessons, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Denoiser]:
    """The network after each stage, by its name; `untrained` before."""
    out, exam = tmp_path_factory.mktemp("checkpoints"), SimpleNamespace(ask=None, ask_foundation=None)
    with pytest.MonkeyPatch.context() as smaller:
        for stage in (foundation_stage, expression_stage, reference_stage, together_stage):
            smaller.setattr(stage, "BATCH", BATCH)
        done = {"untrained": network(None)}
        foundation_stage.train_foundation(network(None), lessons, exam, out, INSTANT, False)  # type: ignore[arg-type]
        expression_stage.train_expression(network(None), lessons, exam, out, INSTANT, False)  # type: ignore[arg-type]
        reference_stage.train_reference(network(None), lessons, exam, out, INSTANT, False)  # type: ignore[arg-type]
        done |= {name: network(out / name) for name in ("foundation", "expression", "reference")}
        looks = Looks(lessons, Likeness(model_folder("compact") / ENCODER))
        together_stage.train_together(trio(), looks, exam, out, INSTANT, False)  # type: ignore[arg-type]
        distilled = distillation_stage.distil(trio(), looks, exam, out, INSTANT, False)  # type: ignore[arg-type]
        before = trio()
        read_average(out, "together", before)
    return done | {"together": before.denoiser, "distillation": distilled.denoiser}


def trio() -> together_stage.Trio:
    return together_stage.Trio(network(None), Autoencoder(), Likeness(model_folder("compact") / ENCODER))


def test_both_decoders_and_they_alone_learn_beside_critics(lessons: Lessons, tmp_path: Path) -> None:
    looks, exam = Looks(lessons, Likeness(model_folder("compact") / ENCODER)), SimpleNamespace(ask=None)
    whole, small = trio(), SmallDecoder()
    torch.save({"average": {f"module.{k}": v for k, v in whole.state_dict().items()}}, tmp_path / "distillation.pt")
    parts = (whole.denoiser, whole.encoder, whole.autoencoder.encoder, whole.autoencoder.decoder, small)
    before = deepcopy(parts)
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(critic_stage, "AT_ONCE", 2 * BATCH)
        smaller.setattr(critic_stage, "PARTS", 2)
        model = critic_stage.Finished(whole, small)
        critic_stage.train_with_critic(model, looks, exam, tmp_path, INSTANT, False)  # type: ignore[arg-type]
    assert [changed(a, b) for a, b in zip(before, parts, strict=True)] == [False, False, False, True, True]
    assert "critics" in torch.load(tmp_path / "critic.pt", weights_only=True)


def test_a_critic_that_looks_along_learns_and_pulls_at_the_drawing(lessons: Lessons) -> None:
    torch.manual_seed(0)
    looks, critic = Looks(lessons, Likeness(model_folder("compact") / ENCODER)), Critic()
    lesson, before = lessons.draw(4, "plain", 1.0), deepcopy(critic.state_dict())
    drawn = torch.rand(4, 4, 128, 128, requires_grad=True)
    with pytest.MonkeyPatch.context() as still:
        still.setattr("generator.training.critic.SHIFT", 1)
        alone, beside = (torch.autograd.grad(looks.cost(drawn, lesson, one), drawn)[0] for one in (None, critic))
        objected = torch.autograd.grad(critic.objection(drawn), drawn)[0]
    assert not torch.equal(before["layers.0.bias"], critic.state_dict()["layers.0.bias"])
    pull = (beside - alone).flatten()
    assert torch.nn.functional.cosine_similarity(pull, objected.flatten(), dim=0) > 0.9


def test_decoders_are_told_the_truth_about_each_latent(lessons: Lessons) -> None:
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(critic_stage, "AT_ONCE", 6)
        smaller.setattr(critic_stage, "PARTS", 3)
        smaller.setattr(critic_stage, "find", lambda _, lesson, *__: lesson.clean)
        drawn = list(islice(critic_stage._drawn(trio(), lessons), 6))
    for latents, lesson in drawn:
        assert len(latents) == len(lesson.rows) == len(lesson.backed) == 2
        solid = torch.from_numpy(lesson.backed)[:, None, None, None]
        truth = torch.where(solid, lessons.backed[lesson.rows], lessons.plain[lesson.rows])
        assert torch.equal(latents, truth.float())


def test_a_paired_lesson_has_all_in_common_but_the_face(lessons: Lessons) -> None:
    lesson = lessons.draw(6, "paired", 0.5)
    assert np.array_equal(lesson.rows[1::2], lesson.rows[::2] + 1)
    noise = lesson.noisy - signal(lesson.level) * lesson.clean
    for kept in (noise, lesson.level, lesson.identity, lesson.scene, lesson.curves[:, 52:]):
        assert torch.allclose(kept[::2], kept[1::2], atol=1e-5)
    assert not torch.allclose(lesson.clean[::2], lesson.clean[1::2])


def test_what_was_last_is_drawn_from_what_was_before_that_with_the_same_noise(lessons: Lessons) -> None:
    lesson, asked = lessons.draw(64, "plain", 1.0), []

    def denoiser(noise: torch.Tensor, _: object, who: torch.Tensor, __: object, curves: torch.Tensor, last, ___):
        asked.append((noise, who, curves, last))
        return torch.full_like(noise, float(len(asked)))

    last = together_stage._last(denoiser, lesson, None)  # type: ignore[arg-type]
    (noise, who, curves, nothing), (again, same, later, before) = asked
    assert nothing is None and torch.equal(before, torch.ones_like(noise))
    assert torch.equal(noise, again) and torch.equal(who, same) and not torch.equal(curves, later)
    rows = torch.nonzero(last.flatten(1).any(1))[:, 0]
    assert 0 < len(rows) < 64 and torch.equal(noise, lesson.noise[rows]) and (last[rows] == 2).all()


def test_whoever_is_shown_is_the_person_in_another_portrait(lessons: Lessons) -> None:
    for focus, each in (("plain", 1), ("paired", 2)):
        lesson = lessons.draw(6, focus, 0.5)
        drawn = lesson.rows[::each, None]
        assert lesson.shown.shape == (6 // each, 2)
        assert (lessons.people[lesson.shown] == lessons.people[drawn]).all()
        assert (lesson.shown != drawn).all()


def test_a_reference_is_another_picture_in_the_same_clothes() -> None:
    people, dressed = np.repeat([0, 1], 5), np.tile([False, False, False, True, True], 2)
    blocks = SimpleNamespace(_alike=_blocks(2 * people + dressed), _own=_blocks(people), g=np.random.default_rng(0))
    rows = np.arange(10).repeat(40)
    for alike in (True, False):
        found = Lessons._others(blocks, rows, alike)  # type: ignore[arg-type]
        assert (people[found] == people[rows]).all() and (found != rows).all()
        assert (dressed[found] == dressed[rows]).all() == alike
        assert set(found) == set(rows)


def test_eyes_and_mouth_weigh_most_where_they_are() -> None:
    points = torch.full((1, len(NAMES), 2), 1.0)
    points[0, NAMES.index("mouth_upper")] = torch.tensor([12.5, 5.5])
    weights = focus_weights(points, 16)[0, 0]
    assert weights[5, 12] == pytest.approx(7) and weights[12, 5] == pytest.approx(1, abs=0.01)


def test_an_exam_draws_everyone_from_what_the_encoder_of_now_says(lessons: Lessons) -> None:
    encoder = Likeness(model_folder("compact") / ENCODER)
    exam = Exam(lessons, Autoencoder(), encoder)
    exam.enrol(encoder)
    for person in np.unique(exam.people):
        shown = lessons.prints.take(np.flatnonzero(lessons.people == person))
        wanted = torch.nn.functional.normalize(encoder(shown).mean(0), dim=0)
        assert torch.allclose(exam.identity[exam.people == person], wanted, atol=1e-5)
    assert not torch.allclose(exam.identity, exam.who, atol=0.1)


def test_people_are_kept_apart_as_hard_as_they_are_drawn() -> None:
    torch.manual_seed(0)
    found = torch.nn.functional.normalize(torch.randn(8, 2, 512), dim=2).requires_grad_(True)
    keep_apart(found)
    drawing = torch.randn(8, 2, 512)
    (found * drawing).sum().backward()
    assert found.grad is not None
    pull = found.grad - drawing
    assert torch.isclose(pull.norm(), APART * drawing.norm(), rtol=1e-4)
    with torch.no_grad():
        moved = torch.nn.functional.normalize(found - 0.3 * pull / pull.norm(), dim=2)
        assert confusion(moved) < confusion(found)


def test_whom_one_portrait_shows_twice_can_be_learned_from_in_half_precision() -> None:
    found = torch.nn.functional.normalize(torch.randn(4, 1, 512), dim=2).repeat(1, 2, 1).requires_grad_(True)
    with torch.autocast("cpu", torch.bfloat16):
        keep_apart(found)
    found.sum().backward()
    assert found.grad is not None and found.grad.isfinite().all()


def test_pairs_of_what_changes_least_are_shown_more_often(lessons: Lessons) -> None:
    slight = lessons._slight(lessons.pairs)
    changes = np.abs(np.diff(lessons.portraits.curves[lessons.pairs][..., :52], axis=1)[:, 0]).argmax(1)
    assert slight.tolist() == [change in {INDEX[name] for name in SLIGHT} for change in changes]
    chances = np.diff(lessons._chances["paired"], prepend=0)[lessons.pairs[:, 0]]
    assert slight.any()
    assert np.allclose(chances[slight].min(), 3 * chances[~slight].min())


def changed(before: torch.nn.Module, after: torch.nn.Module) -> bool:
    pairs = zip(before.parameters(), after.parameters(), strict=True)
    return any(not torch.equal(a, b) for a, b in pairs)


def network(checkpoint: Path | None) -> Denoiser:
    torch.manual_seed(0)
    denoiser = new_denoiser()
    if checkpoint is not None:
        read_average(checkpoint.parent, checkpoint.name, denoiser)
    return denoiser


def moved(before: Denoiser, after: Denoiser, part: str) -> bool:
    pairs = zip(getattr(before, part)(), getattr(after, part)(), strict=True)
    return any(not torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    ("stage", "before", "taught"),
    [
        ("foundation", "untrained", {"foundation"}),
        ("expression", "foundation", {"expression_adapter"}),
        ("reference", "expression", {"reference_adapter"}),
        ("together", "reference", {"foundation", "expression_adapter"}),  # the first lesson has no reference picture
        ("distillation", "together", {"foundation", "expression_adapter"}),
    ],
)
def test_a_stage_teaches_its_part_alone(
    trained: dict[str, Denoiser], stage: str, before: str, taught: set[str]
) -> None:
    assert {part for part in PARTS if moved(trained[before], trained[stage], part)} == taught


def test_no_stage_after_its_own_moves_the_geometry(trained: dict[str, Denoiser]) -> None:
    first, *others = (list(d.expression.geometry.parameters()) for d in trained.values())
    assert all(torch.equal(a, b) for other in others for a, b in zip(first, other, strict=True))
