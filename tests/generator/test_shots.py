"""Pictures of known expression that a model's people come with."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generator.checkpoint import CheckpointError, model_folder
from generator.compact.card import IDENTITIES, read_card, read_identities
from generator.shots import Shot, ShotError, packed

FOLDER = model_folder("compact")


def a_picture() -> np.ndarray:
    down, across = np.mgrid[:256, :256].astype(np.uint8)
    return np.stack([down, across, down // 2 + 60, np.where(across > 128, 255, 128).astype(np.uint8)], 2)


def test_a_picture_comes_back_nearly_as_it_was_and_its_alpha_exactly() -> None:
    picture, back = a_picture(), Shot(np.zeros(55, np.float32), packed(a_picture())).picture
    assert np.array_equal(back[..., 3], picture[..., 3])
    assert np.abs(back.astype(int) - picture).mean() < 2


@pytest.mark.parametrize("file", [b"", b"no picture", packed(a_picture())[:-2000]])
def test_what_is_no_picture_says_so(file: bytes) -> None:
    with pytest.raises(ShotError, match="no picture"):
        _ = Shot(np.zeros(55, np.float32), file).picture


def test_a_picture_of_another_size_says_so() -> None:
    with pytest.raises(ShotError, match="a picture of 128 × 256, not of 256 × 256"):
        _ = Shot(np.zeros(55, np.float32), packed(a_picture()[:, :128])).picture


def test_everybody_built_in_has_all_shots() -> None:
    for person in read_identities(FOLDER, read_card(FOLDER)).values():
        assert len(person.shots) == 14 and all(shot.picture.shape == (256, 256, 4) for shot in person.shots)
        assert all(shot.curves.shape == (55,) and shot.curves.any() for shot in person.shots)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("Amara/curves", np.zeros((14, 52), np.float32), r"the curves of 'Amara' must be finite float32 \(shots, 55\)"),
        ("Amara/curves", np.full((14, 55), np.nan, np.float32), "the curves of 'Amara' must be finite"),
        ("Amara/shot 3", None, "'Amara' lacks a shot"),
        ("Amara/shot 3", np.zeros(4, np.float32), "'Amara' lacks a shot"),
    ],
)
def test_odd_shots_are_refused_by_name(tmp_path: Path, key: str, value: np.ndarray | None, fault: str) -> None:
    held = load_file(FOLDER / IDENTITIES)
    del held[key]
    save_file(held | ({} if value is None else {key: value}), tmp_path / IDENTITIES)
    with pytest.raises(CheckpointError, match=f"{IDENTITIES}: {fault}"):
        read_identities(tmp_path, read_card(FOLDER))
