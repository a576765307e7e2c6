"""The files of one recording, open for writing. For one thread, and no clock in it: `recorder.Recorder` has both."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from bridge.takes.footage import Footage, footage
from bridge.takes.live_link_csv import header_line, row_line
from bridge.takes.row_file import RowFile
from bridge.takes.sidecar import Sidecar, sidecar_path, write_sidecar
from bridge.takes.timecoding import Timecodes

LOG_HEADER = "Curves,Row,Captured,Sent,Timecode,Rate\n"
CAME, WENT = "came", "went"


class Curves:
    """One Live Link Face CSV, growing, and the log of when its rows were captured and which timecode they came with."""

    def __init__(self, which: str, path: Path, log: RowFile, anchor: float) -> None:
        self.which = which
        self.untracked = 0
        self.codes = Timecodes(anchor)
        self.first, self.last = "", ""
        self._file = RowFile(path, header_line())
        self._log = log

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def rows(self) -> int:
        return self._file.rows

    def write(self, values: np.ndarray | None, sent: str, rate: float, captured: int) -> None:
        """A row: float32 (61,), None where no face was seen, and the timecode it came with. Raises OSError."""
        code = self.codes.next(sent, rate, captured)
        self._file.write(row_line(code, values))
        self.untracked += values is None
        self.first, self.last = self.first or code, code
        told = sent.replace(",", " ").replace("\n", " ")[:24]
        self._log.write(f"{self.which},{self._file.rows},{captured},{told},{code},{rate:g}\n")

    def close(self) -> None:
        self._file.close()


class Reel:
    """`NAME.csv` as it came, `NAME.out.csv` as it went out, `NAME.log.csv`, `NAME.json`, pictures once some come."""

    def __init__(self, folder: Path, name: str, kind: str, anchor: float, facts: Sidecar, number: int) -> None:
        """Makes the files in `folder`, which exists: take `number`. FileExistsError where one is there, OSError where
        one cannot be written; then none is left behind.
        """
        self.stem = folder / name
        self.facts = replace(facts, take=number)
        self.missed = {"rows": 0, "pictures": 0}
        self._kind = kind
        self._footage: Footage | None = None
        self._pictures = {"written": 0, "early": 0}
        self._captured: tuple[int, int] | None = None
        self._open: list[RowFile | Curves] = []
        try:
            self._open.append(log := RowFile(self._beside(".log.csv"), LOG_HEADER))
            self._open.append(came := Curves(CAME, self._beside(".csv"), log, anchor))
            self._open.append(went := Curves(WENT, self._beside(".out.csv"), log, anchor))
        except BaseException:
            for file in self._open:
                file.close()
                file.path.unlink(missing_ok=True)
            raise
        self.came, self.went = came, went

    def row(self, which: str, values: np.ndarray | None, sent: str, rate: float, captured: int) -> None:
        """A row of what came or of what went out. Raises OSError where the disk takes no more."""
        first = self._captured[0] if self._captured else captured
        self._captured = (first, captured)
        (self.came if which == CAME else self.went).write(values, sent, rate, captured)

    def picture(self, pixels: np.ndarray, captured: int) -> None:
        """A picture of what was captured then; one of before the first row belongs to no take. Raises OSError."""
        if self._captured is None or captured < self._captured[0]:
            self._pictures["early"] += 1
            return
        self._footage = self._footage or footage(self.stem, self._kind, pixels)
        self._footage.add(pixels, captured - self._captured[0], self.went.last or self.came.last)
        self._pictures["written"] += 1

    def note(self, **changes: str) -> None:
        """Write the sidecar as things stand. Raises OSError."""
        self.facts = replace(self.facts, **changes, **self._figures())
        write_sidecar(self.facts, sidecar_path(self.came.path))

    def close(self) -> None:
        """Close every file, whatever becomes of one. Raises the first OSError."""
        files = [*self._open, *([self._footage] if self._footage else [])]
        faults = [fault for file in files if (fault := _closed(file))]
        if faults:
            raise faults[0]

    @property
    def files(self) -> dict[str, Path]:
        """The files by what is in them."""
        files = {CAME: self.came.path, WENT: self.went.path, "log": self._beside(".log.csv")}
        files["sidecar"] = sidecar_path(self.came.path)
        return files | ({"pictures": self._footage.path} if self._footage else {})

    def _figures(self) -> dict[str, dict]:
        first, last = self._captured or (0, 0)
        seconds = (last - first) / 1e6 or np.inf
        counts = {CAME: self.came.rows, WENT: self.went.rows, "pictures": self._pictures["written"]}
        return {
            "timecode": {"first": self.came.first, "last": self.came.last, "base": self.came.codes.base},
            "captured": {"first": first, "last": last},
            "rates": {name: round(max(count - 1, 0) / seconds, 3) for name, count in counts.items()},
            "frames": {
                CAME: self.came.rows,
                WENT: self.went.rows,
                "untracked": self.came.untracked,
                "mended": self.came.codes.mended,
                "missed": self.missed["rows"],
            },
            "pictures": self._pictures | {"missed": self.missed["pictures"]},
            "files": {name: path.name for name, path in self.files.items()},
        }

    def _beside(self, suffix: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}{suffix}")


def _closed(file: RowFile | Curves | Footage) -> OSError | None:
    try:
        file.close()
    except OSError as error:
        return error
    return None
