"""All of protocol/vectors through the Unreal plugin's codec, compiled as Unreal compiles it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from protocol.vectors import make
from tests.unreal.native import needs_compiler, programs

pytestmark = needs_compiler

FOLDER = Path(make.__file__).parent
VALID = sorted((FOLDER / "valid").glob("*.json"))
INVALID = sorted((FOLDER / "invalid").glob("*.json"))
Answers = dict[Path, dict[str, Any]]


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "sanitized"])
def answers(request: pytest.FixtureRequest) -> Answers:
    """What the compiled codec says of each vector; one program reads them all, one after the other."""
    vectors = VALID + INVALID
    lines = "".join(f"{path.with_suffix('')} {_about(path)['parts']}\n" for path in vectors)
    program = programs(request.config, request.param) / "vectors"
    done = subprocess.run([program], input=lines, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(vectors, map(json.loads, done.stdout.splitlines()), strict=True))


def _about(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def test_valid_messages_are_read(answers: Answers) -> None:
    for path in VALID:
        about, answer = _about(path), answers[path]
        assert (answer.get("message"), answer.get("fields")) == (about["message"], about["fields"]), (path.stem, answer)


def test_canonical_messages_are_written_byte_for_byte(answers: Answers) -> None:
    canonical = [path for path in VALID if _about(path)["canonical"]]
    assert len(canonical) > 50
    for path in canonical:
        part0 = path.with_suffix(".0.bin").read_bytes()
        assert answers[path]["bytes"] == part0.hex(), path.stem


def test_invalid_messages_are_refused_with_their_error(answers: Answers) -> None:
    for path in INVALID:
        about, answer = _about(path), answers[path]
        assert (answer.get("error"), answer.get("code")) == (about["error"], about["code"]), (path.stem, answer)
        assert 10 < len(answer["text"]) < 300
