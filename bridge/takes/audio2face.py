"""Audio2Face exports: `{"exportFps": 60.0, "facsNames": [...], "numPoses": p, "numFrames": n, "weightMat": [[...]]}`.

The rows are even in time and have no timecode. Exports of before 2022 have no `exportFps`: 60 is taken.
"""

import json
from pathlib import Path
from typing import Any

from bridge.takes.from_rows import USUAL_RATE, evenly, take_of
from bridge.takes.json_text import columns, number_list, read_object, write_lines
from bridge.takes.retime import at_rate, even_rate
from bridge.takes.take import Take, TakeError


def read_audio2face(path: str | Path) -> Take:
    """Read such a file. Raises TakeError."""
    return audio2face(Path(path), read_object(Path(path)))


def audio2face(path: Path, data: dict[str, Any]) -> Take:
    """The take of an object that was read from `path`. Raises TakeError."""
    missing = [key for key in ("facsNames", "weightMat") if key not in data]
    if missing:
        raise TakeError(f"{path} has no {' and no '.join(missing)}, as an Audio2Face export has")
    names, rows = data["facsNames"], data["weightMat"]
    for key, held, what in (("numFrames", rows, "rows in weightMat"), ("numPoses", names, "names in facsNames")):
        if isinstance(held, list) and data.get(key, len(held)) != len(held):
            raise TakeError(f"{path} says {key} {str(data[key])[:24]} and has {len(held)} {what}")
    times = evenly(path, len(rows) if isinstance(rows, list) else 0, data.get("exportFps", USUAL_RATE))
    return take_of(path, names, rows, times, where="row")


def write_audio2face(take: Take, path: str | Path) -> None:
    """Write a take. One that is not even in time is brought to the usual rate nearest to its own. Raises TakeError."""
    rate, even = even_rate(take)
    names, values = columns(take if even else at_rate(take, rate))
    facts = {"exportFps": rate, "trackPath": "", "numPoses": len(names), "numFrames": len(values), "facsNames": names}
    head = json.dumps(facts)[:-1] + ',\n "weightMat": [\n'
    write_lines(Path(path), [head, ",\n".join(map(number_list, values)), "\n]}\n"])
