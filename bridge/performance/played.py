"""A recorded take through the chain, without a clock: what came, and what went out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bridge.capture.sample import Sample
from bridge.errors import CommandError
from bridge.performance.chain import Chain
from bridge.performance.channels import values_of
from bridge.performance.neutral import Measurement, measure
from bridge.performance.preset import Preset
from bridge.performance.remap import remap
from bridge.takes import Take
from bridge.takes.timecode import deduce_base, parse_timecode


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """times in seconds, (n,) and (m,); values (n, 61) and (m, 61) in `channels.CHANNELS` order."""

    times: np.ndarray
    before: np.ndarray
    out_times: np.ndarray
    after: np.ndarray


def play(take: Take, preset: Preset) -> Played:
    """Every frame at its time; at the output's rate if the preset has one."""
    chain, samples = Chain(preset), samples_of(take)
    out = list(_at_rate(chain, samples, take.times) if chain.rate else _each(chain, samples, take.times))
    before = np.concatenate([take.curves, take.eyes], axis=1, dtype=np.float64)
    return Played(
        take.times, before, np.array([time for time, _ in out]), np.array([values_of(sample) for _, sample in out])
    )


def samples_of(take: Take) -> list[Sample]:
    base = float(deduce_base([parse_timecode(code) for code in take.timecodes]))
    rows = zip(take.curves, take.eyes, take.timecodes, strict=True)
    return [Sample(curves, eyes, code, base, subject=take.name) for curves, eyes, code in rows]


def at_rest(take: Take, preset: Preset, start: float) -> np.ndarray:
    """The neutral face (61,), measured from `start` seconds on as the preset says. CommandError if it cannot be."""
    settings = replace(preset.calibration, countdown=0.0)
    under_way = Measurement(start)
    for sample, time in zip(samples_of(take), take.times, strict=True):
        if time >= start:
            under_way = measure(settings, under_way, remap(preset.remap, values_of(sample)), float(time))
    under_way = measure(settings, under_way, None, start + settings.average)
    if under_way.neutral is None:
        raise CommandError(f"{take.name} from {start:g} s on: {under_way.problem}")
    return under_way.neutral


def _each(chain: Chain, samples: list[Sample], times: np.ndarray) -> Iterator[tuple[float, Sample]]:
    for sample, time in zip(samples, times, strict=True):
        yield float(time), chain.take(sample, float(time))


def _at_rate(chain: Chain, samples: list[Sample], times: np.ndarray) -> Iterator[tuple[float, Sample]]:
    taken = 0
    for frame in range(int(times[-1] * chain.rate) + 1):
        moment = frame / chain.rate
        while taken < len(samples) and times[taken] <= moment:
            chain.take(samples[taken], float(times[taken]))
            taken += 1
        if (out := chain.at(moment)) is not None:
            yield moment, out
