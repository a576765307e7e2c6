"""What a person's picture shows beyond the network's drawing of it, laid over other drawings of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.checkpoint import model_folder
from generator.compact.flow import SIDE
from generator.compact.identity_encoder import IdentityEncoder
from generator.compact.portrait import View, foreign, laid_over, multiplied, resized, straight
from generator.diffusion import DiffusionGenerator, load_diffusion
from generator.evaluation.contestants import Streamed
from generator.evaluation.poses import EXPRESSIONS
from generator.evaluation.stage import Actor, Stage
from generator.face_generator import StreamSettings
from generator.training.head.appearance import Appearance
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.portraits import HELD_OUT

WHOLE = 256
FACE = slice(80, 225), slice(64, 192), slice(3)  # below the hair
STILL, ALL = np.zeros((SIDE, SIDE, 2), np.float32), np.ones((SIDE, SIDE), np.float32)


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (WHOLE, WHOLE, 4), np.uint8)


@pytest.fixture(scope="module")
def disc() -> np.ndarray:
    """A smooth drawing (256, 256, 4), multiplied: nothing at the edges, a person in the middle."""
    down, across = np.mgrid[:WHOLE, :WHOLE] - 127.5
    alpha = 255 * (np.hypot(down, across) < 100)
    return np.stack([alpha * 0.5, alpha * 0.4, alpha * 0.3, alpha], 2).astype(np.float32)


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> DiffusionGenerator:
    return load_diffusion("compact", store=str(tmp_path_factory.mktemp("people")))


def test_a_picture_multiplied_is_straight_again() -> None:
    shown = picture()
    shown[..., 3] = shown[..., 3].clip(128)
    assert np.abs(straight(multiplied(shown, WHOLE)).astype(int) - shown).max() <= 1
    assert np.array_equal(multiplied(shown[..., :3], WHOLE)[..., :3], shown[..., :3])


def test_what_was_added_beyond_the_range_stays_in_it() -> None:
    layers = np.array([[[-9, 300, 20, 100], [5, 5, 5, -3], [300, 300, 300, 400]]], np.float32)
    assert straight(layers).tolist() == [[[0, 255, 51, 100], [0, 0, 0, 0], [255, 255, 255, 255]]]


def test_over_the_drawing_of_itself_a_picture_is_whole(disc: np.ndarray) -> None:
    hairs = np.where(disc[..., 3:] > 0, np.random.default_rng(1).normal(0, 20, disc.shape), 0).astype(np.float32)
    seen = View(resized(disc, SIDE), hairs)
    inside = (slice(60, 196), slice(60, 196))
    assert np.allclose(laid_over(disc, seen, STILL, ALL)[inside], (disc + hairs)[inside], atol=0.01)
    assert np.allclose(laid_over(disc, seen, STILL, ALL / 2)[inside], (disc + hairs / 2)[inside], atol=0.01)
    assert np.array_equal(laid_over(disc, seen, STILL, 0 * ALL), disc)


def test_it_goes_with_the_face_and_is_left_away_where_something_else_is_drawn(disc: np.ndarray) -> None:
    dot = np.zeros_like(disc)
    dot[120:136, 120:136, :3] = 60
    seen = View(resized(disc, SIDE), dot)
    moved = np.roll(disc, 12, 1)
    flow = STILL - np.array([12 * SIDE / WHOLE, 0], np.float32)
    over = laid_over(moved, seen, flow, ALL) - moved
    assert over[124:132, 136:144, :3].min() > 59 and np.abs(over[:, :128]).max() < 1
    opened = moved.copy()
    opened[112:144, 124:156, :3] = 0
    assert np.abs(laid_over(opened, seen, flow, ALL) - opened)[124:132, 136:144].max() < 1


def test_nothing_is_drawn_out_to_streaks(disc: np.ndarray) -> None:
    seen = View(resized(disc, SIDE), np.full_like(disc, 20.0))
    stretched = STILL.copy()
    stretched[:, 56:72, 0] = np.arange(16, 0, -1) - 8.5  # all sixteen come from one place
    over = laid_over(disc, seen, stretched, ALL) - disc
    assert np.abs(over[120:136, 122:134]).max() < 1 < over[120:136, 60:80].min()


def test_a_hair_far_from_the_head_drawn_is_none_of_it(disc: np.ndarray) -> None:
    seen = View(resized(disc, SIDE), np.full_like(disc, 20.0))
    over = laid_over(disc, seen, STILL, ALL)
    assert np.abs(over[:8, :8]).max() < 0.1 and over[128, 128, 0] > disc[128, 128, 0] + 19


def test_clothes_or_a_backdrop_are_foreign_and_a_mole_is_not(disc: np.ndarray) -> None:
    mole, clad = disc.copy(), disc.copy()
    mole[100:106, 100:106, :3] = 0
    clad[180:] = (200, 0, 0, 255)
    assert not foreign(disc, disc) and not foreign(mole, disc) and foreign(clad, disc)


def test_the_neutral_face_of_the_built_in_people_is_their_picture(generator: DiffusionGenerator) -> None:
    for name in generator.identities:
        known = generator.people.read(name)
        assert known.reference is not None
        stream = generator.open_stream(StreamSettings(name, WHOLE))
        drawn = generator.render([(stream, np.zeros(55, np.float32))])[0].pixels
        apart = np.abs(multiplied(drawn, WHOLE) - multiplied(known.reference, WHOLE))
        assert apart.mean() < 1.0, name
        assert not stream.subject.reference  # a second network is for what is worn


def test_a_light_has_its_own_drawing_of_the_picture_and_few_are_kept(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", WHOLE))
    before = None
    for azimuth in range(-70, 80, 10):
        generator.change(stream, replace(stream.settings, light=(float(azimuth), 20.0)))
        now = generator.render([(stream, np.zeros(55, np.float32))])[0].pixels
        assert before is None or not np.array_equal(now, before)
        before = now
    assert len(stream.subject.views) <= 8


@pytest.mark.needs(renderer=True)
def test_a_strangers_picture_makes_what_is_drawn_of_them_truer(shared_data: Callable[[str], Path]) -> None:
    person, encoder = draw_person(HELD_OUT + 31), IdentityEncoder(model_folder("compact"))
    poses = np.stack([EXPRESSIONS[name] for name in ("neutral", "smile", "anger", "wink")])
    with Studio(shared_data("ict/ict_facekit.npz").parents[1]) as studio:
        truth = studio.draw([(person, Appearance(backdrop=None), poses)])[0]
    known = Actor("stranger", person, encoder.embed(truth[:1])[0])
    stage, errors = Stage(load_diffusion("compact"), encoder=encoder.name), []
    for reference in (None, truth[0]):
        drawn = Streamed("model", stage, reuse=False).perform(replace(known, reference=reference), poses)
        pairs = zip(drawn, truth, strict=True)
        errors.append([np.square(one[FACE] - other[FACE].astype(float)).mean() for one, other in pairs])
    alone, pictured = np.array(errors)
    assert (pictured < 0.8 * alone).all()
    assert pictured[0] < 0.1 * alone[0]
