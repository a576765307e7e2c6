"""Mappings on disk: the published layout as it is, our manifest in its three forms, and every way to be wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generator.blendshape_map import BlendshapeMap, MappingError, load_map, passage
from generator.mappings.files import write_map
from generator.mappings.parameters import read_parameters
from protocol.blendshapes import ARKIT52, INDEX

MEDIAPIPE_PLACES = {"browDownLeft": 1, "cheekPuff": 6, "eyeBlinkLeft": 9, "jawOpen": 25, "noseSneerRight": 51}
"""Rows that FaceLandmarker's own list of 52 names has at these places; 0 is `_neutral`."""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The three matrices as released: float64, with rows and columns that can be told from their numbers."""
    for name, columns in (("bs2exp", 100), ("bs2jaw", 3), ("bs2eye", 6)):
        np.save(tmp_path / f"{name}.npy", np.arange(52)[:, None] + np.arange(columns) / 1000)
    return tmp_path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A folder with mapping.json and mapping.safetensors for two curves."""
    rows = np.arange(122, dtype=np.float32).reshape(2, 61) / 100
    write_map(BlendshapeMap("two", ("jawOpen", "browInnerUp"), rows, "invented", "none"), tmp_path)
    return tmp_path


def rewritten(folder: Path, **changes: Any) -> Path:
    path = folder / "mapping.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return folder


def complaint(source: Path) -> str:
    with pytest.raises(MappingError) as caught:
        load_map(str(source))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_published_matrices_are_read_by_mediapipes_names(published: Path) -> None:
    mapping = load_map(str(published))
    assert len(mapping.curves) == 51 and "tongueOut" not in mapping.curves
    for name, row in MEDIAPIPE_PLACES.items():
        place = mapping.curves.index(name)
        assert mapping.group("expression")[place] == pytest.approx(row + np.arange(50) / 1000)
        assert mapping.group("jaw")[place] == pytest.approx(row + np.arange(3) / 1000)
        assert mapping.group("gaze")[place] == pytest.approx(row + np.arange(6) / 1000)
    assert "research" in mapping.licence


def test_a_curve_moves_what_its_published_row_says(published: Path) -> None:
    way = passage("arkit52", "flame55", load_map(str(published)))
    sent = np.zeros(52, np.float32)
    sent[[INDEX["browDownLeft"], INDEX["eyeBlinkLeft"], INDEX["tongueOut"]]] = 0.5, 0.1, 1.0
    got = way(sent)
    assert got[:50] == pytest.approx(0.5 * (1 + np.arange(50) / 1000) + 0.1 * (9 + np.arange(50) / 1000))
    assert got[50:] == pytest.approx([0.1, 0.0, 1.4, 0.2, 0.2])  # jaw y and z are held at 0.2


def test_a_manifest_comes_back_as_it_was_written(manifest: Path) -> None:
    for source in (manifest, manifest / "mapping.json"):
        mapping = load_map(str(source))
        assert (mapping.name, mapping.curves, mapping.sources) == ("two", ("jawOpen", "browInnerUp"), "invented")
        assert np.array_equal(mapping.rows, np.arange(122, dtype=np.float32).reshape(2, 61) / 100)


def test_numbers_may_be_one_array_or_written_out(manifest: Path) -> None:
    rows = load_map(str(manifest)).rows
    np.save(manifest / "rows.npy", rows.astype(np.float64))
    assert np.array_equal(load_map(str(rewritten(manifest, numbers="rows.npy"))).rows, rows)
    mapping = load_map(str(rewritten(manifest, numbers={"jawOpen": {"jawX": 1, "gazeLeftY": -0.5}})))
    assert mapping.curves == ("jawOpen",)
    assert mapping.group("jaw").tolist() == [[1, 0, 0]] and mapping.group("gaze").tolist() == [[0, -0.5, 0, 0, 0, 0]]


def test_a_manifest_goes_before_matrices_in_the_same_folder(published: Path, manifest: Path) -> None:
    assert published == manifest and load_map(str(manifest)).name == "two"


def test_the_bundled_mapping_says_what_it_is() -> None:
    mapping = load_map()
    assert mapping.name == "jaw and lids" and "0.45 rad" in mapping.sources and mapping.licence.startswith("MIT")


def _pickled(path: Path) -> None:
    np.save(path, np.array([{"a": 1}], object), allow_pickle=True)


def _not_a_number(path: Path) -> None:
    matrix = np.zeros((52, 100))
    matrix[7, 3] = np.nan
    np.save(path, matrix)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Path.unlink, "bs2exp.npy is missing"),
        (lambda path: np.save(path, np.zeros((52, 50))), "bs2exp.npy: has the shape (52, 50), expected (52, 100)"),
        (lambda path: np.save(path, np.zeros(5200)), "bs2exp.npy: has the shape (5200,), expected (52, 100)"),
        (lambda path: np.save(path, np.full((52, 100), 1e300)), "NaN or infinite number in row 0"),
        (lambda path: np.save(path, np.full((52, 100), "a")), "expected real numbers"),
        (lambda path: np.save(path, np.zeros((52, 100), complex)), "holds complex128, expected real numbers"),
        (_not_a_number, "bs2exp.npy: holds a NaN or infinite number in row 7"),
        (_pickled, "bs2exp.npy holds pickled objects"),
        (lambda path: path.write_bytes(b""), "bs2exp.npy is no whole .npy file"),
        (lambda path: path.write_text("version https://git-lfs"), "bs2exp.npy is no whole .npy file"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "bs2exp.npy is no whole .npy file"),
        (lambda path: (path.unlink(), path.mkdir()), "bs2exp.npy"),
    ],
)
def test_a_bad_matrix_is_named_with_what_was_expected(
    published: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(published / "bs2exp.npy")
    assert said in complaint(published) and str(published) in complaint(published)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"facebridge_mapping": 2}, "'facebridge_mapping' is 2.0, expected 1"),
        ({"target": "arkit52"}, "'target' is 'arkit52', expected 'flame55'"),
        ({"licence": ""}, "'licence' has to be a text"),
        ({"name": "n" * 61}, "1 to 60 printable characters"),
        ({"curves": ["jawOpen", "browUp"]}, "'browUp', which is no ARKit curve"),
        ({"curves": ["jawOpen", "jawOpen"]}, "two rows for jawOpen"),
        ({"curves": ["jawOpen"]}, "expression has the shape (2, 50), expected (1, 50)"),
        ({"curves": "jawOpen"}, "'curves' has to list the rows by name"),
        ({"numbers": "../mapping.safetensors"}, "expected the name of a file beside it"),
        ({"numbers": 7}, "expected the name of a file beside it"),
        ({"numbers": "rows.bin"}, "rows.bin: a mapping's numbers are .npy or .safetensors"),
        ({"numbers": "gone.npy"}, "gone.npy is missing"),
        ({"numbers": "gone.safetensors"}, "gone.safetensors is missing"),
        ({"numbers": {"jawOpen": 0.45}}, "jawOpen has to name what it moves"),
        ({"numbers": {"jawOpen": {"jawW": 1}}}, "jawOpen moves 'jawW', which FLAME does not have"),
        ({"numbers": {"jawOpen": {"jawX": "wide"}}}, "jawOpen moves jawX by 'wide', which is no number"),
        ({"numbers": {"jawOpen": {"jawX": float("nan")}}}, "NaN or infinite number in the row of jawOpen"),
        ({"numbers": {"jawOpen": {"jawX": 10**400}}}, "NaN or infinite number in the row of jawOpen"),
    ],
)
def test_a_bad_manifest_is_named_with_what_was_expected(manifest: Path, changes: dict[str, Any], said: str) -> None:
    rewritten(manifest, **changes)
    assert said in complaint(manifest) and str(manifest) in complaint(manifest)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[1]", "\udcff", '"mapping"'])
def test_a_manifest_that_is_none_is_named(manifest: Path, text: str) -> None:
    (manifest / "mapping.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert f"{manifest / 'mapping.json'} is no mapping's manifest" in complaint(manifest)


def test_bad_tensors_are_named(manifest: Path) -> None:
    path = manifest / "mapping.safetensors"
    tensors = load_file(path)
    save_file({name: tensor for name, tensor in tensors.items() if name != "gaze"}, path)
    assert "lacks gaze; it has" in complaint(manifest)
    save_file(tensors | {"jaw": np.full((2, 3), np.inf, np.float32)}, path)
    assert "jaw holds a NaN or infinite number in row 0" in complaint(manifest)
    save_file(tensors, path)
    path.write_bytes(path.read_bytes()[:-40])
    assert "mapping.safetensors is no whole .safetensors file" in complaint(manifest)


def test_folders_without_a_mapping_say_what_one_holds(tmp_path: Path) -> None:
    assert "neither mapping.json nor bs2exp.npy" in complaint(tmp_path)
    (tmp_path / "mappings").mkdir()
    assert f"{tmp_path / 'mappings'} may be meant" in complaint(tmp_path)
    assert f"there is no mapping at {tmp_path / 'gone'}" in complaint(tmp_path / "gone")


def test_a_mapping_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MappingError, match="cannot write the mapping to"):
        write_map(load_map(), tmp_path / "file")


def parameters(path: Path, **arrays: Any) -> Path:
    good = {"expression": np.zeros((4, 100)), "jaw": np.zeros((4, 3)), "shape": np.zeros(300)}
    np.savez(path, **{name: array for name, array in (good | arrays).items() if array is not None})
    return path


def test_parameters_are_read_with_what_is_there(tmp_path: Path) -> None:
    read = read_parameters(parameters(tmp_path / "p.npz", eyelids=np.ones((4, 2), np.float16)))
    assert {name: array.shape for name, array in read.items()} == {
        "expression": (4, 50),
        "eyelids": (4, 2),
        "jaw": (4, 3),
    }
    assert all(array.dtype == np.float32 for array in read.values())


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"jaw": None}, "lacks the array 'jaw'; it has expression, shape"),
        ({"expression": np.zeros((4, 49))}, "expression has the shape (4, 49), expected rows of 50 or more"),
        ({"expression": np.zeros((0, 50))}, "expression has the shape (0, 50)"),
        ({"jaw": np.zeros((5, 3))}, "jaw has the shape (5, 3), expected (4, 3)"),
        ({"gaze": np.zeros((4, 3))}, "gaze has the shape (4, 3), expected (4, 6)"),
        ({"jaw": np.full((4, 3), np.nan)}, "jaw holds a NaN or infinite number in row 0"),
        ({"jaw": np.array([{}] * 4, object)}, "pickled objects"),
        ({"expression": np.full((4, 50), "x")}, "expected real numbers"),
    ],
)
def test_bad_parameters_are_named(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    path = parameters(tmp_path / "p.npz", **arrays)
    with pytest.raises(MappingError) as caught:
        read_parameters(path)
    assert said in str(caught.value) and str(path) in str(caught.value)


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    path = parameters(tmp_path / "p.npz")
    whole = path.read_bytes()
    middle = bytearray(whole)
    middle[300:340] = bytes(40 * [7])
    for spoilt, said in (
        (whole[:-30], "is no .npz file"),
        (b"no zip", "is no .npz file"),
        (middle, "no whole .npz file"),
    ):
        path.write_bytes(spoilt)
        with pytest.raises(MappingError, match=said):
            read_parameters(path)
    with pytest.raises(MappingError, match=r"gone\.npz is missing"):
        read_parameters(tmp_path / "gone.npz")


def test_curves_are_arkits() -> None:
    assert set(load_map().curves) <= set(ARKIT52)
