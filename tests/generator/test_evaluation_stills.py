"""Identity, expression and picture quality, measured on real renders: right ones are perfect, wrong ones are told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from generator.evaluation import expression, leakage, people, quality, scripts
from generator.evaluation.amounts import FULL, QUICK
from generator.evaluation.regressor import Judge, Regressor, on_grey, upright
from generator.evaluation.scripts import Sweep
from generator.evaluation.stage import Actor
from generator.training.acting import TURN
from generator.training.head.appearance import Appearance
from generator.training.head.landmarks import Landmarks
from generator.training.head.rig import load_rig
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.performances import recordings
from generator.training.portraits import HELD_OUT
from protocol.blendshapes import INDEX

pytestmark = pytest.mark.needs(renderer=True)

MOVED = ("jawOpen", "eyeBlinkLeft", "mouthSmileLeft")
LEVELS = np.array([0.0, 0.05, 0.5, 1.0])
WHO = [draw_person(HELD_OUT + 31), draw_person(HELD_OUT + 32)]
TURNED = np.array([0.3, -0.1, 0.15], np.float32)


def _sweep() -> Sweep:
    every = scripts.swept(np.zeros(55, np.float32), LEVELS)
    return Sweep(0, 0, LEVELS, every[[INDEX[name] for name in MOVED]])


SWEEP = _sweep()


@pytest.fixture(scope="module")
def data(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parents[1]


@pytest.fixture(scope="module")
def drawn(data: Path) -> Iterator[list[np.ndarray]]:
    """The sweep of the first person and one turned picture, then three of the second."""
    turned = np.zeros((1, 55), np.float32)
    turned[:, 52:] = TURNED
    jobs = [np.concatenate([SWEEP.curves[0, :1], *SWEEP.curves[:, 1:], turned]), SWEEP.curves[:, 3]]
    with Studio(data) as studio:
        yield studio.draw([(who, Appearance(backdrop=None), c) for who, c in zip(WHO, jobs, strict=True)])


@pytest.fixture(scope="module")
def swept(drawn: list[np.ndarray]) -> np.ndarray:
    """(3, 4, 256, 256, 4)."""
    return np.stack([np.concatenate([drawn[0][:1], drawn[0][1 + 3 * at : 4 + 3 * at]]) for at in range(3)])


@pytest.fixture(scope="module")
def judge() -> Judge:
    torch.manual_seed(0)
    return Judge(Regressor())


def embed(pictures: np.ndarray) -> np.ndarray:
    """A plain encoder: the colours of a coarse picture, less grey."""
    small = np.stack([cv2.resize(on_grey(p), (16, 16), interpolation=cv2.INTER_AREA) for p in pictures]) - 0.5
    flat = np.pad(small.reshape(len(small), -1), ((0, 0), (0, 0)))[:, :512]
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


def blurred(pictures: np.ndarray) -> np.ndarray:
    return np.stack([cv2.GaussianBlur(picture, (0, 0), 2) for picture in pictures])


def test_the_truth_responds_to_every_curve_in_proportion(swept: np.ndarray) -> None:
    found = expression.respond([SWEEP], [swept], [swept])
    np.testing.assert_allclose(found.gain, 1, atol=1e-5)
    assert found.r.min() > 0.95
    np.testing.assert_allclose(found.monotone, 1)
    np.testing.assert_array_equal(found.r, found.ceiling)


def test_a_muted_face_has_less_gain_and_a_frozen_one_no_correlation(swept: np.ndarray) -> None:
    muted = (swept[:, :1] + 0.5 * (swept.astype(np.float32) - swept[:, :1])).round().astype(np.uint8)
    frozen = np.repeat(swept[:, 3:], 4, axis=1)
    half, none = (expression.respond([SWEEP], [pictures], [swept]) for pictures in (muted, frozen))
    np.testing.assert_allclose(half.gain, 0.5, atol=0.05)
    assert half.r.min() > 0.95
    np.testing.assert_allclose(none.r, 0)


def test_faces_that_follow_by_different_strength_correlate_each_but_not_together(swept: np.ndarray) -> None:
    muted = (swept[:, :1] + 0.2 * (swept.astype(np.float32) - swept[:, :1])).round().astype(np.uint8)
    found = expression.respond([SWEEP, SWEEP], [swept, muted], [swept, swept])
    np.testing.assert_allclose(found.gains[0], 1, atol=1e-5)
    np.testing.assert_allclose(found.gains[1], 0.2, atol=0.05)
    assert found.on_one_face.min() > 0.95 > found.r.max()


def test_the_wrong_curve_does_not_count_as_a_response(swept: np.ndarray) -> None:
    found = expression.respond([SWEEP], [swept[[1, 2, 0]]], [swept])
    assert np.abs(found.gain).max() < 0.35


def test_softness_costs_little_response(swept: np.ndarray) -> None:
    soft = np.stack([blurred(pictures) for pictures in swept])
    found = expression.respond([SWEEP], [soft], [swept])
    assert found.gain.min() > 0.65 and found.r.min() > 0.95


def test_a_region_that_moves_with_another_ones_curve_is_a_leak(swept: np.ndarray, data: Path) -> None:
    landmarks = Landmarks(load_rig(data / "ict"))
    leaking = swept.copy()
    leaking[2, 1:, :128] = swept[1, 1:, :128]  # the smile closes an eye
    true, leaky = (leakage.measure("", WHO, [SWEEP], [pictures], [swept], landmarks) for pictures in (swept, leaking))
    assert true.leak.max() < leakage.STILL
    assert leaky.leak[2] > 2 * true.leak[2]
    np.testing.assert_allclose(leaky.leak[:2], true.leak[:2])
    assert [leakage.PLACES[int(at)] for at in true.true.argmax(1)] == ["mouth", "left_eye", "mouth"]


def test_micro_movements_show_and_a_frozen_face_has_none(swept: np.ndarray, data: Path) -> None:
    landmarks = Landmarks(load_rig(data / "ict"))
    frozen = np.repeat(swept[:, :1], 4, axis=1)
    true, still = (leakage.measure("", WHO, [SWEEP], [pictures], [swept], landmarks) for pictures in (swept, frozen))
    assert true.micro_visible.all() and not still.micro_visible.any()


def test_true_pictures_have_perfect_quality_and_others_less(drawn: list[np.ndarray], judge: Judge) -> None:
    true, curves = drawn[0][:4], np.concatenate([SWEEP.curves[0]])
    perfect = quality.measure("truth", true, true, curves, judge)
    assert perfect.psnr.min() > 58 and perfect.ssim.min() > 0.999
    assert perfect.lpips.max() < 1e-6 and perfect.fid < 1e-3 and perfect.sharpness == pytest.approx(1)
    soft = quality.measure("soft", blurred(true), true, curves, judge)
    assert soft.psnr.max() < 40 and soft.ssim.max() < 0.98 and soft.lpips.min() > 1e-4 and soft.sharpness < 0.7
    other = quality.measure("other", np.repeat(drawn[1][:1], 4, 0), true, curves, judge)
    assert (other.lpips > soft.lpips).all() and (other.psnr < soft.psnr).all() and other.fid > soft.fid


def test_a_person_is_told_from_another(drawn: list[np.ndarray]) -> None:
    actors = people.enrol(WHO, np.stack([drawn[0][[0, 2]], drawn[1][:2]]), embed)
    enrolled = np.stack([actor.embedding for actor in actors])
    others = people.unit(np.ones(512))[None]
    pictures, who = np.stack([drawn[0][3], drawn[1][2]]), np.array([0, 1])
    right = people.measure("", pictures, who, enrolled, others, embed)
    wrong = people.measure("", pictures, who[::-1], enrolled, others, embed)
    assert right.rank1 == 1 and wrong.rank1 == 0
    assert right.id_sim_mean > wrong.id_sim_mean + 0.05
    assert right.by_person.shape == (2,)


def test_a_person_who_becomes_another_drifts(drawn: list[np.ndarray]) -> None:
    actor = people.enrol(WHO[:1], drawn[0][None, :1], embed)[0]
    same = people.drift("", drawn[0][[0, 0, 0]], 750, actor, embed)
    other = people.drift("", np.stack([drawn[0][0], drawn[1][0], drawn[0][0]]), 10_000, actor, embed)
    assert same.value == pytest.approx(0, abs=1e-6) and same.key == "id_drift_750"
    assert other.value > 0.05 and other.key == "id_drift_10000"


def test_people_in_between_lie_on_the_way(drawn: list[np.ndarray]) -> None:
    first, last = people.enrol(WHO, np.stack([drawn[0][:1], drawn[1][:1]]), embed)
    asked = people.path(first, last, 5)
    np.testing.assert_allclose(asked[0].embedding, first.embedding, atol=1e-5)
    np.testing.assert_allclose(asked[-1].embedding, last.embedding, atol=1e-5)
    blend = np.linspace(0, 1, 5)[:, None, None, None]
    mixed = (drawn[0][0] * (1 - blend) + drawn[1][0] * blend).round().astype(np.uint8)
    assert people.in_between(mixed, asked, embed).smooth
    assert not people.in_between(mixed[::-1], asked, embed).smooth


def test_a_mirrored_picture_put_upright_is_the_mirrored_face(drawn: list[np.ndarray]) -> None:
    picture, mirrored = on_grey(drawn[0][-1]), on_grey(drawn[0][-1])[:, ::-1].copy()
    face = upright(picture, TURNED)
    np.testing.assert_allclose(upright(mirrored, TURNED * [-1, 1, -1])[:, ::-1], face, atol=0.02)
    neutral = upright(on_grey(drawn[0][0]), np.zeros(3))
    assert np.abs(face - neutral).mean() < 0.6 * np.abs(face - upright(picture, np.zeros(3))).mean() + 0.05


def test_a_sweep_is_performed_and_seen_in_order() -> None:
    stream = SWEEP.stream(3)
    assert stream.shape == (3 * (2 + 4), 55)
    np.testing.assert_array_equal(SWEEP.seen(stream, 3), SWEEP.curves)


def test_scripts_repeat_by_seed_and_fit_the_amounts(data: Path) -> None:
    recorded = recordings(data / "captures", held_out=True)
    for amounts in (QUICK, FULL):
        curves = scripts.portraits(amounts, recorded, 1)
        assert curves.shape == (amounts.people, amounts.portraits, 55)
        np.testing.assert_array_equal(curves, scripts.portraits(amounts, recorded, 1))
        assert len(scripts.sweeps(amounts, recorded, 1)) == amounts.swept * amounts.bases
    assert (scripts.portraits(QUICK, recorded, 2) != scripts.portraits(QUICK, recorded, 1)).any()


def test_a_closing_mouth_has_an_open_jaw_to_close() -> None:
    curves = scripts.swept(np.zeros(55, np.float32), LEVELS)
    assert (curves[INDEX["mouthClose"], :, INDEX["jawOpen"]] == 1).all()
    assert (curves[INDEX["jawOpen"], 0] == 0).all()


def test_a_long_performance_is_neutral_where_it_is_looked_at(data: Path) -> None:
    curves, looks = scripts.long_performance(QUICK, recordings(data / "captures", held_out=True), 0)
    assert len(curves) == QUICK.stream and looks[-1] == QUICK.stream - 1
    np.testing.assert_array_equal(curves[looks], 0)
    assert curves.std(0).max() > 0.1


def test_people_are_enrolled_with_a_neutral_face_and_others(data: Path) -> None:
    faces = people.enrolment(QUICK, recordings(data / "captures", held_out=True), 0)
    assert faces.shape == (QUICK.people, QUICK.enrolment, 55)
    assert not faces[:, 0].any()
    assert faces[:, 1:].any(-1).all() and (np.abs(faces[:, 1:, 52:]) <= 0.4 * np.float32(TURN)).all()
    assert len(np.unique(faces[:, 1:].reshape(-1, 55), axis=0)) > QUICK.people


def test_every_seed_has_other_people() -> None:
    few = replace(QUICK, people=3)
    assert people.unseen(few, 0) == people.unseen(few, 0)
    assert not set(people.unseen(few, 0)) & set(people.unseen(few, 1))


def test_one_photo_makes_an_actor_of_its_own_embedding(drawn: list[np.ndarray]) -> None:
    actor = Actor("somebody", WHO[0], people.unit(np.ones(512)))
    told = people.from_one_picture(actor, drawn[0][2], embed)
    np.testing.assert_allclose(told.embedding, embed(drawn[0][2:3])[0])
    assert told.name != actor.name and told.person is actor.person


def test_strangers_of_another_encoder_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "strangers.safetensors"
    with pytest.raises(FileNotFoundError, match="`facebridge train compact export` makes them"):
        people.load_strangers("compact-1", path)
    save_file({"embeddings": np.eye(500, 512, dtype=np.float16)}, path, {"encoder": "compact-1"})
    np.testing.assert_array_equal(people.load_strangers("compact-1", path), np.eye(500, 512))
    with pytest.raises(FileNotFoundError, match="compact-1, not of compact-2"):
        people.load_strangers("compact-2", path)
