"""The chain as a whole: off it changes nothing, on it keeps to its order and survives whatever comes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.sample import Sample
from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS, WEIGHTS
from bridge.performance.played import at_rest, play, samples_of
from bridge.performance.preset import OFF, Preset, read_preset, shipped
from bridge.performance.settings import fill
from bridge.takes import FIRST_MINUTE, read_take

JAW, BLINK = CHANNELS.index("jawOpen"), CHANNELS.index("eyeBlinkLeft")


def sample(tracked: bool = True, **curves: float) -> Sample:
    values = np.zeros(61, np.float32)
    for name, value in curves.items():
        values[CHANNELS.index(name)] = value
    return Sample(values[:55], values[55:], "01:02:03:04.500", 60.0, tracked, "anna", "phone", ("rounded",))


def preset(**settings: object) -> Preset:
    return fill(Preset, settings)


def random_samples(seed: int, count: int, size: float) -> list[Sample]:
    rng = np.random.default_rng(seed)
    rows = np.clip(rng.normal(0, size, (count, 61)), -3.4e38, 3.4e38).astype(np.float32)
    rows[::3] = 0.0  # no face
    return [Sample(row[:55], row[55:], tracked=bool(frame % 3)) for frame, row in enumerate(rows)]


def test_off_gives_back_what_came() -> None:
    came = sample(jawOpen=1.05, cheekPuff=-0.01, headYaw=2.0, LeftEyeYaw=-1.0)
    chain = Chain()
    for given_ in (came, sample(tracked=False)):
        out = chain.take(given_, 1.0)
        assert np.array_equal(out.curves, given_.curves) and np.array_equal(out.eyes, given_.eyes)
        assert out.curves.dtype == out.eyes.dtype == np.float32
        assert (out.timecode, out.rate, out.subject, out.device, out.oddities, out.tracked) == (
            came.timecode, came.rate, came.subject, came.device, came.oddities, given_.tracked,
        )  # fmt: skip
    assert chain.at(99.0) is out or np.array_equal((chain.at(99.0) or came).curves, out.curves)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.integers(0, 2**32), st.sampled_from([0.5, 1e30, 3e38]), st.sampled_from(shipped()),
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0, 1.01])), min_size=8, max_size=8),
)  # fmt: skip
def test_finite_in_finite_out_whatever_the_preset_and_the_times(
    seed: int, size: float, name: str, times: list[float]
) -> None:
    chain = Chain(read_preset(name))
    for came, seconds in zip(random_samples(seed, 8, size), times, strict=True):
        for out in (chain.take(came, seconds), chain.at(seconds + 0.01)):
            assert out is not None
            assert np.isfinite(out.curves).all() and np.isfinite(out.eyes).all()
            if chain.preset.clamp.mode != "off":
                assert out.curves[WEIGHTS].min() >= 0 and out.curves[WEIGHTS].max() <= 1


def test_the_order_of_the_steps() -> None:
    steps = preset(
        remap={"jawOpen": "mouthFunnel"}, calibration={"neutral": {"jawOpen": 0.2}}, gain={"jawOpen": 0.5},
        offset={"jawOpen": 0.1}, dead_zone={"jawOpen": 0.2}, clamp={"mode": "hard", "high": {"mouthLeft": 0.3}},
        mirror=True, head={"yaw": 30},
    )  # fmt: skip
    out = Chain(steps).take(sample(mouthFunnel=1.0, mouthLeft=0.9, headYaw=1.0), 0.0)
    assert out.curves[JAW] == pytest.approx((1.0 * 0.5 + 0.1 - 0.2) / 0.8)  # remapped before it is calibrated
    assert out.curves[CHANNELS.index("mouthRight")] == pytest.approx(0.3)  # clamped before it is mirrored
    assert out.curves[52] == pytest.approx(-np.pi / 6)


def calibrated(rows: list[Sample], rate: float = 60.0, begin: float = 0.0) -> Chain:
    chain = Chain(preset(calibration={"countdown": 1.0, "average": 1.0}))
    chain.calibrate(begin)
    for frame, row in enumerate(rows):
        chain.take(row, begin + frame / rate)
    return chain


def test_a_calibration_counts_down_measures_and_is_robust_to_a_blink() -> None:
    chain = Chain(preset(calibration={"countdown": 1.0, "average": 1.0}))
    assert chain.calibration(0.0) is None
    chain.calibrate(10.0)
    phases = {}
    for frame in range(150):
        shut = 60 + 10 <= frame < 60 + 30  # a third of the second that is measured
        seconds = 10.0 + frame / 60
        chain.take(sample(eyeBlinkLeft=0.95 if shut else 0.1, browInnerUp=0.25, headPitch=0.1), seconds)
        progress = chain.calibration(seconds)
        assert progress is not None and progress.left >= 0
        phases.setdefault(progress.phase, (frame, progress.text))
    assert list(phases) == ["countdown", "measuring", "done"]
    assert phases["countdown"][1] == "relax the face and look ahead: 1"
    assert (phases["measuring"][0], phases["done"][0]) == (60, 120)
    out = chain.take(sample(eyeBlinkLeft=0.1, browInnerUp=1.0, headPitch=0.1), 13.0)
    assert out.curves[BLINK] == pytest.approx(0.0, abs=1e-6)
    assert out.curves[CHANNELS.index("browInnerUp")] == pytest.approx(1.0)
    assert out.curves[53] == pytest.approx(0.0, abs=1e-6)
    chain.forget_neutral()
    assert chain.take(sample(eyeBlinkLeft=0.1), 13.1).curves[BLINK] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([sample(tracked=False)] * 130, "only 0 frames with a face came"),
        ([sample(eyeBlinkLeft=0.9, eyeBlinkRight=0.9)] * 130, "the eyes were shut"),
    ],
)
def test_a_calibration_that_cannot_be_says_why_and_keeps_the_former(rows: list[Sample], said: str) -> None:
    chain = calibrated(rows)
    progress = chain.calibration(3.0)
    assert progress is not None and progress.phase == "failed" and said in progress.text
    assert not chain.neutral.any()


def test_a_calibration_ends_also_when_nothing_comes_any_more() -> None:
    chain = calibrated([sample()] * 30)
    progress = chain.calibration(60.0)
    assert progress is not None and progress.phase == "failed"


def test_a_countdown_begins_again_when_time_runs_backwards() -> None:
    chain = calibrated([sample(jawOpen=0.1)] * 10, begin=1000.0)
    chain.take(sample(), 5.0)
    progress = chain.calibration(5.0)
    assert progress is not None and (progress.phase, progress.left) == ("countdown", 1.0)


def test_another_preset_counts_from_the_next_sample_on_and_the_neutral_stays() -> None:
    chain = calibrated([sample(jawOpen=0.2)] * 130)
    assert chain.take(sample(jawOpen=0.2), 3.0).curves[JAW] == pytest.approx(0.0)
    chain.change(preset(gain={"jawOpen": 0.5}, calibration={"neutral": {"jawOpen": 0.4}}))
    assert chain.take(sample(jawOpen=1.0), 3.1).curves[JAW] == pytest.approx(0.5)
    assert chain.neutral[JAW] == pytest.approx(0.2)
    chain.change(OFF)
    assert chain.take(sample(jawOpen=0.2), 3.2).curves[JAW] == pytest.approx(0.0)


def test_a_lost_face_is_held_eased_and_let_back_in() -> None:
    chain = Chain(preset(loss={"on": True, "hold": 0.5, "ease": 0.5, "back": 0.2}))
    faces = [True] * 30 + [False] * 90 + [True] * 30
    out = [chain.take(sample(face, jawOpen=0.8 if face else 0.0), i / 60) for i, face in enumerate(faces)]
    line = np.array([one.curves[JAW] for one in out])
    assert all(one.tracked for one in out)
    assert (line[:59] == np.float32(0.8)).all()
    assert not line[92:121].any()
    assert line[-1] == np.float32(0.8)
    assert np.abs(np.diff(line)).max() < 0.11


def test_a_source_that_falls_silent_fades_and_comes_back_without_a_jump() -> None:
    chain = Chain(preset(loss={"on": True, "hold": 0.2, "ease": 0.5, "back": 0.2, "silence": 0.3}))
    line = []
    for frame in range(200):
        seconds = frame / 60
        if frame < 30 or frame >= 150:
            chain.take(sample(jawOpen=0.8), seconds)
        out = chain.at(seconds)
        assert out is not None
        line.append(out.curves[JAW])
    assert line[45] == np.float32(0.8) and line[140] == 0.0 and line[-1] == np.float32(0.8)
    assert np.abs(np.diff(line)).max() < 0.11


def test_while_nothing_changes_the_same_sample_goes_out() -> None:
    chain = Chain(preset(loss={"on": True, "hold": 0.5, "ease": 0.2, "silence": 0.3}))
    last = chain.take(sample(jawOpen=0.8), 0.0)
    out = [chain.at(frame / 60) for frame in range(120)]
    assert out[20] is last  # held
    assert out[110] is out[119] is not last and out[119] is not None
    assert not out[119].curves.any()  # neutral


@pytest.mark.parametrize("name", ["rom_3", "slate_3"])
@pytest.mark.parametrize("chosen", ["livelink", "webcam"])
def test_real_captures_stay_bounded_and_keep_their_blinks(
    shared_data: Callable[[str], Path], name: str, chosen: str
) -> None:
    take = read_take(shared_data(f"captures/{name}.csv")).first(900)
    used = read_preset(chosen)
    played = play(take, used)
    assert played.after.shape == played.before.shape
    assert played.after[:, WEIGHTS].min() >= 0.0 and played.after[:, WEIGHTS].max() <= 1.0
    assert played.after[:, BLINK].max() >= min(played.before[:, BLINK].max(), 1.0) - 1e-6
    # Smoothed curves move no more from frame to frame than those that came, allowing for what a gain stretches.
    moved = np.abs(np.diff(played.after[:, JAW])).sum() / np.abs(np.diff(played.before[:, JAW])).sum()
    assert moved <= used.gain[JAW] / (1 - used.dead_zone[JAW]) + 1e-6


def test_a_real_face_at_rest_comes_to_nothing(shared_data: Callable[[str], Path]) -> None:
    take = read_take(shared_data("captures/slate_3.csv"))
    rest = at_rest(take, OFF, 0.5)
    played = play(take, preset(calibration={"neutral": dict(zip(CHANNELS, rest.tolist(), strict=True))}))
    second = (take.times >= 0.5) & (take.times < 1.5)
    assert np.abs(played.before[second][:, WEIGHTS]).mean() > 0.05
    assert np.abs(played.after[second][:, WEIGHTS]).mean() < 0.005


def test_the_same_take_twice_is_the_same() -> None:
    take = read_take(FIRST_MINUTE).first(200)
    first, second = (play(take, read_preset("webcam")) for _ in range(2))
    assert np.array_equal(first.after, second.after)


def test_samples_of_a_take_carry_its_timecode() -> None:
    take = read_take(FIRST_MINUTE).first(3)
    samples = samples_of(take)
    assert [one.timecode for one in samples] == list(take.timecodes)
    assert samples[0].rate == 60.0
