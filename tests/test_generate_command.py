"""`facebridge generate`, as a person calls it, on a small seeded release."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from bridge.cli import main
from generator.identities import Identity, IdentityStore
from tests.generator.authors import Authors
from tests.generator.published import SIZE, write_release

STEPS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generate")
    write_release(folder)
    random = np.random.default_rng(2)
    np.save(folder / "id.npy", random.normal(size=512))
    np.save(folder / "smile.npy", random.normal(size=55))
    cv2.imwrite(str(folder / "reference.png"), random.integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8))
    return folder


def generate(folder: Path, *more: str) -> int:
    small = ("--size", str(SIZE), "--device", "cpu", "--steps", str(STEPS), "--store", str(folder / "people"))
    return main(["generate", "--model", str(folder / "models"), "--identity", str(folder / "id.npy"), *small, *more])


def drawn(folder: Path, *more: str) -> np.ndarray:
    out = folder / "out.npy"
    assert generate(folder, *more, "--out", str(out)) == 0
    return np.load(out)


@pytest.mark.needs(module="peft")
def test_the_numbers_are_the_authors(folder: Path) -> None:
    authors = Authors(folder / "models", folder / "sd15", expression=True, reference=True)
    authors.use("dpm")
    authors.pipeline.set_adapters("ref", 0.8)
    identity = torch.nn.functional.normalize(torch.from_numpy(np.load(folder / "id.npy")).float(), dim=0)
    expression = torch.from_numpy(np.load(folder / "smile.npy")).float()[None, None]
    picture = cv2.cvtColor(cv2.imread(str(folder / "reference.png")), cv2.COLOR_BGR2RGB)  # type: ignore[arg-type]
    authors.refer_to(torch.from_numpy(picture).float(), identity)
    embeds = [torch.cat([torch.zeros_like(expression), expression])]
    theirs = authors.draw(identity, SIZE, 9, STEPS, 3.0, ip_adapter_image_embeds=embeds).numpy()
    named = ("--expression", str(folder / "smile.npy"), "--reference", str(folder / "reference.png"))
    ours = drawn(folder, *named, "--seed", "9")
    assert ours.dtype == np.float32 and ours.shape == (SIZE, SIZE, 3)
    assert np.abs(ours - theirs).mean() < 1e-5


def test_a_png_is_the_numbers_rounded(folder: Path) -> None:
    exact = drawn(folder)
    assert generate(folder, "--out", str(folder / "out.png")) == 0
    png = cv2.cvtColor(cv2.imread(str(folder / "out.png")), cv2.COLOR_BGR2RGB)  # type: ignore[arg-type]
    np.testing.assert_array_equal(png, (exact * 255).round().astype(np.uint8))


def test_named_curves_move_the_jaw_and_say_what_is_ignored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    curves = folder / "open.json"
    curves.write_text(json.dumps({"jawOpen": 0.8, "browInnerUp": 1.0}))
    assert np.abs(drawn(folder, "--expression", str(curves)) - drawn(folder)).mean() > 1e-4
    assert "ignores brows" in capsys.readouterr().err.replace("\n", " ")


def test_flame_parameters_by_name_are_taken_as_they_are(folder: Path) -> None:
    by_name, by_number = folder / "flame.json", folder / "flame.npy"
    by_name.write_text(json.dumps({"expression03": 1.5, "jawX": 0.2}))
    numbers = np.zeros(55, np.float32)
    numbers[[3, 52]] = 1.5, 0.2
    np.save(by_number, numbers)
    np.testing.assert_array_equal(
        drawn(folder, "--expression", str(by_name)), drawn(folder, "--expression", str(by_number))
    )


def test_a_square_reference_of_another_size_is_taken_as_aligned_without_face_models(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = cv2.imread(str(folder / "reference.png"))
    assert picture is not None
    cv2.imwrite(str(folder / "larger.png"), cv2.resize(picture, (2 * SIZE, 2 * SIZE), interpolation=cv2.INTER_NEAREST))
    larger, own = (drawn(folder, "--reference", str(folder / name)) for name in ("larger.png", "reference.png"))
    assert "is taken to be aligned already" in capsys.readouterr().err.replace("\n", " ")
    assert np.abs(larger - own).mean() < 0.5 * np.abs(drawn(folder) - own).mean()


def test_an_enrolled_reference_is_told_of_and_used_when_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vector = np.load(folder / "id.npy").astype(np.float32)
    picture = cv2.imread(str(folder / "reference.png"))
    assert picture is not None
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    kept = cv2.resize(rgb, (512, 512), interpolation=cv2.INTER_NEAREST)
    IdentityStore(folder / "people").write(Identity("Ann", vector / np.linalg.norm(vector), reference=kept))
    alone = drawn(folder, "--identity", "Ann")
    assert "--reference Ann uses it" in capsys.readouterr().err.replace("\n", " ")
    np.testing.assert_allclose(alone, drawn(folder), atol=1e-5)
    like = drawn(folder, "--identity", "Ann", "--reference", "Ann")
    expected = drawn(folder, "--reference", str(folder / "reference.png"))
    assert np.abs(like - expected).mean() < 0.5 * np.abs(alone - expected).mean()


def test_a_frame_of_a_take(folder: Path, shared_data: Callable[[str], Path]) -> None:
    take = shared_data("captures/slate_3.csv")
    assert np.abs(drawn(folder, "--expression", f"{take}:0") - drawn(folder, "--expression", f"{take}:200")).mean() > 0


def test_few_steps_without_the_lcm_lora_are_drawn_and_warned_of(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(folder, "--scheduler", "lcm", "--out", str(folder / "fast.npy")) == 0
    assert "lcm_lora is not there" in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--expression", "{folder}/id.npy"], r"id.npy holds float64 \[512\], expected 55 numbers"),
        (["--expression", "{folder}/nothing.npy"], "no such file; give a .npy of 55 numbers, TAKE.csv:FRAME"),
        (["--expression", "{folder}/bad.json"], "bad.json is not JSON"),
        (["--expression", "{folder}/odd.json"], "odd.json: unknown curve 'jawOpn'; did you mean 'jawOpen'"),
        (["--expression", "{folder}/list.json"], "must hold an object of named curves"),
        (["--expression", "{folder}/nan.npy"], "nan.npy: number 7 is not finite"),
        (["--identity", "{folder}/smile.npy"], r"an embedding is 512 numbers, and here is float64 \(55,\)"),
        (["--identity", "Nobody"], "'Nobody' is neither a photograph"),
        (["--reference", "{folder}/wide.png"], "antelopev2 lacks"),
        (["--out", "{folder}/x.jpg"], r"must end in .png or .npy"),
        (["--out", "{folder}/no/x.png"], "there is no folder"),
        (["--size", "66"], "draws multiples of 4 pixels"),
        (["--steps", "0"], "from 1 to 1000"),
        (["--guidance", "nan"], "--guidance nan: from 0 to 100"),
        (["--expression-scale", "-1"], "--expression-scale -1: from 0 to 100"),
        (["--model", "{folder}/sd15"], "is Stable Diffusion's folder, for --base; --model holds arc2face/"),
        (["--base", "{folder}/models"], "does not hold Stable Diffusion 1.5: there is no vae/"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    (folder / "bad.json").write_text("{")
    (folder / "odd.json").write_text('{"jawOpn": 1}')
    (folder / "list.json").write_text("[1]")
    np.save(folder / "nan.npy", np.where(np.arange(55) == 7, np.nan, 0.0))
    cv2.imwrite(str(folder / "wide.png"), np.zeros((40, 80, 3), np.uint8))
    before = set(folder.iterdir())
    assert generate(folder, "--out", str(folder / "x.png"), *(text.format(folder=folder) for text in arguments)) == 1
    captured = capsys.readouterr()
    assert re.search(told, captured.err) and captured.err.count("\n") == 1 and not captured.out
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("part", "option", "told"),
    [
        ("exp_adapter/exp_adapter.bin", ("--expression", "smile.npy"), "--expression needs"),
        ("ref_adapter/pytorch_lora_weights.safetensors", ("--reference", "reference.png"), "--reference needs"),
    ],
)
def test_an_adapter_that_is_absent_is_missed_only_when_it_is_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], part: str, option: tuple[str, str], told: str
) -> None:
    path = folder / "models" / part
    path.rename(path.with_suffix(".away"))
    try:
        assert generate(folder, "--out", str(folder / "x.npy")) == 0
        assert generate(folder, "--out", str(folder / "x.npy"), option[0], str(folder / option[1])) == 1
    finally:
        path.with_suffix(".away").rename(path)
    assert told in capsys.readouterr().err
