"""Takes of all sources together: started and stopped at any time, by whoever directs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bridge.capture.act import Act
from bridge.capture.remote import Order, SetSlate, SetTake, StartRecording, StopRecording
from bridge.takes.recorder import Recorder
from bridge.takes.slate import next_take
from bridge.takes.take import TakeError
from bridge.takes.timecode import format_timecode


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is recorded: the performance, and what its files are to say of it."""

    act: Act
    subject: str
    source: str
    preset: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of the first subject: the last timecode, and the names of its curves and its film, "" where there is none."""

    timecode: str = ""
    curves: str = ""
    film: str = ""


class Recording:
    """For one thread. Stopping waits for the disk."""

    def __init__(self, cast: Sequence[Cast], folder: Path) -> None:
        self.slate = "take"
        self.take: int | None = None
        """The number of the next one; None takes the next that is free."""
        self._cast = cast
        self._folder = folder

    @property
    def running(self) -> bool:
        return any(one.act.recorder for one in self._cast)

    def carry_out(self, order: Order) -> Recorded:
        """Do what a director orders. TakeError where nothing can be written, or the take is there already."""
        match order:
            case SetSlate(slate):
                self.slate, self.take = slate, None
            case SetTake(take):
                self.take = take
            case StartRecording(slate, take):
                return self.start(slate or self.slate, self.take if take is None else take)
            case StopRecording():
                return self.stop()
        return Recorded()

    def start(self, slate: str, take: int | None = None) -> Recorded:
        """Begin a take; one that runs ends. Returns the timecode it begins at."""
        self.stop()
        self.slate = slate
        number = next_take(self._folder, slate) if take is None else take
        begun: list[Recorder] = []
        try:
            for one in self._cast:
                subject = one.subject if len(self._cast) > 1 else ""
                begun.append(Recorder(self._folder, slate, number, subject, source=one.source, preset=one.preset))
        except TakeError:
            for recorder in begun:
                recorder.close()
            raise
        for one, recorder in zip(self._cast, begun, strict=True):
            one.act.recorder = recorder
        self.take = number + 1
        return Recorded(self._cast[0].act.timecode or _time_of_day())

    def stop(self) -> Recorded:
        """End the take; without one, nothing."""
        ended = [recorder for one in self._cast if (recorder := one.act.recorder)]
        for one in self._cast:
            one.act.recorder = None
        for recorder in ended:
            recorder.close()
        if not ended:
            return Recorded()
        first, files = ended[0], ended[0].files
        film = files.get("pictures")
        return Recorded(first.timecode, files["came"].name, film.name if film else "")


def _time_of_day() -> str:
    """What a source without timecode is recorded with."""
    today = datetime.now().astimezone()
    return format_timecode((today - today.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds())
