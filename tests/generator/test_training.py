"""The whole training, made tiny: every stage runs on what the ones before it left, and ends in a model that draws."""

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.checkpoint import model_folder
from generator.compact.card import CARD, read_card
from generator.diffusion import load_diffusion
from generator.face_generator import StreamSettings
from generator.training.compact import PLAN, STAGES, TrainingError, missing_before, train
from generator.training.head.landmarks import NAMES
from generator.training.portraits import HELD_OUT, Casting, open_portraits, pairs, traits
from generator.training.workshop import Workshop, castings
from protocol.blendshapes import ARKIT52

pytestmark = [pytest.mark.needs(module="scipy"), pytest.mark.needs(module="onnx")]
INSTANT = 1e-4  # minutes: a step or two
GROUPS, PLAIN, DRESSED = 2, 2, 2
CASTINGS = (
    Casting(GROUPS, PLAIN, DRESSED, favour=1),
    Casting(GROUPS, PLAIN, DRESSED, favour=1, seed=HELD_OUT),
)


@pytest.fixture
def source(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parents[1]


def workshop(source: Path, out: Path, begun: Path | None = None, resume: bool = False) -> Workshop:
    return Workshop(source, out, CASTINGS, begun, resume, workers=1)


def lay_out(folder: Path, casting: Casting) -> None:
    """What `render_portraits` leaves, in discs instead of faces."""
    folder.mkdir(parents=True)
    g = np.random.default_rng(casting.seed)
    everyone = [person for group in range(casting.groups) for person in casting.people(group)]
    plain, each = casting.plain, sum(casting.each(0))
    people = np.arange(len(everyone)).repeat(each)
    y, x = np.mgrid[:256, :256]
    disc = (np.hypot(x - 128, y - 128) < 100)[None, ..., None]
    colours = g.integers(40, 255, (len(everyone), 1, 1, 3))[people] + g.integers(-20, 20, (len(people), 1, 1, 3))
    pictures = np.concatenate([colours.clip(0, 255) * disc, 255 * np.ones_like(colours[..., :1]) * disc], 3)
    arrays = {
        "pictures": pictures.astype(np.uint8), "curves": g.uniform(0, 0.6, (len(people), 55)).astype(np.float32),
        "lights": np.tile(np.array([0, 0, 1], np.float32), (len(people), 1)), "people": people,
        "dressed": np.tile(np.arange(each) >= plain, len(everyone)),
        "landmarks": g.uniform(60, 200, (len(people), len(NAMES), 2)).astype(np.float16),
        "traits": np.stack([traits(person) for person in everyone]), "done": np.ones(casting.groups, bool),
        "starts": np.array([casting.first(group) for group in range(casting.groups + 1)]),
    }  # fmt: skip
    arrays["curves"][:, 52:] -= 0.3
    arrays["curves"][1::2, 52:] = arrays["curves"][::2, 52:]
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.training import (
        expression_stage,
        foundation_stage,
        gains_stage,
        identity_refit,
        identity_stage,
        reference_stage,
        regressor_stage,
        together_stage,
    )

    for stage in (foundation_stage, expression_stage, reference_stage, together_stage, regressor_stage):
        monkeypatch.setattr(stage, "BATCH", 2)
    monkeypatch.setattr(identity_stage, "PEOPLE", 4)
    monkeypatch.setattr(identity_refit, "EACH", 2)
    monkeypatch.setattr(gains_stage, "WHO", replace(gains_stage.WHO, people=1, swept=1))
    monkeypatch.setattr(gains_stage, "RUNTIME", "eager")


def test_portraits_of_others_are_not_taken_for_these(tmp_path: Path) -> None:
    from generator.training.portraits import _lay_out

    folder, before = tmp_path / "train", CASTINGS[0]
    lay_out(folder, before)
    _lay_out(folder, before)
    assert np.load(folder / "done.npy").all()
    _lay_out(folder, replace(before, seed=10_000))
    assert not np.load(folder / "done.npy").any()


def test_the_first_groups_are_drawn_dressed_as_well_and_the_gallery_more_often() -> None:
    casting = Casting(4, plain=4, dressed=3, favour=5, wardrobes=2)
    assert [casting.each(group) for group in range(4)] == [(20, 15), (4, 3), (4, 0), (4, 0)]
    assert [casting.first(group) for group in range(5)] == [0, 12 * 35, 12 * 42, 12 * 46, 12 * 50]
    assert [sum(CASTINGS[0].each(group)) for group in range(GROUPS)] == [PLAIN + DRESSED] * GROUPS


def test_who_draws_computes_with_one_thread_and_all_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.training.one_thread import THREADS, one_thread

    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with one_thread(), ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert [pool.submit(os.getenv, name).result() for name in THREADS] == ["1"] * len(THREADS)
    assert os.environ["OMP_NUM_THREADS"] == "3" and "OPENBLAS_NUM_THREADS" not in os.environ


def test_pairs_are_of_one_person_in_one_light_and_turn(tmp_path: Path) -> None:
    folder = tmp_path / "train"
    lay_out(folder, CASTINGS[0])
    portraits = open_portraits(folder)
    count = len(portraits.curves)
    assert pairs(portraits).tolist() == [[row, row + 1] for row in range(0, count, 2)]
    portraits.lights[1], portraits.people[3], portraits.curves[5, 53], portraits.dressed[7] = 0, 99, 0.2, False
    assert pairs(portraits)[:2].tolist() == [[8, 9], [10, 11]]


def test_portraits_from_before_there_were_pairs_are_refused(source: Path, tmp_path: Path) -> None:
    for name, casting in zip(("train", "held_out"), CASTINGS, strict=True):
        lay_out(tmp_path / name, casting)
    work = workshop(source, tmp_path, begun=model_folder("compact"))
    for name in ("portraits", "latents"):
        train(name, work)
    curves = np.load(tmp_path / "train" / "curves.npy")
    curves[::2, 52] += 0.01
    np.save(tmp_path / "train" / "curves.npy", curves)
    with pytest.raises(TrainingError, match="are not in pairs: delete train and held_out, draw anew"):
        work.lessons("together")


def test_what_was_drawn_since_is_added_and_nothing_else_changes(source: Path, tmp_path: Path) -> None:
    for name, casting in zip(("train", "held_out"), CASTINGS, strict=True):
        lay_out(tmp_path / name, casting)
    made = [tmp_path / kind / f"train{end}.npy" for kind in ("latents", "embeddings") for end in ("", "_mirrored")]
    begun, done = model_folder("compact"), np.load(tmp_path / "train" / "done.npy")
    np.save(tmp_path / "train" / "done.npy", np.arange(len(done)) < 1)
    train("latents", workshop(source, tmp_path, begun))
    first = [np.load(path) for path in made]
    np.save(tmp_path / "train" / "done.npy", done)
    train("latents", workshop(source, tmp_path, begun, resume=True))
    grown = [np.load(path) for path in made]
    lessons = workshop(source, tmp_path, begun).lessons("together")
    assert all(np.array_equal(a, b[: len(a)]) and len(b) == 2 * len(a) for a, b in zip(first, grown, strict=True))
    assert len(lessons.people) == 2 * len(grown[0])
    mirrored = lessons.prints.take(np.array([len(grown[0]) + 50]))[0]
    assert torch.equal(mirrored.flip(2), lessons.prints.take(np.array([50]))[0])


def test_every_stage_is_there_and_comes_after_what_it_needs() -> None:
    from generator.training import stages

    for number, stage in enumerate(PLAN):
        assert callable(getattr(stages, stage.name))
        assert set(stage.after) <= {before.name for before in PLAN[:number]}
        assert stage.leaves


def test_a_stage_without_what_it_needs_says_which_comes_first(source: Path, tmp_path: Path) -> None:
    work = workshop(source, tmp_path)
    with pytest.raises(TrainingError, match=r"identity needs what portraits makes, and there is no .*train/done\.npy"):
        train("identity", work)
    with pytest.raises(TrainingError, match="`facebridge train compact latents` comes first"):
        train("foundation", work)
    with pytest.raises(TrainingError, match=r"draws its own pictures, and .* lacks ict/ict_facekit\.npz"):
        train("portraits", workshop(tmp_path, tmp_path))


def test_a_trained_model_brings_along_what_was_learned_before(source: Path, tmp_path: Path) -> None:
    work = workshop(source, tmp_path, begun=model_folder("compact"))
    assert [stage.name for stage in missing_before(STAGES["together"], work)] == ["latents"]
    assert [stage.name for stage in missing_before(STAGES["distillation"], work)] == ["latents", "together"]
    assert [stage.name for stage in missing_before(STAGES["latents"], work)] == ["portraits"]
    with pytest.raises(TrainingError, match="with --from it is not run"):
        train("foundation", work)


@pytest.mark.usefixtures("tiny")
def test_from_nothing_to_a_model_and_on_from_there(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from generator.training.gains_stage import gains

    out = tmp_path / "first"
    for name, casting in zip(("train", "held_out"), CASTINGS, strict=True):
        lay_out(out / name, casting)
    train("all", workshop(source, out), minutes=INSTANT * len(PLAN))
    draws(out / "model")
    assert {path.name for path in (out / "judge").iterdir()} == {"regressor.safetensors", "strangers.safetensors"}

    capsys.readouterr()
    train("foundation", workshop(source, out, resume=True), minutes=INSTANT / 10)
    assert "foundation: had its" in capsys.readouterr().out

    again = tmp_path / "again"
    for name, casting in zip(("train", "held_out"), CASTINGS, strict=True):
        lay_out(again / name, casting)
    train("all", workshop(source, again, begun=out / "model"), minutes=INSTANT * 4)
    assert not (again / "checkpoints" / "foundation.pt").exists()
    draws(again / "model")
    shown = json.loads((again / "checkpoints" / "gains.json").read_text(encoding="utf-8"))
    assert set(shown) == set(ARKIT52) and read_card(again / "model").curve_gains == gains(shown)
    encoders = [(folder / "identity_encoder.onnx").read_bytes() for folder in (out / "encoder", out / "model")]
    assert encoders[0] != encoders[1]  # learned on, together with the rest


def test_faint_curves_are_asked_for_more_strongly_and_both_sides_alike() -> None:
    from generator.training.gains_stage import MOST, WISHED, gains

    shown = dict.fromkeys(ARKIT52, 1.0) | {
        "mouthPressLeft": 0.4, "mouthPressRight": 0.6, "tongueOut": WISHED / 1.3, "mouthRollUpper": -0.1,
        "jawLeft": 0.5, "eyeLookUpLeft": 0.2, "eyeLookUpRight": 0.2,
    }  # fmt: skip
    assert gains(shown) == {
        "mouthPressLeft": 1.5, "mouthPressRight": 1.5, "tongueOut": 1.3, "mouthRollUpper": MOST,
    }  # fmt: skip


def test_gains_are_found_without_those_found_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.training import gains_stage

    shutil.copy(model_folder("compact") / CARD, tmp_path)
    monkeypatch.setattr("generator.compact.card.FILES", (CARD,))
    before: list[object] = []

    def responses(model: Path, *_: object) -> dict[str, float]:
        before.append(read_card(model).curve_gains)
        return dict.fromkeys(ARKIT52, 1.0) | {"cheekPuff": 0.5}

    monkeypatch.setattr(gains_stage, "responses", responses)
    gains_stage.find_gains(tmp_path, tmp_path, 1)
    assert before == [{}] and read_card(tmp_path).curve_gains == {"cheekPuff": 1.5}


def draws(folder: Path) -> None:
    model = load_diffusion(str(folder), "eager")
    stream = model.open_stream(StreamSettings("Amara", 256))
    assert model.render([(stream, np.zeros(55, np.float32))])[0].pixels.shape == (256, 256, 4)


@pytest.mark.parametrize(
    ("groups", "seed", "told"),
    [(300, 100, "for --seed 0 to 99 with 300 groups, not 100"), (99_999, 9, "99999 are too many: .* for 83333")],
)
def test_who_asks_for_more_people_than_there_are_hears_how_many(groups: int, seed: int, told: str) -> None:
    with pytest.raises(TrainingError, match=told):
        castings((groups, 5), seed)
