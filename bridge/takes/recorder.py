"""Records a performance while it runs: the curves as they came and as they went out, and the pictures.

Only the recording's own thread waits for a disk, and nothing raises for its sake: a disk that is full ends the
recording, not the performance. What was given up to a moment ago can be opened whatever happens to the process.
"""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bridge.capture.sample import Sample
from bridge.clock import now
from bridge.takes.backlog import Backlog, Row
from bridge.takes.reel import CAME, WENT, Reel
from bridge.takes.sidecar import COMPLETE, ENDED, RECORDING, Sidecar
from bridge.takes.slate import MOST_TAKES, next_take, safe_name, take_name
from bridge.takes.take import TakeError

SECOND = 1_000_000  # µs
PATIENCE = 10.0  # s that `close` waits for a disk
ATTEMPTS = 5  # at the last word: Windows keeps a file from being replaced while somebody looks at it
PICTURES = ("mp4", "png", "")


class Recorder:
    """One recording of one subject, from when it is made until `close`. Any thread may call it, and no call but `close`
    waits.

    take_number: None takes the next that is free in `folder`; TakeError where one is not, or nothing can be written.
    name: what the files are called instead of slate, number and subject.
    pictures: "mp4", "png" or "" for none. Pictures with alpha become PNGs in any case.
    """

    def __init__(
        self,
        folder: str | Path,
        slate: str = "take",
        take_number: int | None = None,
        subject: str = "",
        *,
        source: str = "",
        preset: str = "",
        app: str = "",
        pictures: str = "mp4",
        name: str = "",
    ) -> None:
        if pictures not in PICTURES:
            raise TakeError(f'pictures are recorded as "mp4", "png" or "" (not at all), not {pictures!r}')
        facts = Sidecar(slate, take_number or 0, subject, "", source, preset, app, started=_utc())
        self.trouble = ""
        """Why it ended early, in a sentence; "" while all is well."""
        self._kind = pictures
        self._reel = _reel(_folder(folder), facts, take_number, name, pictures)
        self._backlog = Backlog()
        self._told: dict[str, str] = {}
        self._seconds = 0.0
        self._first: int | None = None
        self._over = False
        self._noted = 0
        self._thread = threading.Thread(target=self._write, name=f"recording {self.name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """What its files are called, up to their suffixes."""
        return self._reel.stem.name

    @property
    def take_number(self) -> int:
        return self._reel.facts.take

    @property
    def files(self) -> dict[str, Path]:
        """By what is in them: "came", "went", "log", "sidecar", and "pictures" once there are some."""
        return self._reel.files

    @property
    def state(self) -> str:
        """ "recording", "complete" or "ended early"."""
        if self.trouble:
            return ENDED
        return COMPLETE if self._over else RECORDING

    @property
    def frames(self) -> int:
        """Rows written: of what came, or of what went out where nothing came."""
        return self._reel.came.rows or self._reel.went.rows

    @property
    def missed(self) -> int:
        """Rows and pictures that were left out because disk or encoder did not keep up."""
        return sum(self._backlog.missed.values())

    @property
    def seconds(self) -> float:
        """From the first row to the last."""
        return self._seconds

    @property
    def timecode(self) -> str:
        """Of the last row written, "" before the first."""
        return self._reel.came.last or self._reel.went.last

    @property
    def status(self) -> str:
        """How it stands, in a short sentence."""
        missed = f", {self.missed} missed" if self.missed else ""
        return self.trouble or f"{self.name}: {self.state}, {self.seconds:.0f} s, {self.frames} frames{missed}"

    def add(self, raw: Sample | None, out: Sample | None, captured: int) -> None:
        """A frame as it came and as it went out, one alone where they do not pair; `captured` µs of `clock.now`."""
        if self.state != RECORDING:
            return
        self._first = captured if self._first is None else self._first
        self._seconds = (captured - self._first) / SECOND
        for sample in filter(None, (raw, out)):
            if sample.device and "device" not in self._told:
                self.describe(device=sample.device)
        self._backlog.add_rows(
            [_row(which, each, captured) for which, each in ((CAME, raw), (WENT, out)) if each is not None]
        )

    def picture(self, pixels: np.ndarray, captured: int) -> None:
        """A picture, uint8 (height, width, 3) RGB or (height, width, 4) RGBA, of what was captured then."""
        if self._kind and self.state == RECORDING:
            self._backlog.add_picture((pixels, captured))

    def describe(self, **facts: str) -> None:
        """What the sidecar is to say from now on: subject, device, source, preset or app."""
        self._told = self._told | facts

    def close(self) -> None:
        """End the recording, and wait until it is on the disk. Twice is no fault."""
        self._backlog.close()
        self._thread.join(PATIENCE)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _write(self) -> None:
        try:
            while not self._backlog.done:
                self._step()
        except Exception as error:  # whatever it is, the performance goes on
            self._fail(error)
        try:
            self._reel.close()
        except OSError as error:
            self._fail(error)
        self._over = True
        self._note_last()

    def _step(self) -> None:
        rows, pictures = self._backlog.take(SECOND / 2e6)
        for row in rows:
            self._reel.row(*row)
        for picture in pictures:
            self._reel.picture(*picture)
        if now() - self._noted > SECOND:
            self._noted = now()
            with suppress(OSError):  # the next one will do; a full disk is told by the rows
                self._note(RECORDING)

    def _fail(self, error: Exception) -> None:
        if self.trouble:
            return
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        self.trouble = (
            f"the recording of {self.name} ended early: {reason}; what came before is in {self._reel.stem.parent}"
        )
        self._backlog.close()

    def _note_last(self) -> None:
        for attempt in range(ATTEMPTS):
            try:
                self._note(self.state, ended=_utc(), trouble=self.trouble)
                return
            except OSError as error:  # the note of a moment ago stays
                if attempt == ATTEMPTS - 1:
                    self._fail(error)
            time.sleep(0.1)

    def _note(self, state: str, **facts: str) -> None:
        self._reel.missed = self._backlog.missed
        self._reel.note(state=state, **self._told, **facts)


def _row(which: str, sample: Sample, captured: int) -> Row:
    """What came without a face has no values; what went out always has."""
    values = np.concatenate([sample.curves, sample.eyes]).astype(np.float32)
    usable = (sample.tracked or which == WENT) and bool(np.isfinite(values).all())
    return which, values if usable else None, sample.timecode, sample.rate, captured


def _folder(path: str | Path) -> Path:
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TakeError(f"cannot record in {folder}: {error.strerror or error}") from None
    return folder


def _reel(folder: Path, facts: Sidecar, number: int | None, name: str, kind: str) -> Reel:
    """The files of this take; those of the next number where somebody else takes the same one at this moment."""
    if number is not None and not 0 <= number <= MOST_TAKES:
        raise TakeError(f"a take's number is 0 to {MOST_TAKES}, not {number}")
    taken = number if number is not None else 0 if name else next_take(folder, facts.slate)
    while True:
        called = (
            (name if Path(name).name == name else safe_name(name))
            if name
            else take_name(facts.slate, taken, facts.subject)
        )
        try:
            return Reel(folder, called, kind, _midnight(), facts, taken)
        except FileExistsError as error:
            if name or number is not None or taken >= MOST_TAKES:
                free = "" if name else f"; the next free take is {next_take(folder, facts.slate)}"
                raise TakeError(f"{error.filename} is there already, and no recording is written over{free}") from None
        except OSError as error:
            raise TakeError(f"cannot record in {folder}: {error.strerror or error}") from None
        taken += 1


def _midnight() -> float:
    """Seconds since midnight, here, when `clock.now` was 0."""
    here = datetime.now()
    return (here - here.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() - now() / SECOND


def _utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
