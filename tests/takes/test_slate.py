"""Names of takes on every disk, and the next free number."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.takes.slate import LONGEST, next_take, safe_name, take_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("scene 4", "scene 4"),
        ("a/b\\c:d*e?f", "a-b-c-d-e-f"),
        ("../../etc/passwd", "-..-etc-passwd".lstrip("-")),
        ("CON", "CON-"),
        ("nul.txt", "nul.txt-"),
        ("COM¹", "COM¹-"),
        ("console", "console"),
        ("trailing. . ", "trailing"),
        ("tab\tand\nline", "tabandline"),
        ("e\u0301", "\u00e9"),
        ("\u202egnp", "gnp"),
        ("面", "面"),
        ("", "take"),
        ("...", "take"),
        ("--", "take"),
        ("x" * 500, "x" * LONGEST),
    ],
)
def test_a_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@settings(deadline=None, derandomize=True, max_examples=100)
@given(text=st.text(max_size=80))
def test_any_text_makes_a_name_that_stays_as_it_is(text: str) -> None:
    name = safe_name(text)
    assert name == safe_name(name)
    assert name
    assert name[-1] not in ". "
    assert not set(name) & set('<>:"/\\|?*\0\n')
    name.encode()


def test_a_take_is_named_by_slate_number_and_subject() -> None:
    assert take_name("scene/4", 7) == "scene-4_007"
    assert take_name("scene", 1234, "Anna B.") == "scene_1234_Anna B"


def test_the_next_take_is_one_more_than_the_highest(tmp_path: Path) -> None:
    assert next_take(tmp_path / "none", "scene") == 1
    assert next_take(tmp_path, "scene") == 1
    for name in (
        "Scene_002.csv",
        "scene_007_Anna.json",
        "scene_005.pictures",
        "scenery_030.csv",
        "scene_x_9",
        "scene_8x",
    ):
        (tmp_path / name).touch()
    assert next_take(tmp_path, "scene") == 8
    assert next_take(tmp_path, "scenery") == 31
    assert next_take(tmp_path, "sce(ne") == 1
