"""SMIRK's reader: the crop to the bit, the numbers as the authors' own code gives them, and bad files."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.checkpoint import CheckpointError
from generator.face_landmarks import FILE as LANDMARKER
from generator.photo import PhotoError
from generator.smirk import FILE, PREFIX, ExpressionReader
from generator.smirk_crop import crop
from tests.generator.smirk_file import write_smirk

AUTHORS = [
    0.90167, -1.02271, -0.38294, -1.37279, 1.433, 0.51384, -0.6988, -0.49851, 0.36419, 0.45102, -0.29037, 0.79895,
    0.34074, 0.64126, -0.59641, -0.01095, 0.21382, 0.58716, 1.08406, -1.18875, 2.49917, 0.46366, 1.13644, -1.04669,
    -0.48808, 0.06265, -0.19577, -3.03621, -0.38496, 0.76359, 0.21999, -0.87341, -1.33625, -1.59818, 1.01793, 0.27332,
    -1.95524, 0.47564, 0.39823, -1.06279, -0.03387, -1.25171, -0.5921, -1.64663, 0.29177, -1.12324, -0.55633, -0.77617,
    -0.54063, -0.09658, 0.0, 1.0, 0.62876, 0.2, 0.2,
]  # fmt: skip
"""What timm's network and scikit-image's warp give for `picture` and `landmarks`, put together as in the Arc2Face demo;
before the clamps the last five were -1.02094, 1.60796, 0.62876, 0.23984 and 1.22901."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_smirk(tmp_path_factory.mktemp("smirk"))


@pytest.fixture(scope="module")
def reader(folder: Path) -> ExpressionReader:
    return ExpressionReader(folder)


@pytest.fixture
def picture() -> np.ndarray:
    """uint8 (300, 400, 3) of blocks: edges for the interpolation, flat colour for the rounding."""
    blocks = np.random.default_rng(2).integers(0, 256, (15, 20, 3))
    return np.kron(blocks, np.ones((20, 20, 1))).astype(np.uint8)


@pytest.fixture
def landmarks() -> np.ndarray:
    return np.random.default_rng(2).uniform((130, 60), (330, 290), (478, 2))


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, bottom]])


def test_the_numbers_are_those_of_the_authors_code(
    reader: ExpressionReader, picture: np.ndarray, landmarks: np.ndarray
) -> None:
    found = reader.read(picture, landmarks)
    assert found.shape == (55,) and found.dtype == np.float32
    assert found == pytest.approx(AUTHORS, abs=2e-5)


def test_red_and_blue_are_not_interchangeable(
    reader: ExpressionReader, picture: np.ndarray, landmarks: np.ndarray
) -> None:
    assert np.abs(reader.read(picture[..., ::-1], landmarks) - AUTHORS).max() > 1e-2


def test_only_the_box_of_the_landmarks_counts(
    reader: ExpressionReader, picture: np.ndarray, landmarks: np.ndarray
) -> None:
    corners = np.stack([landmarks.min(axis=0), landmarks.max(axis=0)])
    with_depth = np.concatenate([corners, [[9.0], [-9.0]]], axis=1)
    assert np.array_equal(reader.read(picture, with_depth), reader.read(picture, landmarks))


@pytest.mark.needs(module="skimage")
@pytest.mark.parametrize("shift", [(0.0, 0.0), (-180.0, 40.3), (170.0, -90.0), (1000.0, 0.0)])
def test_the_crop_is_scikit_images_to_the_bit(
    picture: np.ndarray, landmarks: np.ndarray, shift: tuple[float, float]
) -> None:
    from skimage.transform import SimilarityTransform, warp

    placed = landmarks + shift
    low, high = placed.min(axis=0), placed.max(axis=0)
    side, centre = int((high - low).sum() / 2 * 1.4), high - (high - low) / 2
    corners = centre + np.array([[-1, -1], [-1, 1], [1, -1]]) * side / 2
    placing = SimilarityTransform.from_estimate(corners, np.array([[0, 0], [0, 223], [223, 0]]))
    assert placing
    theirs = warp(picture, placing.inverse, output_shape=(224, 224), preserve_range=True).astype(np.uint8)
    assert np.array_equal(crop(picture, placed), theirs)


def test_a_square_of_223_pixels_is_cut_out_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    found = crop(picture, box(49.75, 59.75, 209.25, 219.25))  # 159.5 × 1.4 is cut to 223: one pixel a step, from 18, 28
    assert np.array_equal(found, picture[28:252, 18:242])


def test_fractions_are_cut_off_and_the_outside_is_black() -> None:
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[:, 200:] = 255
    found = crop(picture, box(40, 40, 360, 360))  # 448 pixels on 224, from -24 on: two pixels and a bit each step
    step = 448 / 223
    columns = -24 + np.arange(224) * step
    between = 255 * np.clip(columns - 199, 0, 1) * np.clip(400 - columns, 0, 1)
    assert np.array_equal(found[112, :, 0], between.astype(np.uint8))
    assert not found[:11].any() and not found[:, -11:].any() and found[112, 150].all()


def test_landmarks_within_a_pixel_are_no_face(picture: np.ndarray) -> None:
    with pytest.raises(PhotoError, match="too small"):
        crop(picture, np.full((478, 2), 20.0))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"SMIRK_em1\.pt is missing: docs/flame\.md"):
        ExpressionReader(tmp_path)


def test_a_file_that_is_cut_short_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes((folder / FILE).read_bytes()[:100_000])
    with pytest.raises(CheckpointError, match=r"SMIRK_em1\.pt is damaged"):
        ExpressionReader(tmp_path)


def test_a_pickle_with_code_in_it_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (ran,)

    torch.save({f"{PREFIX}encoder.conv_stem.weight": Trap()}, tmp_path / FILE)
    with pytest.raises(CheckpointError, match=FILE):
        ExpressionReader(tmp_path)
    assert not ran.exists()


def test_another_networks_file_is_told_from_smirks(tmp_path: Path) -> None:
    torch.save({"conv.weight": torch.zeros(3)}, tmp_path / FILE)
    with pytest.raises(CheckpointError, match=f"not SMIRK's.*{PREFIX}"):
        ExpressionReader(tmp_path)


def test_a_tensor_of_the_wrong_shape_is_named_with_both_shapes(tmp_path: Path) -> None:
    write_smirk(tmp_path, expression_layers__0__weight=torch.zeros(55, 576))
    with pytest.raises(CheckpointError, match=r"expression_layers\.0\.weight is \[55, 576\], expected \[55, 960\]"):
        ExpressionReader(tmp_path)


def test_a_tensor_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_smirk(tmp_path, encoder__bn1__bias=None)
    with pytest.raises(CheckpointError, match=r"lacks smirk_encoder\.expression_encoder\.encoder\.bn1\.bias"):
        ExpressionReader(tmp_path)


def test_numbers_that_are_not_finite_are_named(tmp_path: Path) -> None:
    write_smirk(tmp_path, encoder__conv_stem__weight=torch.full((16, 3, 3, 3), torch.nan))
    with pytest.raises(CheckpointError, match=r"conv_stem\.weight holds numbers that are not finite"):
        ExpressionReader(tmp_path)


@pytest.mark.needs(module="mediapipe")
def test_without_landmarks_the_landmarkers_file_is_asked_for(reader: ExpressionReader, picture: np.ndarray) -> None:
    with pytest.raises(CheckpointError, match=rf"{LANDMARKER} is missing: docs/flame\.md"):
        reader.read(picture)


@pytest.mark.needs(module="mediapipe")
@pytest.mark.parametrize("held", [b"", b"no landmarker", b"PK\x03\x04 nor a whole zip"])
def test_a_landmarker_that_mediapipe_does_not_take_is_named(
    folder: Path, tmp_path: Path, picture: np.ndarray, held: bytes
) -> None:
    (tmp_path / FILE).write_bytes((folder / FILE).read_bytes())
    (tmp_path / LANDMARKER).write_bytes(held)
    with pytest.raises(CheckpointError, match=rf"{LANDMARKER} is not what mediapipe takes"):
        ExpressionReader(tmp_path).read(picture)
