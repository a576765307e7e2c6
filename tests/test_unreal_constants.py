"""The wire constants of the Unreal plugin are those of registry.json."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unreal.native import needs_compiler, programs

pytestmark = needs_compiler

REGISTRY = json.loads((Path(__file__).parents[1] / "protocol" / "registry.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def constants(request: pytest.FixtureRequest) -> dict[str, Any]:
    done = subprocess.run([programs(request.config) / "constants"], capture_output=True, text=True, check=True)
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


def test_errors(constants: dict[str, Any]) -> None:
    assert list(enumerate(constants["errors"], 1)) == [(error["code"], error["name"]) for error in REGISTRY["errors"]]
