"""ARKit rows as JSON: `{"names": [...], "frames": [{"weights": [...], "time": s, "rotation": []}, ...]}`.

So the BEAT data set has them, and tools made for it. A frame may also be the list of weights alone; then `times` and
`timecodes` stand beside `frames`, or `fps`, 60 without. Ours are `timecode` in a frame, and head and eye rotations
among the names, in radians.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from bridge.takes.from_rows import USUAL_RATE, evenly, take_of
from bridge.takes.json_text import columns, number_list, read_object, write_lines
from bridge.takes.take import Take, TakeError


def read_arkit_rows(path: str | Path) -> Take:
    """Read such a file. Raises TakeError."""
    return arkit_rows(Path(path), read_object(Path(path)))


def arkit_rows(path: Path, data: dict[str, Any]) -> Take:
    """The take of an object that was read from `path`. Raises TakeError."""
    missing = [key for key in ("names", "frames") if key not in data]
    if missing:
        raise TakeError(f"{path} has no {' and no '.join(missing)}, as ARKit rows have")
    frames = data["frames"]
    if not isinstance(frames, list) or not any(isinstance(frame, dict) for frame in frames):
        count, codes = len(frames) if isinstance(frames, list) else 0, data.get("timecodes")
        times = data["times"] if "times" in data else evenly(path, count, data.get("fps", USUAL_RATE))
        return take_of(path, data["names"], frames, times, codes if isinstance(codes, list) else None)
    rows = [_weights(path, number, frame) for number, frame in enumerate(frames)]
    times: Any = [frame.get("time") for frame in frames]
    if all(time is None for time in times):
        times = evenly(path, len(frames), data.get("fps", USUAL_RATE))
    return take_of(path, data["names"], rows, times, [frame.get("timecode") for frame in frames])


def write_arkit_rows(take: Take, path: str | Path) -> None:
    """Write a take, times and timecodes with it. Raises TakeError."""
    names, values = columns(take)
    rows = zip(values, take.times, take.timecodes, strict=True)
    lines = [_line(row, float(time), code) for row, time, code in rows]
    head = f'{{"names": {json.dumps(names)},\n "frames": [\n'
    write_lines(Path(path), [head, ",\n".join(lines), "\n]}\n"])


def _weights(path: Path, number: int, frame: Any) -> Any:
    if not isinstance(frame, dict) or "weights" not in frame:
        raise TakeError(f"{path}: frame {number} has no weights")
    return frame["weights"]


def _line(row: np.ndarray, time: float, timecode: str) -> str:
    rest = f'"time": {time!r}, "rotation": [], "timecode": {json.dumps(timecode)}'
    return f'{{"weights": {number_list(row)}, {rest}}}'
