"""Slates and take numbers: what the files of a take are called, on every system's disk."""

import re
import unicodedata
from pathlib import Path

LONGEST = 60  # characters of a slate or a subject: with folder, number and suffix Windows takes 259 in all
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")}
"""Names that Windows keeps for devices, whatever follows after a dot."""

MOST_TAKES = 999_999


def safe_name(text: str, otherwise: str = "take") -> str:
    """`text` as a file name that Windows, macOS and Linux take alike; `otherwise` where nothing of it is left."""
    plain = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    name = " ".join(FORBIDDEN.sub("-", plain).split())[:LONGEST].strip(". ").lstrip("-")
    if not name:
        return otherwise
    return f"{name}-" if name.split(".")[0].strip().casefold() in DEVICES else name


def take_name(slate: str, number: int, subject: str = "") -> str:
    """`scene 4_007`, or `scene 4_007_Anna` where several perform."""
    name = f"{safe_name(slate)}_{number:03d}"
    return f"{name}_{safe_name(subject, 'subject')}" if subject else name


def next_take(folder: str | Path, slate: str) -> int:
    """One more than the highest take of `slate` in `folder`, 1 where there is none; case does not matter."""
    taken = re.compile(re.escape(safe_name(slate).casefold()) + r"_(\d{1,6})(?=[_.]|$)")
    try:
        names = [unicodedata.normalize("NFC", path.name).casefold() for path in Path(folder).iterdir()]
    except OSError:
        return 1
    numbers = [int(found[1]) for name in names if (found := taken.match(name))]
    return min(max(numbers, default=0) + 1, MOST_TAKES)
