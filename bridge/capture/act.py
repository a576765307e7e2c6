"""One source's performance: its samples through the chain to the server, the pictures back, all of it recorded."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from bridge.capture.inbox import Inbox
from bridge.capture.sample import Sample
from bridge.capture.tally import SECOND, Tally
from bridge.clock import now
from bridge.performance.chain import Chain
from bridge.performance.watched import WatchedPreset
from bridge.performer import Performer
from bridge.received import ReceivedPicture
from bridge.takes.recorder import Recorder

IDLE_RATE = 60  # looks a second at a face that eases to neutral, where the chain sets no rate
IDLE = SECOND // 10  # µs without a sample, after which the chain is asked what goes out
LOOK = SECOND  # µs between looks at the preset's file


@dataclass(frozen=True, slots=True)
class Shown:
    """How it stands with the pictures. `latency` in ms, from a packet's arrival to its picture; None before one."""

    status: str = ""
    colour: str = "grey"
    fps: int = 0
    latency: float | None = None
    sent: int = 0
    pictures: int = 0
    dropped: int = 0
    repeated: int = 0
    calibration: str = ""
    recording: str = ""


class Act:
    """In a thread of its own from `start` to `stop`. Without a `performer` nothing is drawn."""

    def __init__(
        self, name: str, inbox: Inbox, tally: Tally, preset: WatchedPreset | None, performer: Performer | None
    ) -> None:
        self.shown = Shown()
        """Replaced several times a second."""
        self.recorder: Recorder | None = None
        """What records at the moment; any thread may set it."""
        self.watch: Callable[[ReceivedPicture], None] = lambda picture: None
        """Called with every picture, in this thread."""
        self._inbox = inbox
        self._tally = tally
        self._preset = preset
        self._chain = Chain(preset.preset) if preset else Chain()
        self._performer = performer
        self._thread = threading.Thread(target=self._run, name=f"facebridge-{name}", daemon=True)
        self._stopping = False
        self._calibrate = False
        self._arrived = 0  # when the last sample did
        self._due = 0  # when the next frame goes out
        self._looked = 0
        self._missed = 0  # samples, as far as they have been told
        self._last: Sample | None = None  # that went out

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye to the server and end."""
        self._stopping = True
        self._inbox.ring()
        self._thread.join()
        self._inbox.close()
        if self.recorder:
            self.recorder.close()
            self.shown = replace(self.shown, recording=self.recorder.status)

    @property
    def timecode(self) -> str:
        """Of the last frame that went out; "" before one, and from a source without."""
        return self._last.timecode if self._last else ""

    def calibrate(self) -> None:
        """Begin the countdown to the neutral face, with the next sample."""
        self._calibrate = True

    def _run(self) -> None:
        if self._performer is None:
            self._loop()
            return
        self._performer.watch(self._inbox)
        with self._performer:
            self._loop()

    def _loop(self) -> None:
        while not self._stopping or len(self._inbox):  # what has come is recorded, also at the end
            try:
                self._turn()
            except Exception as error:  # one frame is lost, not the performance
                self._tally.note("fault", f"the performance failed: {type(error).__name__}: {error}")

    def _turn(self) -> None:
        picture = self._wait(max(0, self._due - now()) / SECOND)
        for sample, arrived in self._inbox.drain():
            self._take(sample, arrived)
        time = now()
        if time >= self._due:
            self._beat(time)
        if picture is not None:
            self._show(picture)
        if time - self._looked > LOOK:
            self._looked = time
            self._look()

    def _wait(self, seconds: float) -> ReceivedPicture | None:
        if self._performer:
            return self._performer.receive(timeout=seconds)
        self._inbox.wait(seconds)
        return None

    def _take(self, sample: Sample, arrived: int) -> None:
        if self._calibrate and sample.tracked:
            self._calibrate = False
            self._chain.calibrate(arrived / SECOND)
        self._arrived = arrived
        out = self._chain.take(sample, arrived / SECOND)
        if self._chain.rate:
            self._record(sample, None, arrived)
        else:
            self._send(sample, out, arrived)

    def _beat(self, time: int) -> None:
        """What goes out by the clock: at the chain's rate, or when a source without one has fallen silent."""
        rate = self._chain.rate or IDLE_RATE
        self._due = max(self._due + int(SECOND / rate), time)
        if self._chain.rate or time - self._arrived > IDLE:
            out = self._chain.at(time / SECOND)
            if out is not None and (self._chain.rate or out is not self._last):
                self._send(None, out, time)
        self.shown = self._stand(time)

    def _send(self, raw: Sample | None, out: Sample, captured: int) -> None:
        self._last = out
        self._record(raw, out, captured)
        if self._performer and out.tracked:  # without a face there is nothing new to draw
            self._performer.send(out.curves, captured=captured, timecode=out.timecode)
            self.shown = replace(self.shown, sent=self.shown.sent + 1)

    def _record(self, raw: Sample | None, out: Sample | None, captured: int) -> None:
        recorder = self.recorder  # another thread may take it away
        if recorder:
            recorder.add(raw, out, captured)

    def _show(self, picture: ReceivedPicture) -> None:
        self.shown = replace(self.shown, pictures=self.shown.pictures + 1)
        recorder = self.recorder
        if recorder:
            recorder.picture(picture.pixels, picture.captured)
        self.watch(picture)

    def _look(self) -> None:
        """At what was missed, and at the preset's file, which somebody may be editing."""
        if self._inbox.missed > self._missed:
            self._missed = self._inbox.missed
            self._tally.note("too slow", f"{self._missed} frames were passed over: this computer does not keep up")
        if self._preset is None:
            return
        before = self._preset.problem
        if self._preset.look():
            self._chain.change(self._preset.preset)
        if self._preset.problem not in ("", before):
            self._tally.note("preset", self._preset.problem)

    def _stand(self, time: int) -> Shown:
        calibration, recorder = self._chain.calibration(time / SECOND), self.recorder
        shown = replace(
            self.shown,
            calibration=calibration.text if calibration else "",
            recording=recorder.status if recorder else "",
        )
        performer = self._performer
        if performer is None:
            return shown
        return replace(
            shown,
            status=performer.status,
            colour=performer.colour,
            fps=performer.fps,
            latency=performer.latency.total if performer.latency else None,
            dropped=performer.dropped,
            repeated=performer.repeated,
        )
