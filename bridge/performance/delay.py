"""What the chain costs: the delay that each step adds to a step of jawOpen, and the time a sample takes."""

import time
from dataclasses import dataclass

import numpy as np

from bridge.capture.sample import Sample
from bridge.performance.chain import Chain
from bridge.performance.channels import COUNT, HEAD, WEIGHTS
from bridge.performance.played import Played, play
from bridge.performance.preset import OFF, STEPS, Preset, only, takes
from bridge.takes import Take
from bridge.takes.timecode import format_timecode
from protocol.blendshapes import ARKIT55

RATE = 60
JAW = ARKIT55.index("jawOpen")
ROUNDS, SAMPLES = 20, 50
LIVELY = 0.05  # standard deviation of a curve that moves
LONGEST_LAG = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class Cost:
    """Frames at 60 a second until the output has made half and nine tenths of the step, counted from where the input
    had; NaN where a step shows nothing of the movement. Microseconds a sample, of this machine.
    """

    name: str
    half: float
    nine_tenths: float
    microseconds: float


def costs(preset: Preset) -> list[Cost]:
    """Each step that the preset takes, alone, then all together."""
    _microseconds(preset)  # warms up
    idle = _microseconds(OFF)
    alone = [(step, only(preset, step)) for step in STEPS if takes(preset, step)]
    steps = [Cost(step, *delays(one), max(_microseconds(one) - idle, 0.0)) for step, one in alone]
    return [*steps, Cost("all together", *delays(preset), _microseconds(preset))]


def delays(preset: Preset, size: float = 1.0) -> tuple[float, float]:
    """Frames of delay at half and at nine tenths of a step of jawOpen from 0 to `size`, between two frames."""
    take = step_take(size)
    played = play(take, preset)
    came = played.before[:, JAW], take.times
    went = played.after[:, JAW], played.out_times
    half, nine_tenths = (RATE * (_crossing(*went, share) - _crossing(*came, share)) for share in (0.5, 0.9))
    return half, nine_tenths


def lags(played: Played) -> np.ndarray:
    """Seconds by which the curves of a take come out later: for each that moves, the shift that fits best, to a
    millisecond and up to `LONGEST_LAG`. Resting offsets and gains count for nothing in it.
    """
    lively = [place for place in range(WEIGHTS.stop) if min(_movement(played, place)) > LIVELY]
    shifts = np.arange(0.0, LONGEST_LAG, 0.001)
    return np.array([_best_shift(played, place, shifts) for place in lively])


def _movement(played: Played, place: int) -> tuple[float, float]:
    return float(played.before[:, place].std()), float(played.after[:, place].std())


def _best_shift(played: Played, place: int, shifts: np.ndarray) -> float:
    went = played.after[:, place]
    shifted = (np.interp(played.out_times - shift, played.times, played.before[:, place]) for shift in shifts)
    return float(shifts[np.argmax([np.corrcoef(came, went)[0, 1] for came in shifted])])


def step_take(size: float) -> Take:
    """A second of rest, then the mouth open for a second, at 60 frames a second."""
    times = np.arange(2 * RATE) / RATE
    curves = np.zeros((len(times), HEAD.stop), np.float32)
    curves[RATE:, JAW] = size
    eyes = np.zeros((len(times), COUNT - HEAD.stop), np.float32)
    return Take("step", times, tuple(format_timecode(second) for second in times), curves, eyes)


def _crossing(values: np.ndarray, times: np.ndarray, share: float) -> float:
    """When the values first come to a share of the way from the first to the last; NaN if these are the same."""
    way = values[-1] - values[0]
    if way == 0.0:
        return float("nan")
    done = (values - values[0]) / way
    after = int(np.argmax(done >= share))
    return float(np.interp(share, done[after - 1 : after + 1], times[after - 1 : after + 1]))


def _microseconds(preset: Preset) -> float:
    """The quickest of a few rounds: what is slower is another program's doing."""
    take = step_take(1.0)
    samples = [Sample(curves, eyes) for curves, eyes in zip(take.curves, take.eyes, strict=True)]
    chain, taken, quickest = Chain(preset), 0, float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for sample in samples[:SAMPLES]:
            taken += 1
            chain.take(sample, taken / RATE)
            if chain.rate:
                chain.at(taken / RATE)
        quickest = min(quickest, time.perf_counter() - begun)
    return 1e6 * quickest / SAMPLES
