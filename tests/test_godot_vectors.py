"""All of protocol/vectors in the GDScript codec, run by the engine: what it decodes, encodes and refuses."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protocol import registry
from protocol.blendshapes import BASES
from protocol.vectors import make
from tests.godot_engine import display, godot, needs_godot

pytestmark = needs_godot
VECTORS = Path(make.__file__).parent
VALID = sorted(path.stem for path in (VECTORS / "valid").glob("*.json"))
INVALID = sorted(path.stem for path in (VECTORS / "invalid").glob("*.json"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], dict[str, Any]]]:
    """What the engine told of each vector and basis, by kind and name."""
    with (
        display() as screen,
        godot(
            screen, tmp_path_factory.mktemp("home"), "checks/vectors.gd", FACEBRIDGE_PROTOCOL=str(VECTORS.parent)
        ) as engine,
    ):
        lines = engine.rest()
        yield {(kind, line[kind]): line for kind in ("valid", "invalid", "basis") for line in lines if kind in line}


def about(kind: str, name: str) -> dict[str, Any]:
    return json.loads((VECTORS / kind / f"{name}.json").read_text("utf-8"))


def as_value(told: Any) -> Any:
    """A value as the vectors' JSON has it, from what the engine told: integers as digits, floats as their 8 bytes."""
    match told:
        case str() if told.startswith("int "):
            number = int(told[4:])
            return str(number) if abs(number) > make.SAFE else number
        case str() if told.startswith("float "):
            return struct.unpack("<d", bytes.fromhex(told[6:]))[0]
        case list():
            return [as_value(entry) for entry in told]
        case dict():
            return {key: as_value(entry) for key, entry in told.items() if key != "t"}
    return told


@pytest.mark.parametrize("name", VALID)
def test_valid(name: str, told: dict[tuple[str, str], dict[str, Any]]) -> None:
    line, expected = told["valid", name], about("valid", name)

    assert line["text"] == ""
    assert line["message"] == expected["message"]
    assert as_value(line["fields"]) == expected["fields"]
    assert line["same_message"], "what it encodes, it decodes again"
    assert line["same_bytes"] or not expected["canonical"]


@pytest.mark.parametrize("name", INVALID)
def test_invalid(name: str, told: dict[tuple[str, str], dict[str, Any]]) -> None:
    line = told["invalid", name]

    assert line["error"] == about("invalid", name)["error"]
    assert 10 < len(line["text"]) < 300


def test_the_bases_are_the_registrys(told: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert {name: told["basis", name]["names"] for name in registry.REGISTRY["bases"]} == {
        name: list(names) for name, names in BASES.items()
    }
