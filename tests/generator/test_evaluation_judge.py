"""The judge of expressions: its training on a small folder of portraits, its file, and what it reads."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.evaluation.regressor import Judge, Regressor, load_judge
from generator.training.head.appearance import Appearance
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.portraits import HELD_OUT
from generator.training.regressor_stage import Lessons, export_regressor, train_regressor
from generator.training.strangers import straight
from protocol.blendshapes import INDEX

pytestmark = pytest.mark.needs(renderer=True)

POSES = np.zeros((4, 55), np.float32)
POSES[1, INDEX["jawOpen"]] = 1.0
POSES[2, [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]] = 1.0
POSES[3, 52:] = 0.35, -0.15, 0.2


@pytest.fixture(scope="module")
def pictures(shared_data: Callable[[str], Path]) -> np.ndarray:
    """`POSES` of somebody unseen, (4, 256, 256, 4), straight alpha."""
    with Studio(shared_data("ict/ict_facekit.npz").parents[1]) as studio:
        return studio.draw([(draw_person(HELD_OUT + 31), Appearance(backdrop=None), POSES)])[0]


@pytest.fixture
def folder(pictures: np.ndarray, tmp_path: Path) -> Path:
    """The pictures as a folder of portraits, all of them one finished group."""
    premultiplied = pictures.astype(np.float32)
    premultiplied[..., :3] *= premultiplied[..., 3:] / 255
    arrays = {"pictures": premultiplied.round().astype(np.uint8), "curves": POSES, "lights": np.zeros((4, 3)),
              "people": np.zeros(4, np.int64), "dressed": np.zeros(4, bool), "traits": np.zeros((1, 1)),
              "landmarks": np.zeros((4, 1, 2), np.float16),
              "done": np.ones(1, bool), "starts": np.array([0, 4])}  # fmt: skip
    for name, values in arrays.items():
        np.save(tmp_path / f"{name}.npy", values)
    return tmp_path


def test_a_judge_learns_is_written_and_reads_what_it_learned(
    folder: Path, pictures: np.ndarray, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    before = Judge(Regressor()).read(pictures)
    train_regressor(folder, folder, tmp_path / "checkpoints", minutes=0.08, resume=False, most=4)
    export_regressor(tmp_path / "checkpoints" / "regressor.pt", tmp_path / "judge.safetensors")
    judge = load_judge(tmp_path / "judge.safetensors")
    read = judge.read(pictures)
    assert read.shape == (4, 55)
    assert np.abs(read - POSES).mean() < np.abs(before - POSES).mean()
    assert (tmp_path / "judge.safetensors").stat().st_size < 2_000_000


def test_lessons_mirror_left_and_right(folder: Path) -> None:
    lessons = Lessons(folder, 4)
    lessons.look(4)
    faces, wholes, curves = lessons.batch(np.random.default_rng(0))
    assert faces.shape == (64, 3, 112, 112) and wholes.shape == (64, 3, 64, 64)
    assert float(faces.min()) >= 0 and float(faces.max()) <= 1
    assert set(np.round(curves[:, 52].tolist(), 2)) == {0.0, 0.35, -0.35}
    assert set(np.round(curves[:, 53].tolist(), 2)) == {0.0, -0.15}


def test_portraits_drawn_meanwhile_are_taken_in(folder: Path) -> None:
    lessons = Lessons(folder, 4)
    lessons.look(1)
    assert len(lessons.curves) == 1
    lessons.look(8)
    np.testing.assert_array_equal(lessons.curves, POSES)


def test_premultiplied_portraits_become_pictures_again(folder: Path, pictures: np.ndarray) -> None:
    again = straight(np.load(folder / "pictures.npy")[0])
    seen = pictures[0, ..., 3] > 128
    np.testing.assert_allclose(again[seen], pictures[0][seen], atol=1)


def test_a_missing_judge_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="`facebridge train compact judge`"):
        load_judge(tmp_path / "nowhere.safetensors")


def test_the_shipped_judge_reads_open_jaws_blinks_and_turns(pictures: np.ndarray) -> None:
    read = load_judge().read(pictures)
    jaw, blink = INDEX["jawOpen"], INDEX["eyeBlinkLeft"]
    assert read[:, jaw].argmax() == 1 and read[1, jaw] - read[0, jaw] > 0.4
    assert read[:, blink].argmax() == 2 and read[2, blink] - read[0, blink] > 0.4
    np.testing.assert_allclose(read[3, 52:], POSES[3, 52:], atol=0.15)
