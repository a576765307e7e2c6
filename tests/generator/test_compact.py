"""The built-in model, as a stream sees it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.takes import FIRST_MINUTE, read_take
from generator.checkpoint import model_folder
from generator.compact.bearing import Bearing
from generator.compact.card import read_card
from generator.compact.model import CompactModel
from generator.compact.ranges import CURVE_RANGE
from generator.diffusion import DiffusionGenerator, load_diffusion
from generator.face_generator import StreamSettings
from generator.identities import Identity, IdentityStore
from generator.model import Wish
from generator.temporal import STILL
from protocol.blendshapes import INDEX

WHOLE, SIZE = 256, 128
NEUTRAL = np.zeros(55, np.float32)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> IdentityStore:
    return IdentityStore(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def generator(store: IdentityStore) -> DiffusionGenerator:
    return load_diffusion("compact", store=str(store.folder))


def posed(**curves: float) -> np.ndarray:
    row = NEUTRAL.copy()
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def drawn(generator: DiffusionGenerator, rows: list[np.ndarray], **settings: object) -> list[np.ndarray]:
    """A new stream's pictures on middle grey, float."""
    stream = generator.open_stream(StreamSettings(**{"identity": "Amara", "size": SIZE} | settings))  # type: ignore[arg-type]
    return [on_grey(generator.render([(stream, row)])[0].pixels) for row in rows]


def on_grey(picture: np.ndarray) -> np.ndarray:
    alpha = picture[..., 3:].astype(float) / 255
    return picture[..., :3] * alpha + 127.5 * (1 - alpha)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(((a - b) ** 2).mean(), 1e-9)))


def test_the_small_model_draws_the_same_people_smaller(
    generator: DiffusionGenerator, store: IdentityStore, tmp_path: Path
) -> None:
    small = load_diffusion("compact-s", store=str(tmp_path))
    assert (generator.name, generator.sizes) == ("compact", (WHOLE, SIZE))
    assert (small.name, small.sizes, small.identities) == ("compact-s", (SIZE, WHOLE), generator.identities)
    assert np.array_equal(drawn(small, [NEUTRAL])[0], drawn(generator, [NEUTRAL])[0])
    store.write(replace(small.people.read("Kofi"), name="Cousin"))
    assert "Cousin" in generator.identities
    assert "Cousin" not in small.identities  # whose store is elsewhere
    store.remove("Cousin")


def test_both_sizes_have_their_own_pixels_and_alpha(generator: DiffusionGenerator) -> None:
    streams = [generator.open_stream(StreamSettings("Amara", size)) for size in (WHOLE, SIZE)]
    pictures = [picture.pixels for picture in generator.render([(stream, NEUTRAL) for stream in streams])]
    assert [picture.shape for picture in pictures] == [(256, 256, 4), (128, 128, 4)]
    assert all(picture.dtype == np.uint8 for picture in pictures)


def test_a_still_face_is_the_same_picture_marked_repeated(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Diego", SIZE))
    smile, tremor = posed(mouthSmileLeft=0.6, mouthSmileRight=0.6), posed(jawOpen=STILL / 2)
    first, second, trembling = (generator.render([(stream, row)])[0] for row in (smile, smile, smile + tremor))
    assert [picture.repeated for picture in (first, second, trembling)] == [False, True, True]
    assert np.array_equal(first.pixels, second.pixels)


def test_a_tiny_movement_is_soon_there_in_full(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", SIZE))
    generator.render([(stream, NEUTRAL)])
    pictures = [generator.render([(stream, posed(browInnerUp=0.05))])[0] for _ in range(8)]
    assert [picture.repeated for picture in pictures[:2]] == [False, False]
    assert pictures[-1].repeated and not np.array_equal(pictures[-1].pixels, pictures[0].pixels)


def test_a_picture_is_finished_once_and_alike_after_the_model_has_gone_on(generator: DiffusionGenerator) -> None:
    rows = [posed(jawOpen=opened, headYaw=opened / 2) for opened in (0.0, 0.3, 0.6)]
    at_once, later = (generator.open_stream(StreamSettings("Marek", SIZE)) for _ in range(2))
    expected = [generator.render([(at_once, row)])[0].pixels for row in rows]
    waiting = [generator.render([(later, row)])[0] for row in rows]
    generator.change(later, replace(later.settings, light=(60.0, 10.0)))
    generator.render([(later, rows[0])])
    assert all(np.array_equal(picture.pixels, at) for picture, at in zip(waiting[::-1], expected[::-1], strict=True))
    assert waiting[0].pixels is waiting[0].pixels


def test_slow_movements_add_up(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Diego", SIZE))
    rows = [posed(jawOpen=i * STILL / 2) for i in range(10)]
    repeated = [generator.render([(stream, row)])[0].repeated for row in rows]
    assert 3 <= repeated.count(False) <= 8  # some of them only settle


def test_the_same_take_and_seed_give_the_same_pictures(generator: DiffusionGenerator) -> None:
    rows = list(read_take(FIRST_MINUTE).curves[100:120])
    once, again = (np.stack(drawn(generator, rows, seed=5)) for _ in range(2))
    assert np.array_equal(once, again)


def test_a_sudden_jump_is_there_within_one_frame(generator: DiffusionGenerator) -> None:
    shout = posed(jawOpen=0.8, browInnerUp=0.7, mouthSmileLeft=0.5, mouthSmileRight=0.5)
    before, jump, *_, settled = drawn(generator, [NEUTRAL, *(shout + posed(jawOpen=0.005 * (i % 2)) for i in range(9))])
    full = settled - before
    assert (full * (jump - before)).sum() / (full * full).sum() >= 0.9


def test_talking_leaves_the_face_as_it_was(generator: DiffusionGenerator) -> None:
    talk = read_take(FIRST_MINUTE).curves[::4]
    first, *_, last = drawn(generator, [NEUTRAL, *talk, NEUTRAL])
    assert len(talk) == 300
    assert psnr(last, first) > 35


@pytest.mark.parametrize(("side", "other"), [("Left", "Right"), ("Right", "Left")])
def test_a_wink_is_a_wink(generator: DiffusionGenerator, side: str, other: str) -> None:
    neutral, wink = drawn(generator, [NEUTRAL, posed(**{f"eyeBlink{side}": 1.0})], size=WHOLE)
    moved = np.abs(wink - neutral).mean(2)[96:120]
    eye = {"Right": moved[:, 78:114].mean(), "Left": moved[:, 142:178].mean()}  # the person's own left
    assert eye[side] > 2 * eye[other]


def test_a_smile_moves_the_mouth_more_than_the_brows(generator: DiffusionGenerator) -> None:
    smiling = posed(mouthSmileLeft=0.9, mouthSmileRight=0.9)
    neutral, smile = drawn(generator, [NEUTRAL, smiling], size=WHOLE)
    moved = np.abs(smile - neutral).mean(2)[:, 64:192]
    assert moved[150:190].mean() > 3 * moved[72:96].mean()


def test_everyone_is_somebody_else(generator: DiffusionGenerator) -> None:
    faces = [drawn(generator, [NEUTRAL], identity=name)[0] for name in generator.identities]
    distances = [np.abs(a - b).mean() for i, a in enumerate(faces) for b in faces[:i]]
    assert len(faces) == 12
    assert min(distances) > 5


def test_the_backdrop_is_clear_and_the_face_is_not(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", WHOLE))
    alpha = generator.render([(stream, NEUTRAL)])[0].pixels[..., 3]
    assert all(corner.mean() < 6 and corner.max() < 40 for corner in (alpha[:20, :20], alpha[:20, -20:]))
    assert alpha[108:148, 108:148].min() > 235


def test_light_from_the_other_side_brightens_the_other_cheek(generator: DiffusionGenerator) -> None:
    lights = [(side * 60.0, 20.0) for side in (-1, 1)]
    left, right = (drawn(generator, [NEUTRAL], identity="Lena", size=WHOLE, light=light)[0] for light in lights)
    change = (right - left).mean(2)[100:180]
    assert change[:, 140:190].mean() > 10 > -10 > change[:, 66:116].mean()


def test_streams_in_one_pass_do_not_mix(generator: DiffusionGenerator) -> None:
    names, row = generator.identities[:3], posed(jawOpen=0.5)
    streams = [generator.open_stream(StreamSettings(name, SIZE)) for name in names]
    together = [on_grey(picture.pixels) for picture in generator.render([(stream, row) for stream in streams])]
    apart = [drawn(generator, [row], identity=name)[0] for name in names]
    assert all(psnr(a, b) > 35 for a, b in zip(together, apart, strict=True))


def test_expression_scale_exaggerates_and_mutes(generator: DiffusionGenerator) -> None:
    row = posed(mouthSmileLeft=0.5, mouthSmileRight=0.5)
    none, half, full = (drawn(generator, [row], expression_scale=scale)[0] for scale in (0.0, 0.5, 1.0))
    neutral = drawn(generator, [NEUTRAL])[0]
    assert np.array_equal(none, neutral)
    assert 0 < np.abs(half - neutral).mean() < np.abs(full - neutral).mean()


def test_the_cards_gain_makes_curves_stronger_within_the_known_range(generator: DiffusionGenerator) -> None:
    model, gain = generator.model, read_card(model_folder("compact")).expression_gain
    shaped = model.expression(posed(jawOpen=0.5, browInnerUp=1.1, headYaw=0.1), 1.0)
    assert gain > 1
    assert shaped[INDEX["jawOpen"]] == pytest.approx(0.5 * gain)
    assert shaped[INDEX["browInnerUp"]] == pytest.approx(CURVE_RANGE[1])
    assert shaped[INDEX["headYaw"]] == pytest.approx(0.1)


def test_faint_curves_are_asked_for_more_strongly_and_pictures_moved_by_what_was_performed(
    generator: DiffusionGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, card = generator.model, read_card(model_folder("compact"))
    gain = card.curve_gains["tongueOut"]
    shaped = model.expression(posed(tongueOut=1.1, jawOpen=1.1), 1.0)
    assert gain > 1
    assert shaped[INDEX["tongueOut"]] == pytest.approx(CURVE_RANGE[1] * gain)
    assert shaped[INDEX["jawOpen"]] == pytest.approx(CURVE_RANGE[1])
    amara = generator.people.read("Amara")
    subject = model.subject(amara)
    held = [np.clip(shot.curves[:52] * card.expression_gain, *CURVE_RANGE) for shot in amara.shots]
    np.testing.assert_allclose([pose.curves[:52] for pose in subject.album.poses[1:]], held, atol=1e-6)
    assert max(curves[INDEX["tongueOut"]] for curves in held) > 0.9
    asked: list[np.ndarray] = []
    monkeypatch.setattr(
        Bearing, "at", lambda bearing, curves, at=Bearing.at: asked.append(curves) or at(bearing, curves)
    )
    model.finish(Wish(subject, shaped, StreamSettings("Amara", SIZE)), np.zeros((SIZE, SIZE, 4), np.uint8))
    assert asked[0][INDEX["tongueOut"]] == pytest.approx(CURVE_RANGE[1])


@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_the_network_is_shown_as_much_of_the_last_latent_as_the_card_says(
    generator: DiffusionGenerator, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    model = generator.model
    assert isinstance(model, CompactModel)
    monkeypatch.setattr(model, "card", replace(model.card, last_scale=scale))
    stream = generator.open_stream(StreamSettings("Amara", SIZE))
    wish = Wish(stream.subject, NEUTRAL, stream.settings, np.ones(model.latent_shape, np.float32))
    ((_, given),) = model.guides([wish])
    assert (given.last == scale).all()


def test_the_turn_of_the_head_is_not_scaled_and_is_bounded(generator: DiffusionGenerator) -> None:
    row = posed(jawOpen=0.5, headYaw=0.1, headPitch=9.0)
    shaped = generator.model.expression(row, 0.0)
    assert shaped[INDEX["jawOpen"]] == 0
    assert shaped[INDEX["headYaw"]] == pytest.approx(0.1)
    assert shaped[INDEX["headPitch"]] < 0.4


def test_a_change_of_identity_is_there_at_once(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", SIZE))
    generator.render([(stream, NEUTRAL)])
    generator.change(stream, StreamSettings("Greta", SIZE))
    changed = on_grey(generator.render([(stream, NEUTRAL)])[0].pixels)
    assert np.array_equal(changed, drawn(generator, [NEUTRAL], identity="Greta")[0])


def test_somebody_enrolled_is_drawn_and_their_reference_heeded(
    generator: DiffusionGenerator, store: IdentityStore
) -> None:
    amara = generator.people.read("Amara")
    picture = np.random.default_rng(0).integers(0, 256, (256, 256, 4), np.uint8)
    store.write(replace(amara, name="Twin", reference=picture))
    plain = drawn(generator, [NEUTRAL], reference_scale=0.0)[0]
    assert generator.identities[-1] == "Twin"
    assert np.array_equal(drawn(generator, [NEUTRAL], identity="Twin", reference_scale=0.0)[0], plain)
    assert not np.array_equal(drawn(generator, [NEUTRAL], identity="Twin")[0], plain)
    store.write(Identity("Photo", np.eye(512, dtype=np.float32)[0]))
    assert "Photo" not in generator.identities
    for name in ("Twin", "Photo"):
        store.remove(name)


def test_what_a_reference_shows_stays_while_the_face_moves(generator: DiffusionGenerator, store: IdentityStore) -> None:
    plain = generator.open_stream(StreamSettings("Amara", WHOLE))
    behind = np.linspace((40, 120, 200), (210, 60, 90), WHOLE)[None].repeat(WHOLE, 0)
    picture = generator.render([(plain, NEUTRAL)])[0].pixels
    alpha = picture[..., 3:] / 255
    known = np.concatenate([picture[..., :3] * alpha + behind * (1 - alpha), np.full_like(alpha, 255)], 2)
    store.write(replace(generator.people.read("Amara"), name="Twin", reference=known.round().astype(np.uint8)))
    edited = generator.open_stream(StreamSettings("Twin", WHOLE))
    grin = posed(mouthSmileLeft=1, mouthSmileRight=1, jawOpen=0.5)
    found = generator.render([(edited, grin)])[0].pixels
    store.remove("Twin")
    clear = alpha[..., 0] < 0.02
    assert found[clear][:, 3].mean() > 240
    assert np.abs(found[clear][:, :3] - behind[clear]).mean() < 25
    mouth = (slice(150, 200), slice(95, 160))
    moved = drawn(generator, [grin], size=WHOLE)[0][mouth] - on_grey(picture)[mouth]
    assert (np.abs(on_grey(found)[mouth] - known[mouth][..., :3])).mean() > 0.5 * np.abs(moved).mean()


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (StreamSettings("Nobody", SIZE), "no identity 'Nobody'; this model has Amara"),
        (StreamSettings("Amara", 512), "no size 512; this model draws 256, 128"),
        (StreamSettings("Amara", SIZE, steps=9), "steps 9: 1 to 8"),
    ],
)
def test_what_the_model_cannot_do_is_refused(
    generator: DiffusionGenerator, settings: StreamSettings, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        generator.open_stream(settings)
