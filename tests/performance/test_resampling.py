"""Resampling: even times, straight lines, peaks of blinks and the timecode kept."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.capture.sample import Sample
from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS
from bridge.performance.preset import Preset
from bridge.performance.settings import fill

JAW, BLINK = CHANNELS.index("jawOpen"), CHANNELS.index("eyeBlinkLeft")


def chain(rate: float = 60.0, behind: float = 1.0) -> Chain:
    return Chain(fill(Preset, {"output": {"rate": rate, "behind": behind}}))


def sample(jaw: float = 0.0, blink: float = 0.0, timecode: str = "", rate: float = 60.0) -> Sample:
    curves = np.zeros(55, np.float32)
    curves[[JAW, BLINK]] = jaw, blink
    return Sample(curves, np.zeros(6, np.float32), timecode, rate, oddities=("odd",))


def outputs(of: Chain, samples: list[Sample], times: list[float], ticks: list[float]) -> list[Sample | None]:
    taken, out = 0, []
    for tick in ticks:
        while taken < len(samples) and times[taken] <= tick:
            of.take(samples[taken], times[taken])
            taken += 1
        out.append(of.at(tick))
    return out


def test_nothing_before_the_first_sample() -> None:
    assert chain().at(1.0) is None
    assert Chain().at(1.0) is None


def test_straight_lines_one_frame_of_the_source_behind() -> None:
    times = [frame / 30 for frame in range(31)]
    ticks = [frame / 60 for frame in range(60)]
    out = outputs(chain(), [sample(jaw=second) for second in times], times, ticks)
    line = np.array([one.curves[JAW] for one in out if one is not None])
    assert line[4:] == pytest.approx(np.array(ticks)[4:] - 1 / 30, abs=1e-6)


def test_a_constant_stays_whatever_the_rates() -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.005, 0.05, 40)).tolist()
    out = outputs(chain(50.0), [sample(jaw=0.7)] * 40, times, [times[0] + frame / 50 for frame in range(40)])
    assert all(one is not None and one.curves[JAW] == np.float32(0.7) for one in out)


def test_without_waiting_it_is_the_newest() -> None:
    out = outputs(chain(behind=0.0), [sample(0.1), sample(0.2)], [0.0, 0.1], [0.05, 0.1, 0.15])
    assert [one and round(float(one.curves[JAW]), 3) for one in out] == [0.1, 0.2, 0.2]


@example(15, 60, 24, 0.0)  # where two frames' spans meet
@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(6, 24), st.sampled_from([24, 30, 60]), st.sampled_from([24, 30, 60, 90]), st.floats(0, 1))
def test_the_peak_of_a_blink_goes_out_whatever_the_rates(at: int, source: int, rate: int, phase: float) -> None:
    samples = [sample(blink=0.9 if frame == at else 0.0) for frame in range(40)]
    times = [frame / source for frame in range(40)]
    ticks = [(frame + phase) / rate for frame in range(int(36 * rate / source))]
    out = outputs(chain(rate), samples, times, ticks)
    assert max(one.curves[BLINK] for one in out if one is not None) == np.float32(0.9)


def codes(first: str, second: str, base: float) -> list[str]:
    given_ = [sample(timecode=first, rate=base), sample(timecode=second, rate=base)]
    out = outputs(chain(), given_, [0.0, 0.04], [0.04, 0.05, 0.06, 0.08])
    return [one.timecode for one in out if one is not None]


def test_the_timecode_runs_between_the_frames() -> None:
    assert codes("10:00:00:23.000", "10:00:01:00.000", 24)[1:3] == ["10:00:00:23.250", "10:00:00:23.500"]
    assert codes("10:00:00:10.000", "10:00:00:11.000", 25)[0] == "10:00:00:10.000"


def test_the_timecode_runs_over_midnight() -> None:
    assert codes("23:59:59:24.000", "00:00:00:00.500", 25)[2] == "23:59:59:24.750"


@pytest.mark.parametrize(
    ("first", "second", "base"),
    [
        ("", "", 60), ("10:00:00:10.000", "10:00:00:11.000", 0), ("10:00:00:10.000", "", 60), ("odd", "odder", 60),
        ("10:00:00:10.000", "11:00:00:10.000", 60), ("10:00:00:10.000", "10:00:00:09.000", 60),
    ],
)  # fmt: skip
def test_timecodes_that_do_not_tell_are_kept_as_they_are(first: str, second: str, base: float) -> None:
    assert codes(first, second, base)[:3] == [first] * 3


def test_what_was_odd_is_counted_once() -> None:
    out = outputs(chain(), [sample(), sample()], [0.0, 0.04], [0.05])[0]
    assert out is not None and out.oddities == ()


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=1, max_size=40), st.integers(0, 99))
def test_whatever_the_times_what_goes_out_lies_between_what_came(moments: list[tuple[float, float]], seed: int) -> None:
    of, rng = chain(), np.random.default_rng(seed)
    for came, asked in moments:
        of.take(sample(jaw=rng.uniform(0.2, 0.8)), came)
        out = of.at(asked)
        assert out is not None and 0.199 < out.curves[JAW] < 0.801
