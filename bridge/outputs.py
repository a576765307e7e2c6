"""Where the pictures of a playback go: nowhere, a film or a folder of PNGs; at once, or when the playback is over."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bridge.film import Film, OutputError, enlarge, prepare_folder, write_png
from bridge.received import ReceivedPicture
from bridge.stage import Stage
from bridge.takes import Take


class Output:
    """Takes pictures in order, and keeps none. Made before a playback, so that a path that fails does so early."""

    def begin(self, identity: str) -> None:
        """The name of who is drawn, before the first picture."""

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        """A picture, and the pictures per second at that moment."""

    def close(self) -> None:
        """Finish."""

    def discard(self) -> None:
        """Leave nothing half-made behind."""


class Folder(Output):
    """Each picture as a PNG, named by its sequence number."""

    def __init__(self, path: Path) -> None:
        prepare_folder(path)
        self.path = path

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        write_png(self.path, picture.sequence, picture.pixels)


class FaceFilm(Output):
    """A film of the face, one frame for each picture, shown at the time that its frame has in the take."""

    def __init__(self, path: Path, take: Take) -> None:
        self.take = take
        self._film = Film(path, 1.0 / take.interval)

    def draw(self, picture: ReceivedPicture, rate: float) -> np.ndarray:
        """The film frame of a picture, uint8 (height, width, 3) RGB."""
        return enlarge(picture.pixels)

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        self._film.add(self.draw(picture, rate), self.take.time_of(picture.sequence))

    def close(self) -> None:
        self._film.close()

    def discard(self) -> None:
        self._film.discard()


class StageFilm(FaceFilm):
    """A film of the face beside its curves."""

    def begin(self, identity: str) -> None:
        self._stage = Stage(self.take, identity)

    def draw(self, picture: ReceivedPicture, rate: float) -> np.ndarray:
        return self._stage.draw(picture, rate)


class Spool:
    """Puts pictures by, raw, in a temporary file, so that filming takes nothing from a playback in real time."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="facebridge-")  # noqa: SIM115
        except OSError as error:
            raise _unspooled(error) from None
        self._pictures: list[tuple[ReceivedPicture, float, tuple[int, ...]]] = []

    def __len__(self) -> int:
        return len(self._pictures)

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        try:
            self._file.write(np.ascontiguousarray(picture.pixels).data)
        except OSError as error:
            raise _unspooled(error) from None
        # A copy of nothing: the few bytes kept must not keep the pixels alive.
        self._pictures.append((replace(picture, pixels=np.empty(0, np.uint8)), rate, picture.pixels.shape))

    def __iter__(self) -> Iterator[tuple[ReceivedPicture, float]]:
        self._file.seek(0)
        for picture, rate, shape in self._pictures:
            data = self._file.read(int(np.prod(shape)))
            yield replace(picture, pixels=np.frombuffer(data, np.uint8).reshape(shape)), rate

    def close(self) -> None:
        self._file.close()


def _unspooled(error: OSError) -> OutputError:
    return OutputError(f"cannot put pictures by in the temporary folder: {error.strerror or error}")
