"""The evaluation drives the real generator: here an untrained one, so only the pictures' relations are known."""

from pathlib import Path

import numpy as np
import pytest

from generator.checkpoint import read_card, read_identities
from generator.compact_model import BuiltInPeople, CompactModel
from generator.diffusion import DiffusionGenerator
from generator.evaluation.bound import autoencoded
from generator.evaluation.drawing import draw_each, draw_people, pixels, play, reusing
from generator.evaluation.poses import POSES, pose
from generator.runtimes.eager import EagerRuntime

TAKE = np.stack([pose(jawOpen=value) for value in (0.0, 0.1, 0.1, 0.3, 0.35)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.autoencoder import new_autoencoder
    from generator.training.denoiser_stage import new_denoiser
    from generator.training.export import export_compact

    return export_compact(new_denoiser(16, 4), new_autoencoder(), 32, tmp_path_factory.mktemp("untrained"))


@pytest.fixture(scope="module")
def generator(folder: Path) -> DiffusionGenerator:
    card = read_card(folder)
    people = BuiltInPeople(read_identities(folder, card))
    return DiffusionGenerator(CompactModel(card, EagerRuntime(folder, card, "cpu")), people)


def test_play_gives_every_person_every_frame(generator: DiffusionGenerator):
    streams = play(generator, generator.identities[:5], TAKE, seed=1)
    assert [len(stream) for stream in streams] == [len(TAKE)] * 5
    assert [drawn.repeated for drawn in streams[4]] == [False, False, True, False, False]


def test_a_drawn_face_is_its_streams_first_picture(generator: DiffusionGenerator):
    names = generator.identities[:2]
    alone = draw_each(generator, names, TAKE[[3, 3]], seed=1)
    first = [stream[0].pixels for stream in play(generator, names, TAKE[3:], seed=1)]
    assert np.array_equal(alone, first)


def test_people_and_poses_stay_in_order(generator: DiffusionGenerator):
    curves = np.stack(list(POSES.values())[:3])
    drawn = draw_people(generator, generator.identities[:2], curves, seed=0)
    assert drawn.shape == (2, 3, 32, 32, 3)
    one = draw_each(generator, [generator.identities[1]], curves[2:], seed=0)[0]
    assert np.abs(drawn[1, 2].astype(int) - one).max() <= 1  # batches of another size round differently


def test_reuse_matters_inside_its_block_only(generator: DiffusionGenerator):
    def last() -> np.ndarray:
        return pixels(play(generator, generator.identities[:1], TAKE, seed=1)[0])[-1]

    before, own = last(), generator.reuse_floor
    with reusing(generator, None):
        fresh = last()
    with reusing(generator, 200):
        assert generator.reuse_floor == 200
        reused = last()
    assert generator.reuse_floor == own
    assert np.array_equal(last(), before)
    assert not np.array_equal(fresh, reused)


def test_the_bound_is_the_autoencoders_own_picture(generator: DiffusionGenerator, folder: Path):
    pictures = np.random.default_rng(0).integers(0, 256, (9, 32, 32, 3)).astype(np.uint8)
    back = autoencoded(folder, read_card(folder), pictures)
    assert (back.shape, back.dtype) == (pictures.shape, pictures.dtype)
    assert np.array_equal(back[8:], autoencoded(folder, read_card(folder), pictures[8:]))
