"""The chain: every step of `bridge.performance`, in their order, over one subject's samples."""

from collections import deque
from dataclasses import replace

import numpy as np

from bridge.capture.sample import Sample
from bridge.performance.channels import values_of, with_values
from bridge.performance.clamp import clamp
from bridge.performance.dead_zone import quieten
from bridge.performance.gain import amplify
from bridge.performance.head import hold_head
from bridge.performance.loss import Endured, endure, is_silent
from bridge.performance.mirror import mirror
from bridge.performance.neutral import Measurement, Progress, measure, progress, relax
from bridge.performance.offset import shift
from bridge.performance.preset import OFF, Preset
from bridge.performance.remap import remap
from bridge.performance.resampling import Moment, resample
from bridge.performance.smoothing import Smoothed, smooth

REMEMBERED = 32  # samples that resampling may look back on


class Chain:
    """What is done to one subject's performance. For one thread; it has no clock, times are passed in.

    `take` each sample as it comes: what it returns can go out at once. If `rate` is not 0, or the source may fall
    silent, call `at` as often as something goes out.
    """

    def __init__(self, preset: Preset = OFF) -> None:
        self.preset = preset
        self._measurement: Measurement | None = None
        self._measured: np.ndarray | None = None
        self._smoothed: Smoothed | None = None
        self._endured: Endured | None = None
        self._recent: deque[Moment] = deque(maxlen=REMEMBERED)

    @property
    def rate(self) -> float:
        """Frames a second that are to go out; 0: each as it comes."""
        return self.preset.output.rate

    @property
    def neutral(self) -> np.ndarray:
        """The face at rest that is taken away, (61,) of `channels.CHANNELS`: as measured, or as the preset has it."""
        return self.preset.calibration.neutral if self._measured is None else self._measured

    def change(self, preset: Preset) -> None:
        """From the next sample on another preset; what was measured and what the filters remember stays."""
        self.preset = preset

    def calibrate(self, seconds: float) -> None:
        """Begin the countdown, after which the face at rest is measured. Until then the former one stays."""
        self._measurement = Measurement(seconds)

    def forget_neutral(self) -> None:
        """Give up what was measured: the preset's neutral face counts again."""
        self._measurement = self._measured = None

    def calibration(self, seconds: float) -> Progress | None:
        """How the calibration stands; None if none was begun."""
        self._measure(None, seconds)
        return progress(self.preset.calibration, self._measurement, seconds) if self._measurement else None

    def take(self, sample: Sample, seconds: float) -> Sample:
        """The sample as it goes out. `seconds` is when it came; it may jump, repeat and run backwards."""
        preset, values = self.preset, values_of(sample)
        if sample.tracked:
            values = remap(preset.remap, values)
            self._measure(values, seconds)
            values = self._shaped(values)
            values, self._smoothed = smooth(preset.smoothing, self._smoothed, values, seconds)
        values, self._endured = endure(preset.loss, self._endured, values, sample.tracked, seconds)
        # With the loss step on there is always a face to draw, the one held or eased.
        out = with_values(sample, values, sample.tracked or preset.loss.on)
        self._remember(Moment(seconds, out))
        return out

    def at(self, seconds: float) -> Sample | None:
        """What goes out at a time; None before the first sample. A source that fell silent has lost its face.

        The very same object as before where nothing has changed.
        """
        if self._recent and is_silent(self.preset.loss, self._endured, seconds):
            self._fade(self._recent[-1].sample, seconds)
        return resample(self.preset.output, self._recent, seconds)

    def _shaped(self, values: np.ndarray) -> np.ndarray:
        """The steps that remember nothing."""
        preset = self.preset
        values = relax(preset.calibration, self.neutral, values)
        values = quieten(preset.dead_zone, shift(preset.offset, amplify(preset.gain, values)))
        return hold_head(preset.head, mirror(preset.mirror, clamp(preset.clamp, values)))

    def _fade(self, last: Sample, seconds: float) -> None:
        """One step further without a face. While nothing changes the last sample stays the one that goes out."""
        values, self._endured = endure(self.preset.loss, self._endured, values_of(last), False, seconds)
        faded = replace(with_values(last, values, True), oddities=())
        if not np.array_equal(values_of(faded), values_of(last)):
            self._remember(Moment(seconds, faded))

    def _measure(self, values: np.ndarray | None, seconds: float) -> None:
        if self._measurement is None:
            return
        self._measurement = measure(self.preset.calibration, self._measurement, values, seconds)
        if self._measurement.neutral is not None:
            self._measured = self._measurement.neutral

    def _remember(self, moment: Moment) -> None:
        if self._recent and moment.seconds <= self._recent[-1].seconds:  # time repeats or ran backwards
            self._recent.clear()
        self._recent.append(moment)
