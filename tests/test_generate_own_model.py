"""`facebridge generate` with models of our own."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from bridge.backdrop import on_backdrop
from bridge.cli import main
from generator.diffusion import load_diffusion
from generator.face_generator import StreamSettings
from generator.testcard import picture
from protocol.blendshapes import ARKIT55

NEUTRAL = np.zeros(55, np.float32)


def generate(*options: str) -> int:
    return main(["generate", "--model", "testcard", "--identity", "teal", *options])


def read(path: Path) -> np.ndarray:
    """As it lies in the file, colours in RGB order."""
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[-1] == 4 else cv2.COLOR_BGR2RGB)


def test_a_transparent_backdrop_gives_a_png_with_alpha(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "card.png"

    assert generate("--backdrop", "transparent", "--light", "-40", "30", "--size", "64", "--out", str(out)) == 0

    assert np.array_equal(read(out), picture(StreamSettings("teal", 64, light=(-40.0, 30.0)), NEUTRAL))
    assert capsys.readouterr().out == f"{out}: 64x64, testcard, seed 0\n"


@pytest.mark.parametrize(("options", "colour"), [((), "#5e636c"), (("--backdrop", "10e020"), "#10e020")])
def test_any_other_backdrop_is_filled(options: tuple[str, ...], colour: str, tmp_path: Path) -> None:
    out = tmp_path / "card.png"

    assert generate(*options, "--out", str(out)) == 0

    assert np.array_equal(read(out), on_backdrop(picture(StreamSettings("teal", 128), NEUTRAL), colour))


def test_an_expression_arrives_in_the_models_own_curves(tmp_path: Path) -> None:
    curves, out = tmp_path / "open.json", tmp_path / "card.npy"
    curves.write_text(json.dumps({"jawOpen": 0.5, "headYaw": -0.25}))

    assert generate("--expression", str(curves), "--backdrop", "transparent", "--out", str(out)) == 0

    values = NEUTRAL.copy()
    values[[ARKIT55.index("jawOpen"), ARKIT55.index("headYaw")]] = 0.5, -0.25
    assert np.array_equal(np.load(out) * 255, picture(StreamSettings("teal", 128), values))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--identity", "bob"), "--identity bob: no such person and no such file; there are amber, teal"),
        (("--guidance", "3"), "--guidance is for the published model; testcard has no choice of it"),
        (("--scheduler", "dpm"), "--scheduler is for the published model"),
        (("--reference", "x.png"), "--reference: testcard has no reference: people are drawn from their identity"),
        (("--light", "0", "-31"), "--light's elevation must be a finite number from -30 to 90, not -31"),
        (("--size", "65"), "the test card has no size 65"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    options: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(*options, "--out", str(tmp_path / "card.png")) == 1

    told = capsys.readouterr().err
    assert sentence in told and told.count("\n") == 1
    assert not (tmp_path / "card.png").exists()


@pytest.mark.parametrize("look", [("--light", "0", "0"), ("--backdrop", "transparent")])
def test_the_published_model_has_a_light_and_backdrop_of_its_own(
    look: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "ann.png")

    assert main(["generate", "--model", str(tmp_path), "--identity", "Ann", "--out", out, *look]) == 1

    assert f"facebridge: {look[0]}: the published model has no " in capsys.readouterr().err


def test_the_compact_model_draws_a_stranger_with_their_reference(tmp_path: Path) -> None:
    picture, out = tmp_path / "stranger.png", tmp_path / "drawn.png"
    pixels = cv2.resize(np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8), (256, 256))
    cv2.imwrite(str(picture), pixels)
    common = ["--model", "compact", "--identity", str(picture), "--backdrop", "transparent", "--store", str(tmp_path)]

    assert main(["generate", *common, "--out", str(out)]) == 0
    plain = read(out)
    assert main(["generate", *common, "--reference", str(picture), "--out", str(out)]) == 0

    assert plain.shape == (256, 256, 4)
    assert not np.array_equal(read(out), plain)


def test_another_picture_of_a_built_in_person_stands_alone(tmp_path: Path) -> None:
    """Their further pictures would not show what it shows: teeth come from the network again."""
    people = load_diffusion("compact", store=str(tmp_path)).people
    picture, opened, drawn = tmp_path / "ines.png", tmp_path / "open.json", []
    shown = people.read("Ines").reference
    assert shown is not None
    cv2.imwrite(str(picture), cv2.cvtColor(shown, cv2.COLOR_RGBA2BGRA))
    opened.write_text(json.dumps({"jawOpen": 0.35}))
    common = ["--model", "compact", "--identity", "Ines", "--backdrop", "transparent", "--store", str(tmp_path)]
    for options in ([], ["--reference", str(picture)]):
        out = tmp_path / "drawn.png"
        assert main(["generate", *common, *options, "--expression", str(opened), "--out", str(out)]) == 0
        drawn.append(read(out).astype(int))
    apart = np.abs(drawn[0] - drawn[1])[..., :3].max(2) * (drawn[0][..., 3] == 255)
    assert apart[:130].max() <= 8 < 40 < apart[140:215].max()  # brows and eyes are the same, lips are not
