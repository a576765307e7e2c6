"""Takes of any kind: told apart by what is in the file, written by its suffix or by a name of the kind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bridge.takes.arkit_rows import arkit_rows, write_arkit_rows
from bridge.takes.audio2face import audio2face, write_audio2face
from bridge.takes.from_rows import made_codes
from bridge.takes.json_text import read_object
from bridge.takes.live_link_csv import read_take, write_take
from bridge.takes.npz import read_npz, write_npz
from bridge.takes.sidecar import read_sidecar, sidecar_path
from bridge.takes.take import Take, TakeError
from bridge.takes.timecode import BASES, USUAL_BASE, deduce_base, parse_timecode, to_seconds

KINDS = {
    "livelink": "Live Link Face CSV, .csv",
    "arkit": "ARKit rows as JSON, .json",
    "audio2face": "Audio2Face JSON, .a2f.json",
    "npz": "numpy archive, .npz",
}
SUFFIXES = {".csv": "livelink", ".a2f.json": "audio2face", ".json": "arkit", ".npz": "npz"}
FILMS = (".mp4", ".mov", ".m4v", ".png")
AGREEMENT = 0.002  # s


def read_any_take(path: str | Path) -> Take:
    """Read a take, whatever its suffix says. TakeError tells in one sentence what is wrong with it.

    Of our own recordings the sidecar tells what the timecode counts in.
    """
    return read_kind(path)[1]


def read_kind(path: str | Path) -> tuple[str, Take]:
    """The kind, of `KINDS`, and the take. Raises TakeError."""
    path = Path(path)
    head = _head(path)
    if head.startswith(b"PK"):
        return "npz", read_npz(path)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _read_json(path)
    if head.startswith(b"\x93NUMPY"):
        raise TakeError(f"{path} is a single array without names; a take is an .npz with curves, names and times")
    if path.suffix.lower() in FILMS:
        raise TakeError(f"{path} holds pictures, no curves; those of a recording are in the .csv beside it")
    return "livelink", read_take(path, _recorded_base(path))


def write_any_take(take: Take, path: str | Path, kind: str = "") -> None:
    """Write a take as `kind` of `KINDS`, or as the suffix says. Raises TakeError.

    A CSV has its timecodes for times: where those of the take do not tell its times, it gets new ones.
    """
    writers: dict[str, Callable[[Take, Path], None]] = {
        "livelink": lambda take, path: write_take(timed(take), path),
        "arkit": write_arkit_rows,
        "audio2face": write_audio2face,
        "npz": write_npz,
    }
    kind = kind or kind_of(path)
    if kind not in writers:
        raise TakeError(f"{kind!r} is no kind of take; there are {', '.join(KINDS)}")
    writers[kind](take, Path(path))


def kind_of(path: str | Path) -> str:
    """The kind that a file of this name is written as. Raises TakeError."""
    name = Path(path).name.lower()
    kind = next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), "")
    if not kind:
        raise TakeError(f"{path}: a take is written as {', '.join(SUFFIXES)}; or name the kind: {', '.join(KINDS)}")
    return kind


def timed(take: Take) -> Take:
    """The take with timecodes that read back to its times: its own, if they do."""
    if _tell(take.timecodes, take.times):
        return take
    start = _first_second(take.timecodes)
    # Of frames that are few and uneven a reader may take the base for another.
    made = (made_codes(start + take.times, base) for base in (USUAL_BASE, *BASES))
    codes = next((codes for codes in made if _tell(codes, take.times)), made_codes(start + take.times))
    return replace(take, timecodes=codes)


def _tell(codes: Sequence[str], times: np.ndarray) -> bool:
    """Whether a reader finds these times, float64 (n,) from the first frame, in the timecodes."""
    try:
        stamps = [parse_timecode(code) for code in codes]
    except ValueError:
        return False
    seconds = to_seconds(stamps, deduce_base(stamps))
    told = seconds - seconds[0]
    return bool((np.diff(told) > 0).all() and np.abs(told - times).max() < AGREEMENT)


def _first_second(codes: Sequence[str]) -> int:
    try:
        return parse_timecode(codes[0]).second
    except ValueError:
        return 0


def _read_json(path: Path) -> tuple[str, Take]:
    data = read_object(path)
    if "facsNames" in data or "weightMat" in data:
        return "audio2face", audio2face(path, data)
    if "names" in data or ("frames" in data and not isinstance(data["frames"], dict)):
        return "arkit", arkit_rows(path, data)
    if "facebridge" in data:
        raise TakeError(f"{path} is the sidecar of a recording, whose curves are in the .csv beside it")
    found = ", ".join(map(repr, list(data)[:4])) or "nothing"
    raise TakeError(f"{path} is JSON, but no take: names and frames, or facsNames and weightMat, not {found}")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(256)
    except FileNotFoundError:
        raise TakeError(f"there is no take at {path}") from None
    except OSError as error:
        raise TakeError(f"cannot read {path}: {error.strerror or error}") from None


def _recorded_base(path: Path) -> int | None:
    """What the sidecar says that the timecode counts in; None without one."""
    try:
        sidecar = read_sidecar(sidecar_path(path))
    except TakeError:
        return None
    base = sidecar.timecode.get("base")
    return base if path.name in sidecar.files.values() and isinstance(base, int) and 0 < base <= 1000 else None
