"""The wire as the C# core of the Unity package has it: constants against the registry, and every vector."""

import json
from pathlib import Path
from typing import Any

import pytest

from protocol.registry import REGISTRY
from protocol.vectors import make
from tests.unity import mono

pytestmark = [pytest.mark.needs(command="mcs"), pytest.mark.needs(command="mono")]

FOLDER = Path(make.__file__).parent
SAFE = make.SAFE


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mono.compiled(tmp_path_factory.mktemp("unity"))


@pytest.fixture(scope="module")
def constants(program: Path) -> dict[str, Any]:
    return json.loads(mono.run(program, "registry")[0])


def vectors(program: Path, kind: str) -> dict[str, dict[str, Any]]:
    results = map(json.loads, mono.run(program, "vectors", str(FOLDER / kind)))
    return {result["name"]: result for result in results}


def about(kind: str, name: str) -> dict[str, Any]:
    return json.loads((FOLDER / kind / f"{name}.json").read_text("utf-8"))


def as_json(value: object) -> object:
    """A value as the vectors' JSON has it: large integers in words."""
    return str(value) if type(value) is int and abs(value) > SAFE else value


def test_constants_are_the_registrys(constants: dict[str, Any]) -> None:
    curves = REGISTRY["curves"]
    assert constants["version"] == REGISTRY["version"]
    assert constants["bases"] == {
        basis: [name for group in groups for name in curves[group]] for basis, groups in REGISTRY["bases"].items()
    }
    assert constants["codecs"] == {name: codec["bytes_per_pixel"] for name, codec in REGISTRY["codecs"].items()}
    for key in ("row_orders", "deliveries", "capabilities", "limits"):
        assert constants[key] == REGISTRY[key], key
    assert constants["errors"] == {error["name"]: error["code"] for error in REGISTRY["errors"]}


def test_every_valid_vector_is_read_and_written(program: Path) -> None:
    results = vectors(program, "valid")
    assert results.keys() == {path.stem for path in (FOLDER / "valid").glob("*.json")}
    built = 0
    for name, result in results.items():
        expected = about("valid", name)
        assert result.get("message") == expected["message"], (name, result)
        assert {key: as_json(value) for key, value in result["fields"].items()} == expected["fields"], name
        if expected["canonical"]:
            header = (FOLDER / "valid" / f"{name}.0.bin").read_bytes().hex()
            assert result["encoded"] == header, name
            assert result["built"] in (header, None), name
            built += result["built"] is not None
    assert built >= 20


def test_every_invalid_vector_is_refused_with_its_error(program: Path) -> None:
    results = vectors(program, "invalid")
    assert results.keys() == {path.stem for path in (FOLDER / "invalid").glob("*.json")}
    for name, result in results.items():
        expected = about("invalid", name)
        assert (result.get("error"), result.get("code")) == (expected["error"], expected["code"]), (name, result)
        assert 10 < len(result["text"]) < 300, (name, result["text"])
