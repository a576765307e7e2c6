"""Takes of noise, and a strategy of them: uneven in time, beyond 0 to 1, with what floats have of oddities."""

import numpy as np
from hypothesis import strategies as st

from bridge.takes import Take
from bridge.takes.timecode import format_timecode
from protocol.blendshapes import ARKIT55

ODDITIES = (0.0, -0.0, 1.0, 1.1, -0.3, 1e-45, 1.17e-38, 3.4028235e38, -3.4028235e38, 0.1, 1 / 3)


def noise(frames: int, seed: int = 1, rate: float = 60.0) -> Take:
    """An even take of noise."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames) / rate
    codes = tuple(format_timecode(3600 + second) for second in times)
    curves = rng.uniform(-0.3, 1.2, (frames, len(ARKIT55))).astype(np.float32)
    return Take("noise", times, codes, curves, rng.normal(0, 0.2, (frames, 6)).astype(np.float32))


@st.composite
def takes(draw: st.DrawFn) -> Take:
    """Any take that a phone could have recorded, on a base of 60, its times as its timecodes tell them."""
    steps = draw(st.lists(st.integers(20, 200_000), min_size=1, max_size=8))
    ticks = draw(st.integers(0, 3600 * 23)) * 60_000 + np.concatenate([[0], np.cumsum(steps)])
    seconds = ticks / 60_000
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = rng.uniform(-0.5, 1.5, (len(ticks), len(ARKIT55) + 6)).astype(np.float32)
    odd = draw(st.lists(st.tuples(st.integers(0, len(ticks) - 1), st.integers(0, 60), st.sampled_from(ODDITIES))))
    for row, column, value in odd:
        values[row, column] = value
    codes = tuple(format_timecode(second) for second in seconds)
    return Take("noise", seconds - seconds[0], codes, values[:, :55].copy(), values[:, 55:].copy())


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two float32 arrays are alike to the sign of their noughts."""
    return one.dtype == other.dtype == np.float32 and one.tobytes() == other.tobytes()
