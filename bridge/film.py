"""Pictures on the disk: an MP4 that plays at the take's own times, or a folder of numbered PNGs."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

TICKS = 90_000  # a second: the clock of MPEG, on which 24, 25, 30, 50, 60 and 120 frames a second fall evenly
BT709 = 1
QUALITY = "17"
MP4 = {"movflags": "+faststart", "movie_timescale": str(TICKS)}  # a start time is not rounded to a millisecond
SHOWN = 512


class OutputError(OSError):
    """A film or folder that cannot be written, told in one sentence."""


class Film:
    """An H.264 film, yuv420p, BT.709. It appears at `path` when it is closed: until then it is a `.part` beside it."""

    def __init__(self, path: Path, rate: float) -> None:
        """`rate` in frames a second is a hint for the encoder; each frame brings its own time."""
        self.path = path
        self.frames = 0
        self._part = path.with_name(f"{path.stem}.part{path.suffix}")
        self._rate = Fraction(rate).limit_denominator(1001)
        self._last = -1
        self._stream: VideoStream | None = None
        check_file(path)
        try:
            self._container: Any = av.open(str(self._part), "w", format="mp4", options=MP4)
        except (OSError, FFmpegError) as error:
            raise OutputError(f"cannot write {path}: {error.strerror or error}") from None

    def add(self, image: np.ndarray, seconds: float) -> None:
        """One frame, uint8 (height, width, 3) RGB of even size, shown from `seconds` on; times must rise."""
        stream = self._stream = self._stream or self._open(*image.shape[1::-1])
        # One thread: on a busy machine a pool for each picture costs a hundred times what it saves.
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, threads=1
        )
        frame.pts = self._last = max(round(seconds * TICKS), self._last + 1)
        frame.time_base = Fraction(1, TICKS)
        self._mux(stream.encode(frame))
        self.frames += 1

    def close(self) -> None:
        """Finish the film. Without a frame there is none."""
        try:
            if self._stream is not None:
                self._mux(self._stream.encode())
            self._container.close()
            if self.frames:
                self._part.replace(self.path)
            else:
                self._part.unlink(missing_ok=True)
        except (OSError, FFmpegError) as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}") from None

    def _open(self, width: int, height: int) -> VideoStream:
        stream = self._container.add_stream("libx264", rate=self._rate, options={"crf": QUALITY, "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        stream.codec_context.max_b_frames = 0  # reordered frames blur the times of an uneven film, its length above all
        # Untagged, a player guesses the matrix from the size, and skin turns green or red.
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = ColorRange.MPEG
        return stream

    def _mux(self, packets: list[av.Packet]) -> None:
        try:
            for packet in packets:
                self._container.mux(packet)
        except (OSError, FFmpegError) as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}") from None

    def discard(self) -> None:
        """Leave no film behind."""
        self.frames, self._stream = 0, None
        self.close()

    def __enter__(self) -> "Film":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close() if error is None else self.discard()


def prepare_folder(path: Path) -> None:
    """Make the folder if need be, and make sure that it takes files."""
    _probe(path, f"to the folder {path}")


def check_file(path: Path) -> None:
    """Make sure that a file can be written at `path` later; nothing is left there now."""
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder")
    _probe(path.parent, str(path))


def _probe(folder: Path, named: str) -> None:
    probe = folder / ".facebridge.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(f"cannot write {named}: {error.strerror or error}") from None


def write_png(folder: Path, sequence: int, pixels: np.ndarray) -> None:
    """`pixels` uint8 (height, width, 3) RGB or (height, width, 4) RGBA → `folder/000042.png`, by sequence number."""
    path = folder / f"{sequence:06d}.png"
    order = cv2.COLOR_RGB2BGR if pixels.shape[-1] == 3 else cv2.COLOR_RGBA2BGRA
    encoded, data = cv2.imencode(".png", cv2.cvtColor(pixels, order))
    assert encoded  # PNG takes any picture
    try:
        path.write_bytes(data.tobytes())  # imwrite knows neither every path of Windows nor the reason of a failure
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None


def enlarge(pixels: np.ndarray, side: int = SHOWN) -> np.ndarray:
    """A square picture at `side` pixels by Lanczos, or as it is if it is larger; the sides stay even, as H.264 asks."""
    side = max(side, len(pixels) + len(pixels) % 2)
    if len(pixels) == side:
        return pixels
    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_LANCZOS4)
