"""The committed vectors: what the tables make, and what the Python codec reads and writes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protocol.codec import decode, encode
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import NAMES
from protocol.vectors import make

FOLDER = Path(make.__file__).parent
VALID = sorted(path.stem for path in (FOLDER / "valid").glob("*.json"))
INVALID = sorted(path.stem for path in (FOLDER / "invalid").glob("*.json"))


def load(kind: str, name: str) -> tuple[list[bytes], dict[str, Any]]:
    about = json.loads((FOLDER / kind / f"{name}.json").read_text("utf-8"))
    parts = [(FOLDER / kind / f"{name}.{number}.bin").read_bytes() for number in range(about["parts"])]
    return parts, about


def as_json(value: object) -> object:
    """A decoded field as the vectors' JSON has it."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if type(value) is int and abs(value) > make.SAFE else value


def test_there_are_enough_of_them() -> None:
    assert len(VALID) >= 40
    assert len(INVALID) >= 40


def test_files_are_what_the_tables_make() -> None:
    committed = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for kind in ("valid", "invalid")
        for path in (FOLDER / kind).iterdir()
    }
    assert committed == make.all_files()


def test_every_message_and_every_codec_error_has_a_vector() -> None:
    assert {load("valid", name)[1]["message"] for name in VALID} == set(NAMES.values())
    raised = {"malformed", "unknown_message", "too_large", "bad_field", "bad_curves", "unsupported"}
    assert {load("invalid", name)[1]["error"] for name in INVALID} == raised


@pytest.mark.parametrize("name", VALID)
def test_valid(name: str) -> None:
    parts, about = load("valid", name)
    message = decode(parts)
    assert NAMES[type(message)] == about["message"]
    fields = {field: as_json(getattr(message, field)) for field in message.__slots__ if field != "pixels"}
    assert fields == about["fields"]
    if about["canonical"]:
        assert encode(message) == parts
    assert decode(encode(message)) == message


@pytest.mark.parametrize("name", INVALID)
def test_invalid(name: str) -> None:
    parts, about = load("invalid", name)
    with pytest.raises(ProtocolError) as raised:
        decode(parts)
    assert raised.value.code is ErrorCode[about["error"]]
    assert raised.value.code.value == about["code"]
    assert 10 < len(raised.value.text) < 300
