"""The built-in model, as a stream sees it."""

import numpy as np
import pytest

from bridge.takes import FIRST_MINUTE, read_take
from generator.diffusion import DiffusionGenerator, load_diffusion
from generator.face_generator import StreamSettings
from generator.temporal import STILL
from protocol.blendshapes import INDEX

SIZE = 128
NEUTRAL = np.zeros(55, np.float32)


@pytest.fixture(scope="module")
def generator() -> DiffusionGenerator:
    return load_diffusion("compact")


def posed(**curves: float) -> np.ndarray:
    row = NEUTRAL.copy()
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def drawn(generator: DiffusionGenerator, rows: list[np.ndarray], **settings: object) -> list[np.ndarray]:
    """A new stream's pictures, float."""
    stream = generator.open_stream(StreamSettings(**{"identity": "Amara", "size": SIZE} | settings))  # type: ignore[arg-type]
    return [generator.render([(stream, row)])[0].pixels.astype(float) for row in rows]


def test_a_still_face_is_the_same_picture_marked_repeated(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Diego", SIZE))
    smile, tremor = posed(mouthSmileLeft=0.6, mouthSmileRight=0.6), posed(jawOpen=STILL / 2)
    first, second, trembling = (generator.render([(stream, row)])[0] for row in (smile, smile, smile + tremor))
    assert [picture.repeated for picture in (first, second, trembling)] == [False, True, True]
    assert np.array_equal(first.pixels, second.pixels)


def test_slow_movements_add_up(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Diego", SIZE))
    rows = [posed(jawOpen=i * STILL / 2) for i in range(10)]
    repeated = [generator.render([(stream, row)])[0].repeated for row in rows]
    assert 3 <= repeated.count(False) <= 6


def test_the_same_take_and_seed_give_the_same_pictures(generator: DiffusionGenerator) -> None:
    rows = list(read_take(FIRST_MINUTE).curves[100:130])
    once, again = (np.stack(drawn(generator, rows, seed=5)) for _ in range(2))
    assert np.array_equal(once, again)


def test_a_sudden_jump_is_there_within_one_frame(generator: DiffusionGenerator) -> None:
    shout = posed(jawOpen=0.8, browInnerUp=0.7, mouthSmileLeft=0.5, mouthSmileRight=0.5)
    before, jump, *_, settled = drawn(generator, [NEUTRAL, *(shout + posed(jawOpen=0.005 * (i % 2)) for i in range(9))])
    full = settled - before
    assert (full * (jump - before)).sum() / (full * full).sum() >= 0.9


def test_two_thousand_frames_of_talking_leave_the_face_as_it_was(generator: DiffusionGenerator) -> None:
    talk = read_take(FIRST_MINUTE).curves
    rows = [NEUTRAL, *(talk[i % len(talk)] for i in range(2000)), NEUTRAL]
    first, *_, last = drawn(generator, rows)
    assert psnr(last, first) > 40  # against the truth the two then differ by well under 1 dB


@pytest.mark.parametrize(("side", "other"), [("Left", "Right"), ("Right", "Left")])
def test_a_wink_is_a_wink(generator: DiffusionGenerator, side: str, other: str) -> None:
    neutral, wink = drawn(generator, [NEUTRAL, posed(**{f"eyeBlink{side}": 1.0})])
    moved = np.abs(wink - neutral).mean(2)[30:70]
    half = {
        "Right": moved[:, : SIZE // 2].mean(),
        "Left": moved[:, SIZE // 2 :].mean(),
    }  # the person's left is on the right
    assert half[side] > 4 * half[other]


def test_everyone_is_somebody_else(generator: DiffusionGenerator) -> None:
    faces = [drawn(generator, [NEUTRAL], identity=name)[0] for name in generator.identities]
    distances = [np.abs(a - b).mean() for i, a in enumerate(faces) for b in faces[:i]]
    assert len(faces) == 12
    assert min(distances) > 8


def test_streams_in_one_pass_do_not_mix(generator: DiffusionGenerator) -> None:
    names, row = generator.identities[:3], posed(jawOpen=0.5)
    streams = [generator.open_stream(StreamSettings(name, SIZE)) for name in names]
    together = [picture.pixels.astype(float) for picture in generator.render([(stream, row) for stream in streams])]
    apart = [drawn(generator, [row], identity=name)[0] for name in names]
    assert all(psnr(a, b) > 35 for a, b in zip(together, apart, strict=True))


def test_expression_scale_exaggerates_and_mutes(generator: DiffusionGenerator) -> None:
    row = posed(mouthSmileLeft=0.5, mouthSmileRight=0.5)
    none, half, full = (drawn(generator, [row], expression_scale=scale)[0] for scale in (0.0, 0.5, 1.0))
    neutral = drawn(generator, [NEUTRAL])[0]
    assert np.array_equal(none, neutral)
    assert 0 < np.abs(half - neutral).mean() < np.abs(full - neutral).mean()


def test_the_turn_of_the_head_is_not_scaled_and_is_bounded(generator: DiffusionGenerator) -> None:
    row = posed(jawOpen=0.5, headYaw=0.1, headPitch=9.0)
    shaped = generator.model.expression(row, 0.0)
    assert shaped[INDEX["jawOpen"]] == 0
    assert shaped[INDEX["headYaw"]] == pytest.approx(0.1)
    assert shaped[INDEX["headPitch"]] < 0.3


def test_a_change_of_identity_is_there_at_once(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(StreamSettings("Amara", SIZE))
    generator.render([(stream, NEUTRAL)])
    generator.change(stream, StreamSettings("Greta", SIZE))
    changed = generator.render([(stream, NEUTRAL)])[0].pixels.astype(float)
    assert np.array_equal(changed, drawn(generator, [NEUTRAL], identity="Greta")[0])


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (StreamSettings("Nobody", SIZE), "no identity 'Nobody'; this model has Amara"),
        (StreamSettings("Amara", 512), "no size 512; this model draws 128"),
        (StreamSettings("Amara", SIZE, steps=9), "steps 9: 1 to 8"),
    ],
)
def test_what_the_model_cannot_do_is_refused(
    generator: DiffusionGenerator, settings: StreamSettings, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        generator.open_stream(settings)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(((a - b) ** 2).mean(), 1e-9)))
