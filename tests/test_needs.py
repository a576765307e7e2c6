"""conftest.py itself: what a missing tool or missing data does to a test, with and without FACEBRIDGE_REQUIRE_ALL."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = """
import pytest

@pytest.mark.needs(command="no-such-program")
def test_command(): pass

@pytest.mark.needs(module="no_such_module")
def test_module(): pass

@pytest.mark.needs(module="json")
def test_present(): pass

def test_data(shared_data): shared_data("no/such.file")
"""


@pytest.mark.parametrize(
    ("everything", "ends"),
    [
        ("", ["SKIPPED", "SKIPPED", "PASSED", "SKIPPED"]),
        ("1", ["ERROR", "ERROR", "PASSED", "SKIPPED"]),
    ],
)
def test_missing_tools_are_skipped_or_required_and_data_is_never_required(
    tmp_path: Path, everything: str, ends: list[str]
) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_cases.py").write_text(CASES)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs\n")
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-rs", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=os.environ | {"FACEBRIDGE_REQUIRE_ALL": everything},
        capture_output=True,
        text=True,
    ).stdout
    lines = [line for line in shown.splitlines() if line.startswith("test_cases.py::")]
    assert [line.split()[1] for line in lines] == ends
    assert "no/such.file is not here" in shown
