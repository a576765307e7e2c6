"""What a person's pictures show beyond the network's drawing of it, laid over other drawings of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from generator.checkpoint import model_folder
from generator.compact.identity_encoder import IdentityEncoder
from generator.compact.portrait import (
    SIDE,
    Glance,
    View,
    beyond,
    foreign,
    laid_over,
    matted,
    multiplied,
    resized,
    straight,
)
from generator.compact.pose import SIDE as COARSE
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
STILL, ALL = np.zeros((COARSE, COARSE, 2), np.float32), np.ones((COARSE, COARSE), np.float32)
LOOSE = 0 * ALL  # nothing is stiff


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (WHOLE, WHOLE, 4), np.uint8)


@pytest.fixture(scope="module")
def disc() -> np.ndarray:
    """A smooth drawing (256, 256, 4): nothing at the edges, a person in the middle."""
    down, across = np.mgrid[:WHOLE, :WHOLE] - 127.5
    alpha = 255 * (np.hypot(down, across) < 100)
    return np.stack([alpha * 0.5, alpha * 0.4, alpha * 0.3, alpha], 2).astype(np.uint8)


def shown(drawn: np.ndarray, more: np.ndarray) -> View:
    """Of a picture that shows `more` than its drawing, of the same outline."""
    more = more * (1, 1, 1, 0)
    return View(resized(drawn, SIDE), (more + 128).clip(0, 255).astype(np.uint8))


def change(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    return after.astype(int) - before


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> DiffusionGenerator:
    return load_diffusion("compact", store=str(tmp_path_factory.mktemp("people")))


def test_a_picture_multiplied_is_straight_again() -> None:
    shown = picture()
    shown[..., 3] = shown[..., 3].clip(200)
    assert np.abs(change(straight(multiplied(shown, WHOLE)), shown)).max() <= 1
    assert np.array_equal(multiplied(shown[..., :3], WHOLE)[..., :3], shown[..., :3])


def test_faint_alpha_is_drawn_as_nothing_and_nearly_whole_alpha_as_all() -> None:
    alpha = np.arange(256, dtype=np.uint8)
    half = alpha // 2
    layers = matted(np.stack([half, alpha, np.full(256, 255, np.uint8), alpha], -1)[None])[0].astype(int)
    assert not layers[:13].any() and (layers[243:, 3] == 255).all()
    assert np.abs(layers[:, 3] - ((alpha / 255 - 0.05) / 0.9).clip(0, 1) * 255).max() < 1
    assert np.array_equal(layers[:, 1], layers[:, 3]) and np.array_equal(layers[:, 2], layers[:, 3])
    assert np.abs(layers[13:, 0] - layers[13:, 3] * (half / alpha.clip(1))[13:]).max() < 1.5


def test_no_colour_is_more_than_its_alpha() -> None:
    layers = np.array([[[0, 200, 20, 100], [255, 255, 255, 255]]], np.uint8)
    assert straight(layers).tolist() == [[[0, 255, 51, 100], [255, 255, 255, 255]]]
    assert not straight(np.array([[[5, 5, 5, 0]]], np.uint8)).any()


def test_what_is_clear_has_the_colour_of_what_is_near_and_a_filter_finds_no_black(disc: np.ndarray) -> None:
    shown = straight(disc)
    assert np.array_equal(shown[..., 3], disc[..., 3]) and not shown[:8, :8].any()
    larger = cv2.resize(shown, (4 * WHOLE, 4 * WHOLE), interpolation=cv2.INTER_LINEAR)
    edge = (larger[..., 3] > 20) & (larger[..., 3] < 235)
    assert edge.any() and np.abs(larger[edge, :3].astype(int) - (127, 102, 76)).max() <= 3


def test_over_the_drawing_of_itself_a_picture_is_whole(disc: np.ndarray) -> None:
    hairs = np.where(disc[..., 3:] > 0, np.random.default_rng(1).normal(0, 20, disc.shape).clip(-60, 60), 0).round()
    seen, inside = shown(disc, hairs), (slice(60, 196), slice(60, 196))
    for stiff in (LOOSE, ALL):
        over = laid_over(disc, [Glance(seen, STILL, ALL, stiff)])
        assert np.abs(change(over, disc) - hairs)[inside][..., :3].max() <= 1
        half = laid_over(disc, [Glance(seen, STILL, ALL / 2, stiff)])
        assert np.abs(change(half, disc) - hairs / 2)[inside][..., :3].max() <= 1
        assert np.array_equal(laid_over(disc, [Glance(seen, STILL, 0 * ALL, stiff)]), disc)


def test_what_is_beyond_a_drawing_makes_it_the_picture() -> None:
    drawn, wished = picture(1), picture(2)
    more = beyond(wished, drawn).astype(int) - 128
    near = np.abs(change(wished, drawn)) < 127
    assert np.array_equal((drawn + more)[near], wished[near]) and more.min() == -128 and more.max() == 127


def test_it_goes_with_the_face_and_is_left_away_where_something_else_is_drawn(disc: np.ndarray) -> None:
    dot = np.zeros(disc.shape)
    dot[120:136, 120:136, :3] = 60
    moved = np.roll(disc, 12, 1)
    glance = Glance(shown(disc, dot), STILL - np.array([12 * COARSE / WHOLE, 0], np.float32), ALL, LOOSE)
    over = change(laid_over(moved, [glance]), moved)
    assert over[124:132, 136:144, :3].min() > 57 and np.abs(over[:, :128]).max() <= 1
    opened = moved.copy()
    opened[112:144, 124:156, :3] = 0
    assert np.abs(change(laid_over(opened, [glance]), opened))[124:132, 136:144].max() <= 1


def test_hair_that_is_drawn_a_little_aside_goes_to_where_the_picture_has_it(disc: np.ndarray) -> None:
    strand = np.zeros(disc.shape, np.uint8)
    strand[30:60, 126:132, :3] = 60
    seen = shown(cv2.add(disc, strand), 0 * disc.astype(int))
    aside = cv2.add(disc, np.roll(strand, 4, 1))
    there, drawn = (slice(36, 54), slice(127, 129), 0), (slice(36, 54), slice(133, 135), 0)
    stiff, loose = (laid_over(aside, [Glance(seen, STILL, ALL, stiff)]).astype(int) for stiff in (ALL, LOOSE))
    assert stiff[there].min() > 150 and stiff[drawn].max() < 160
    assert np.abs(loose - aside).max() <= 1


def test_of_two_pictures_the_one_of_higher_rank_tells_and_each_in_its_own_place(disc: np.ndarray) -> None:
    bright, dark, left = (shown(disc, np.full(disc.shape, by)) for by in (20, -20, 10))
    both = [Glance(bright, STILL, ALL, LOOSE), Glance(dark, STILL, ALL, LOOSE, rank=0.1)]
    over = change(laid_over(disc, both), disc)[100:156, 100:156, :3]
    assert over.min() > 18
    beside = ALL.copy()
    beside[:, 32:] = 0
    glances = [Glance(left, STILL, beside, LOOSE), Glance(dark, STILL, 1 - beside, LOOSE)]
    over = change(laid_over(disc, glances), disc)
    assert over[128, 100, 0] == 10 and over[128, 156, 0] == -20


def test_nothing_is_drawn_out_to_streaks(disc: np.ndarray) -> None:
    stretched = STILL.copy()
    stretched[:, 28:36, 0] = np.arange(8, 0, -1) - 4.5  # all eight come from one place
    over = change(laid_over(disc, [Glance(shown(disc, np.full(disc.shape, 20)), stretched, ALL, LOOSE)]), disc)
    assert np.abs(over[120:136, 122:134]).max() <= 1 < over[120:136, 60:80, :3].min()


def test_a_hair_far_from_the_head_drawn_is_none_of_it(disc: np.ndarray) -> None:
    over = laid_over(disc, [Glance(shown(disc, np.full(disc.shape, 20)), STILL, ALL, LOOSE)])
    assert not over[:8, :8].any() and over[128, 128, 0] > disc[128, 128, 0] + 18


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
        apart = np.abs(change(multiplied(drawn, WHOLE), multiplied(known.reference, WHOLE)))
        assert apart.mean() < 1.0, name
        assert not stream.subject.reference  # a second network is for what is worn


def test_the_built_in_people_show_teeth_and_tongues_as_their_pictures_do(generator: DiffusionGenerator) -> None:
    for name in generator.identities:
        known = generator.people.read(name)
        for shot in (known.shots[1], known.shots[6]):
            stream = generator.open_stream(StreamSettings(name, WHOLE))
            drawn = generator.render([(stream, shot.curves)])[0].pixels
            alone = generator.open_stream(StreamSettings(name, WHOLE, reference_scale=0.0))
            network = generator.render([(alone, shot.curves)])[0].pixels
            truth = multiplied(shot.picture, WHOLE)
            errors = [np.square(change(multiplied(one, WHOLE), truth)[FACE]).mean() for one in (drawn, network)]
            assert errors[0] < 0.2 * errors[1], name


def test_a_person_is_read_once_and_with_other_pictures_anew(generator: DiffusionGenerator) -> None:
    model, amara = generator.model, generator.people.read("Amara")
    known = model.subject(amara)
    assert model.subject(replace(amara, name="Amelie")) is known
    assert model.subject(replace(amara, shots=amara.shots[1:])) is not known
    told_otherwise = replace(amara.shots[0], curves=amara.shots[1].curves)
    assert model.subject(replace(amara, shots=(told_otherwise, *amara.shots[1:]))) is not known
    assert model.subject(replace(amara, reference=None)) is not known


def test_a_light_has_its_own_drawing_of_the_picture_and_few_are_kept(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", WHOLE))
    before = None
    for azimuth in range(-70, 80, 10):
        generator.change(stream, replace(stream.settings, light=(float(azimuth), 20.0)))
        now = generator.render([(stream, np.zeros(55, np.float32))])[0].pixels
        assert before is None or not np.array_equal(now, before)
        before = now
    assert len(stream.subject.views) <= 48


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
        pairs = (tuple(multiplied(each, WHOLE)[FACE] for each in pair) for pair in zip(drawn, truth, strict=True))
        errors.append([np.square(change(one, other)).mean() for one, other in pairs])
    alone, pictured = np.array(errors)
    assert (pictured < 0.95 * alone).all() and pictured.mean() < 0.7 * alone.mean()
    assert pictured[0] < 0.1 * alone[0]
