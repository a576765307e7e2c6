"""`facebridge serve`: its options, what it says at the start, and the sentences it ends in."""

import argparse
from pathlib import Path

import pytest

from bridge.cli import main
from bridge.commands import serve
from bridge.description import able_to, listed
from bridge.model_arguments import SETTINGS, model_settings
from generator.face_generator import ModelOptions
from generator.testcard import TestCard


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return parser.parse_args(arguments)


def test_every_option_of_the_model_is_a_setting() -> None:
    given = ["sd15", "sd", "cuda", "float16", "compiled", "people"]
    options = zip(ModelOptions.__slots__, given, strict=True)

    args = parsed("--model", "m", "--map", "bs", *(word for name, value in options for word in (f"--{name}", value)))

    assert list(model_settings(args).values()) == ["m", *given, "bs"]
    assert model_settings(parsed()) == dict.fromkeys(SETTINGS)


@pytest.mark.parametrize("option", ["--autoencoder", "--device", "--dtype", "--runtime"])
def test_a_choice_there_is_not_is_answered_with_those_there_are(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(option, "best")
    assert "choose from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "FOLDER"], "FOLDER is no model: it holds neither facebridge.json"),
        (["--model", "testcard", "--map", "FOLDER"], "FOLDER holds no mapping"),
        (["--model", "testcard", "--map", "FOLDER/none.json"], "none.json"),
    ],
)
def test_what_it_cannot_load_it_names(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path)

    assert main(["serve", *(word.replace("FOLDER", folder) for word in arguments)]) == 1

    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1 and sentence.replace("FOLDER", folder) in complaint


def test_what_a_model_lacks_is_said_with_what_that_means() -> None:
    card = TestCard()
    assert able_to(card) == "expression, light, alpha; no reference: people are drawn from their identity alone"
    card.capabilities = ("expression", "reference", "light", "alpha")
    assert able_to(card) == "expression, reference, light, alpha"
    card.capabilities = ()
    assert able_to(card).startswith("no expression: curves do not move the face; no reference:")


@pytest.mark.parametrize(
    ("count", "told"), [(0, "none"), (2, "0, 1"), (15, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ... and 3 more")]
)
def test_of_many_names_the_first_are_listed(count: int, told: str) -> None:
    assert listed([str(number) for number in range(count)]) == told
