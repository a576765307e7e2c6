"""The pictures of a recording, as they come: a film that plays at any moment, or numbered PNGs.

A film is an MP4 in fragments (ISO/IEC 14496-12, 8.8) of a fifth of a second: each is whole by itself, so that of a film
whose writer was killed all but the last fragment plays. Pictures with alpha become PNGs, for H.264 has none.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from bridge.takes.fragment_file import FragmentFile
from bridge.takes.row_file import RowFile

TICKS = 90_000  # a second: the clock of MPEG
SECOND = 1_000_000  # µs
FRAGMENT = SECOND // 5  # µs
GROUP = 30  # frames from one that stands for itself to the next: a player seeks to those
BT709 = 1
QUALITY = "17"


class Footage(Protocol):
    """Where pictures go. Every method raises OSError where the disk takes no more."""

    path: Path

    def add(self, pixels: np.ndarray, elapsed: int, timecode: str) -> None:
        """A picture, uint8 (height, width, 3) RGB or (height, width, 4) RGBA, of `elapsed` µs since the first row."""

    def close(self) -> None:
        """Finish; whatever was added stays."""


def footage(stem: Path, kind: str, pixels: np.ndarray) -> Footage:
    """The film `stem.mp4`, or where `kind` is "png" or the first picture has alpha the folder `stem.pictures`."""
    if kind == "png" or pixels.shape[2] == 4:
        return PngSequence(stem.with_name(f"{stem.name}.pictures"))
    return FragmentedFilm(stem.with_name(f"{stem.name}.mp4"), pixels.shape[1], pixels.shape[0])


class FragmentedFilm:
    """H.264, yuv420p, BT.709. A picture of another size than the first is scaled to it; alpha that comes later goes."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self.path = path
        self._size = (width + width % 2, height + height % 2)  # as yuv420p asks
        self._last = -1
        # delay_moov, and a movie that counts as its track does: the first picture is shown when it is due, not at 0.
        options = {"movflags": "frag_keyframe+delay_moov+default_base_moof", "frag_duration": str(FRAGMENT)}
        options |= {"movie_timescale": str(TICKS), "flush_packets": "1"}
        self._file = FragmentFile(path)
        self._container: Any = _told(lambda: av.open(self._file, "w", "mp4", options=options))
        self._stream = self._opened()

    def add(self, pixels: np.ndarray, elapsed: int, timecode: str) -> None:
        image: Any = np.ascontiguousarray(pixels[..., :3])
        if image.shape[1::-1] != self._size:
            image = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA)
        # One thread: on a busy machine a pool for each picture costs a hundred times what it saves.
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, threads=1
        )
        frame.pts = self._last = max(elapsed * TICKS // SECOND, self._last + 1)
        frame.time_base = Fraction(1, TICKS)
        _told(lambda: self._container.mux(self._stream.encode(frame)))

    def close(self) -> None:
        try:
            _told(lambda: self._container.mux(self._stream.encode()))
        finally:
            try:
                _told(self._container.close)
            finally:
                self._file.close()

    def _opened(self) -> VideoStream:
        # zerolatency: no picture waits in the encoder for those after it.
        options = {"crf": QUALITY, "preset": "superfast", "tune": "zerolatency", "g": str(GROUP)}
        stream = self._container.add_stream("libx264", rate=60, options=options)
        (stream.width, stream.height), stream.pix_fmt = self._size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        context = stream.codec_context
        context.thread_count = 1
        # Untagged, a player guesses the matrix from the size, and skin turns green or red.
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = ColorRange.MPEG
        return stream


class PngSequence:
    """`000000.png` and so on, and `times.csv` with the seconds and the timecode of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self._times = RowFile(path / "times.csv", "File,Seconds,Timecode\n")

    def add(self, pixels: np.ndarray, elapsed: int, timecode: str) -> None:
        name = f"{self._times.rows:06d}.png"
        order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        encoded, data = cv2.imencode(".png", cv2.cvtColor(pixels, order), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        assert encoded  # PNG takes any picture
        part = self.path / f"{name}.part"  # a PNG is whole or not there
        try:
            part.write_bytes(data.tobytes())
            part.replace(self.path / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        self._times.write(f"{name},{elapsed / SECOND:.6f},{timecode}\n")

    def close(self) -> None:
        self._times.close()


def _told(act: Any) -> Any:
    """What `act` gives; the errors of FFmpeg, of which not all are, as OSError."""
    try:
        return act()
    except FFmpegError as error:
        raise OSError(error.errno, error.strerror or str(error)) from None
