"""The wire constants of the Unreal plugin are those of registry.json."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unreal.native import needs_compiler, programs

pytestmark = needs_compiler

SPELLINGS = {
    "jawOpen": "jawOpen",
    "JawOpen": "jawOpen",
    "jaw_open": "jawOpen",
    "eyeBlink_L": "eyeBlinkLeft",
    "eye_blink_r": "eyeBlinkRight",
    "EyeBlinkR": "eyeBlinkRight",
    "eyeBlink.L": "eyeBlinkLeft",
    "blendShape1.mouthSmileLeft": "mouthSmileLeft",
    "HeadYaw": "headYaw",
    "mouthRollLower": "mouthRollLower",
    "jawOpenAlso": "",
    "L": "",
    "": "",
}
REGISTRY = json.loads((Path(__file__).parents[1] / "protocol" / "registry.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def constants(request: pytest.FixtureRequest) -> dict[str, Any]:
    program = programs(request.config) / "constants"
    done = subprocess.run([program, *SPELLINGS], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_names_and_limits(constants: dict[str, Any]) -> None:
    assert constants["limits"] == REGISTRY["limits"]
    for key in ("version", "row_orders", "deliveries", "capabilities"):
        assert constants[key] == REGISTRY[key], key
    assert constants["codecs"] == list(REGISTRY["codecs"])
    assert constants["bytes_per_pixel"] == [codec["bytes_per_pixel"] for codec in REGISTRY["codecs"].values()]


def test_curves(constants: dict[str, Any]) -> None:
    assert constants["bases"] == list(REGISTRY["bases"])
    for basis, groups in REGISTRY["bases"].items():
        assert constants[basis] == [name for group in groups for name in REGISTRY["curves"][group]], basis


def test_curves_are_known_however_rigs_spell_them(constants: dict[str, Any]) -> None:
    assert dict(zip(SPELLINGS, constants["spelt"], strict=True)) == SPELLINGS


def test_errors(constants: dict[str, Any]) -> None:
    assert list(enumerate(constants["errors"], 1)) == [(error["code"], error["name"]) for error in REGISTRY["errors"]]
