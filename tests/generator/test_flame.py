"""FLAME's mesh from files in the licensed ones' form, against smplx's own class and by hand; and files refused."""

import pickle
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from scipy.sparse import csc_matrix, csr_matrix

from generator.checkpoint import CheckpointError
from generator.flame import Flame, neck_turn
from generator.flame_file import read_flame
from generator.training.head.turns import head_turn
from protocol.blendshapes import FLAME55, INDEX
from tests.generator.flame_files import CHIN, LEFT_EYE, NOSE, RIGHT_EYE, Ch, eyelids, flame_arrays, write_flame

pytestmark = pytest.mark.needs(module="smplx")
TOP = (0.0, 0.12, 0.0)
BOTTOM = (0.0, -0.115, 0.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_flame(tmp_path_factory.mktemp("flame"))


@pytest.fixture(scope="module")
def flame(folder: Path) -> Flame:
    return Flame(folder)


def numbers(**curves: float) -> np.ndarray:
    """One row (1, 55) of named curves."""
    row = np.zeros((1, len(FLAME55)), np.float32)
    for name, value in curves.items():
        row[0, INDEX[name]] = value
    return row


def nearest(point: tuple[float, float, float]) -> int:
    """The vertex of the template next to a point."""
    return int(np.linalg.norm(flame_arrays()["v_template"] - point, axis=1).argmin())


def moved(flame: Flame, point: tuple[float, float, float], row: np.ndarray, head: Any = None) -> np.ndarray:
    """How far (3,) the vertex next to a point goes from where it is at rest, in metres."""
    turned = None if head is None else np.array([head], np.float32)
    change = flame.vertices(row, turned)[0] - flame.vertices(numbers())[0]
    return change[nearest(point)]


def test_at_rest_it_is_the_template(flame: Flame) -> None:
    found = flame.vertices(numbers())
    assert found.shape == (1, 5023, 3) and found.dtype == np.float32
    assert np.allclose(found[0], flame_arrays()["v_template"], atol=1e-6)
    assert np.array_equal(flame.faces, flame_arrays()["f"])


def test_vertices_are_those_of_smplxs_own_class(tmp_path: Path, flame: Flame) -> None:
    import smplx

    write_flame(tmp_path, "FLAME_NEUTRAL.npz", lids=False)
    marks = {"lmk_face_idx": np.zeros(1, np.int64), "lmk_b_coords": np.full((1, 3), 1 / 3)}
    (tmp_path / "flame_static_embedding.pkl").write_bytes(pickle.dumps(marks))
    theirs = smplx.FLAME(str(tmp_path), ext="npz", num_expression_coeffs=50, create_transl=False, batch_size=3)
    random = np.random.default_rng(5)
    rows, head = random.normal(size=(3, 55)).astype(np.float32), random.normal(0, 0.3, (3, 3)).astype(np.float32)
    rows[:, 50:52] = 0
    neck = np.stack([neck_turn(angles) for angles in head])
    expected = theirs(
        expression=torch.from_numpy(rows[:, :50]),
        jaw_pose=torch.from_numpy(rows[:, 52:]),
        neck_pose=torch.from_numpy(neck),
    )
    assert np.allclose(flame.vertices(rows, head), expected.vertices.detach().numpy(), atol=1e-6)


def test_a_batch_is_its_rows_one_by_one(flame: Flame) -> None:
    random = np.random.default_rng(6)
    rows, head = random.normal(size=(3, 55)).astype(np.float32), random.normal(0, 0.3, (3, 3)).astype(np.float32)
    singly = [flame.vertices(rows[i : i + 1], head[i : i + 1])[0] for i in range(3)]
    assert np.allclose(flame.vertices(rows, head), singly, atol=1e-6)


def test_an_expression_adds_the_direction_of_its_number(flame: Flame) -> None:
    change = flame.vertices(numbers(expression07=2.0)) - flame.vertices(numbers())
    assert np.allclose(change[0], 2.0 * flame_arrays()["shapedirs"][..., 307], atol=1e-6)


@pytest.mark.parametrize(("curve", "side"), [("eyelidLeft", 0), ("eyelidRight", 1)])
def test_a_lid_closes_as_its_file_says(flame: Flame, curve: str, side: int) -> None:
    change = flame.vertices(numbers(**{curve: 0.5})) - flame.vertices(numbers())
    assert np.allclose(change[0], 0.5 * eyelids()[side], atol=1e-6)
    closing, resting = (LEFT_EYE, RIGHT_EYE) if side == 0 else (RIGHT_EYE, LEFT_EYE)
    assert change[0, nearest(closing), 1] < -0.008 and abs(change[0, nearest(resting)]).max() < 1e-3


def test_the_jaw_opens_downwards_and_the_rest_stays(flame: Flame) -> None:
    assert moved(flame, CHIN, numbers(jawX=0.3))[1] < -0.01
    assert np.linalg.norm(moved(flame, TOP, numbers(jawX=0.3))) < 2e-3


@pytest.mark.parametrize(
    ("head", "point", "axis", "sign"),
    [
        ((0.4, 0.0, 0.0), NOSE, 0, -1),  # to the person's right, where x falls
        ((0.0, 0.4, 0.0), NOSE, 1, -1),  # down
        ((0.0, 0.0, 0.4), TOP, 0, 1),  # towards the left shoulder
    ],
)
def test_the_head_turns_at_the_neck_as_its_angles_say(
    flame: Flame, head: tuple[float, ...], point: tuple[float, float, float], axis: int, sign: int
) -> None:
    assert sign * moved(flame, point, numbers(), head)[axis] > 0.02
    assert np.linalg.norm(moved(flame, BOTTOM, numbers(), head)) < 5e-3


@pytest.mark.parametrize("angles", [(0.3, 0.0, 0.0), (0.0, -0.2, 0.0), (0.4, 0.3, -0.2), (0.0, 0.0, 0.0)])
def test_the_turn_is_the_one_that_the_compact_model_was_trained_with(angles: tuple[float, ...]) -> None:
    assert np.allclose(cv2.Rodrigues(neck_turn(np.array(angles)))[0], head_turn(np.array(angles)), atol=1e-6)


def test_rows_of_another_length_are_refused(flame: Flame) -> None:
    with pytest.raises(ValueError, match=r"rows of 55 numbers.*\(2, 52\)"):
        flame.vertices(np.zeros((2, 52), np.float32))


def test_without_their_files_the_lids_stay_open(tmp_path: Path) -> None:
    flame = Flame(write_flame(tmp_path, lids=False))
    assert not flame.has_eyelids
    assert np.array_equal(flame.vertices(numbers(eyelidLeft=1.0)), flame.vertices(numbers()))


def test_pickles_of_any_python_and_npz_hold_the_same(tmp_path: Path, folder: Path) -> None:
    expected = read_flame(folder)
    arrays = flame_arrays()
    sparse = csr_matrix(arrays["J_regressor"])
    for protocol in (0, 2, 5):
        changed = arrays | {"J_regressor": sparse if protocol == 5 else arrays["J_regressor"]}
        path = tmp_path / f"{protocol}.pkl"
        path.write_bytes(pickle.dumps(changed, protocol))
        assert_same(read_flame(path), expected)
    write_flame(tmp_path / "npz", "flame2023_Open.npz")
    assert_same(read_flame(tmp_path / "npz"), expected)


def assert_same(found: Any, expected: Any) -> None:
    for name in ("template", "poses", "joints", "weights", "parents", "faces"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert np.array_equal(found.expressions[..., :50], expected.expressions[..., :50])


def test_no_more_of_a_files_400_directions_is_kept_than_needed(folder: Path) -> None:
    assert read_flame(folder).expressions.shape == (5023, 3, 52)


class Trap:
    """Leaves a file behind if a pickle is let to call what it likes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_with_code_in_it_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "generic_model.pkl").write_bytes(pickle.dumps(flame_arrays() | {"bs_style": Trap(ran)}))
    with pytest.raises(CheckpointError, match=r"generic_model\.pkl asks for pathlib\.\S+, which a file of arrays"):
        read_flame(tmp_path)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("opcodes", "named"),
    [
        (b"cos\nsystem\n.", "os.system"),
        (b"c__builtin__\neval\n.", "__builtin__.eval"),
        (b"cnumpy\nload\n.", "numpy.load"),
        (b"cscipy.sparse\nload_npz\n.", "scipy.sparse.load_npz"),
    ],
)
def test_what_no_array_needs_is_refused_by_name(tmp_path: Path, opcodes: bytes, named: str) -> None:
    (tmp_path / "generic_model.pkl").write_bytes(opcodes)
    with pytest.raises(CheckpointError, match=rf"asks for {named},"):
        read_flame(tmp_path)


def test_a_chumpy_expression_is_no_array(tmp_path: Path) -> None:
    broken = Ch(np.zeros(3))
    broken.__dict__.pop("x")
    write_flame(tmp_path, changed={"v_template": broken})
    with pytest.raises(CheckpointError, match="v_template is a ChumpyArray, expected an array of 5023×3"):
        read_flame(tmp_path)


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("v_template", np.zeros((6890, 3)), "v_template is 6890×3, expected 5023×3"),
        ("shapedirs", np.zeros((5023, 3, 20)), "shapedirs is 5023×3×20, expected 5023×3×350 or more"),
        ("posedirs", np.zeros((5023, 3, 207)), "posedirs is 5023×3×207, expected 5023×3×36"),
        ("J_regressor", csc_matrix((24, 5023)), "J_regressor is 24×5023, expected 5×5023"),
        ("weights", "none", "weights is a str, expected an array of 5023×5"),
        ("weights", np.full((5023, 5), np.nan), "weights holds numbers that are not finite"),
        ("weights", np.full((5023, 5), "x"), "weights holds no numbers"),
        ("f", np.full((9976, 3), 5023), "f names the vertices 5023 to 5023; there are 5023"),
        ("kintree_table", np.full((2, 5), 4), "kintree_table makes no tree"),
        ("posedirs", None, "not FLAME's: it lacks posedirs"),
    ],
)
def test_a_wrong_array_is_named_with_what_was_expected(tmp_path: Path, name: str, wrong: Any, told: str) -> None:
    write_flame(tmp_path, changed={name: wrong})
    with pytest.raises(CheckpointError, match=told) as caught:
        read_flame(tmp_path)
    assert str(tmp_path / "generic_model.pkl") in str(caught.value)


def test_a_sparse_matrix_whose_parts_do_not_fit_is_named(tmp_path: Path) -> None:
    broken = flame_arrays()["J_regressor"].copy()
    broken.indices = np.full_like(broken.indices, 77)
    write_flame(tmp_path, changed={"J_regressor": broken})
    with pytest.raises(CheckpointError, match="J_regressor holds no numbers, or not those of its shape"):
        read_flame(tmp_path)


@pytest.mark.parametrize("held", [b"", b"no pickle at all", pickle.dumps(np.zeros(100))[:60], pickle.dumps([1, 2])])
def test_a_file_that_is_no_pickle_of_arrays_is_named(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "generic_model.pkl").write_bytes(held)
    with pytest.raises(CheckpointError, match=r"generic_model\.pkl"):
        read_flame(tmp_path)


def test_an_npz_with_a_pickle_inside_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "generic_model.npz", v_template=np.array([{}], dtype=object))
    with pytest.raises(CheckpointError, match=r"generic_model\.npz is damaged, or holds a pickled array"):
        read_flame(tmp_path)


def test_an_npz_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "generic_model.npz").write_bytes(pickle.dumps({}))
    with pytest.raises(CheckpointError, match=r"generic_model\.npz is no \.npz file"):
        read_flame(tmp_path)


def test_an_eyelid_of_another_mesh_is_named(tmp_path: Path) -> None:
    write_flame(tmp_path)
    np.save(tmp_path / "l_eyelid.npy", np.zeros((5000, 3)))
    with pytest.raises(CheckpointError, match=r"l_eyelid\.npy: has the shape \(5000, 3\), expected \(5023, 3\)"):
        read_flame(tmp_path)


def test_an_empty_folder_is_told_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"holds no FLAME model \(generic_model\.pkl, .*docs/flame\.md"):
        read_flame(tmp_path)
    with pytest.raises(CheckpointError, match="there is no folder"):
        read_flame(tmp_path / "nowhere")


def test_without_smplx_it_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smplx.lbs", None)
    with pytest.raises(CheckpointError, match=r"needs smplx.*run\.py setup flame"):
        Flame(folder)
