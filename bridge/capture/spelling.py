"""The 52 ARKit curves however a sender spells them, and numbers however it writes them."""

import math
import re
from functools import lru_cache

import numpy as np

from protocol.blendshapes import ARKIT52

LARGEST = float(np.finfo(np.float32).max)
LONGEST = 128  # letters of a name worth looking at


def plain(name: str) -> str:
    """`Eye_Blink-Left` and `eyeBlinkLeft` → `eyeblinkleft`."""
    return re.sub(r"[_\-. ]", "", name[:LONGEST]).casefold()


def _spellings() -> dict[str, int]:
    """Each curve under its own name and with L or R for its side: `mouthSmile_L`."""
    long = {plain(name): place for place, name in enumerate(ARKIT52)}
    short = {re.sub("(left|right)$", lambda side: side[0][0], name): place for name, place in long.items()}
    return short | long


PLACES = _spellings()


@lru_cache(maxsize=1024)
def place_of(name: str) -> int | None:
    """Where a curve stands in ARKIT52; None if it is none of them."""
    return PLACES.get(plain(name))


def number(value: object) -> float:
    """What a packet gave as a number → a float that float32 can hold; NaN for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        result = float(value)
    except OverflowError:
        return math.nan
    return result if abs(result) <= LARGEST else math.nan
