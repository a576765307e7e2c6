"""The people who were enrolled on this machine: a folder each, and what a command's ID can be.

NAME/identity.safetensors   who they are; see `generator.identity_file`
NAME/thumbnail.png          to look at; nothing reads it
NAME/reference.png          likewise
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
from PIL import Image

from generator.identity_file import (
    ARCFACE,
    FILE_SUFFIXES,
    WIDTH,
    Identity,
    IdentityError,
    checked_name,
    decode,
    encode,
    unit,
    write_whole,
)
from generator.shots import ShotError

__all__ = ["Enrolled", "Identity", "IdentityError", "IdentityStore", "average", "embedding_of", "read_embedding"]

FILE, THUMBNAIL, REFERENCE = "identity.safetensors", "thumbnail.png", "reference.png"


class IdentityStore:
    """The identities in `folder`, by default the user's own. Read anew at every call: others may write meanwhile."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(platformdirs.user_data_dir("facebridge")) / "identities"

    def names(self) -> tuple[str, ...]:
        """Everybody who is enrolled, in alphabetical order; () where the folder is not there yet."""
        return tuple(sorted(self._places(), key=lambda name: (name.casefold(), name)))

    def place(self, name: str) -> Path:
        """The folder of somebody enrolled. Raises IdentityError naming those there are."""
        places = self._places()
        found = places.get(unicodedata.normalize("NFC", name))
        if found is None:
            if not places:
                raise IdentityError(f"nobody is enrolled in {self.folder} yet: `facebridge enroll` adds people")
            there = ", ".join(self.names())
            raise IdentityError(f"nobody called {name!r} is enrolled in {self.folder}: there are {there}")
        return found

    def read(self, name: str) -> Identity:
        """Raises IdentityError: nobody by this name, or a damaged file."""
        return self._open(name)[0]

    def write(self, identity: Identity, thumbnail: np.ndarray | None = None) -> None:
        """Add the person, or replace the one by that name; `thumbnail` is uint8 RGB, at most 512 × 512."""
        self._check_twin(identity.name)
        place = self._places().get(identity.name, self.folder / identity.name)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # faces are their owners' affair
            place.mkdir(mode=0o700, exist_ok=True)
            for name, picture in ((THUMBNAIL, thumbnail), (REFERENCE, identity.reference)):
                if picture is not None:
                    write_whole(place / name, _png(picture))
                else:
                    (place / name).unlink(missing_ok=True)
        except OSError as error:
            raise IdentityError(f"{place} cannot be written: {error.strerror or error}") from None
        write_whole(place / FILE, encode(identity, thumbnail))  # last: from here on they are enrolled

    def remove(self, name: str) -> None:
        """Forget somebody; what else lies in their folder stays. Raises IdentityError."""
        place = self.place(name)
        try:
            for file in (FILE, THUMBNAIL, REFERENCE):
                (place / file).unlink(missing_ok=True)
            if not any(place.iterdir()):
                place.rmdir()
        except OSError as error:
            raise IdentityError(f"{error.filename} cannot be removed: {error.strerror}") from None

    def export_to(self, name: str, path: Path) -> None:
        """Somebody as one file to take elsewhere. Raises IdentityError."""
        write_whole(path, encode(*self._open(name)))

    def import_from(self, path: Path, name: str = "", overwrite: bool = False) -> Identity:
        """Enrol the person in a file, under `name` or their own. Raises IdentityError, also if the name is taken."""
        found, thumbnail = decode(path)
        try:
            for shot in found.shots:
                _ = shot.picture  # or it would be found damaged on stage
        except ShotError as error:
            raise IdentityError(f"{path} is damaged: a shot is {error}") from None
        identity = replace(found, name=name) if name else found
        if not overwrite:
            self.check_free(identity.name)
        self.write(identity, thumbnail)
        return identity

    def check_free(self, name: str) -> None:
        """IdentityError if somebody by this name is enrolled, or the name cannot be one."""
        if checked_name(name) in self._places():
            raise IdentityError(f"{name!r} is enrolled already in {self.folder}: choose another name, or add --replace")
        self._check_twin(name)

    def _open(self, name: str) -> tuple[Identity, np.ndarray | None]:
        place = self.place(name)
        identity, thumbnail = decode(place / FILE)
        return replace(identity, name=place.name), thumbnail  # folders get renamed by hand

    def _check_twin(self, name: str) -> None:
        """Names that differ in case alone are one folder on Windows and macOS."""
        twin = next((other for other in self._places() if other.casefold() == name.casefold() and other != name), "")
        if twin:
            raise IdentityError(f"{name!r} and {twin!r}, who is enrolled, would be one folder on some systems")

    def _places(self) -> dict[str, Path]:
        try:
            folders = [entry for entry in self.folder.iterdir() if (entry / FILE).is_file()]
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise IdentityError(f"{self.folder} cannot be read: {error.strerror}") from None
        named = {}
        for entry in folders:
            with suppress(IdentityError):  # not a name that anybody could be enrolled by
                named[checked_name(entry.name)] = entry
        return named


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A model's `People`: those in a store whose embeddings its own encoder made."""

    store: IdentityStore
    encoder: str

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.store.names() if self._made(name))

    def read(self, name: str, also: Sequence[str] = ()) -> Identity:
        """Raises IdentityError: nobody by this name, beside whom `also` are there, or one of another encoder."""
        if also and name not in self.store.names():
            there = ", ".join(dict.fromkeys((*also, *self.names())))
            raise IdentityError(f"no identity {name!r}; this model has {there}")
        identity = self.store.read(name)
        check_encoder(identity, self.encoder)
        return identity

    def _made(self, name: str) -> bool:
        try:
            return self.store.read(name).encoder == self.encoder
        except IdentityError:  # damaged, or removed a moment ago: told when somebody asks for them
            return False


def check_encoder(identity: Identity, encoder: str) -> None:
    """IdentityError unless `encoder` made the embedding."""
    if identity.encoder == encoder:
        return
    model = "the published model" if identity.encoder == ARCFACE else "the compact model, or another training of it"
    raise IdentityError(
        f"{identity.name!r} was enrolled for {model} (encoder {identity.encoder}), and this model takes {encoder}: "
        "enrol their picture again with --model naming this one"
    )


def embedding_of(source: str, models: Path | None, store: IdentityStore) -> np.ndarray:
    """Unit float32 (512,) of somebody enrolled, of a `.npy` of 512 numbers, or of the largest face in a photograph,
    which `models` (the published model's folder) is needed for. Raises an Explained saying what else it could be.
    """
    path = Path(source)
    if source in store.names():
        return Enrolled(store, ARCFACE).read(source).embedding
    if path.suffix.lower() == ".npy":
        return read_embedding(path)
    if path.is_file() or path.suffix.lower() in FILE_SUFFIXES:
        return _in_photograph(path, models)
    there = ", ".join(store.names()) or "nobody"
    raise IdentityError(f"{source!r} is neither a photograph, nor a .npy, nor enrolled; enrolled are: {there}")


def read_embedding(path: Path) -> np.ndarray:
    """A `.npy` of 512 numbers as unit float32 (512,). Raises IdentityError."""
    try:
        numbers = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise IdentityError(f"there is no file {path}") from None
    except (OSError, ValueError, EOFError) as error:
        raise IdentityError(f"{path} is no .npy of {WIDTH} numbers: {error}") from None
    if not isinstance(numbers, np.ndarray):
        raise IdentityError(f"{path} holds several arrays; an embedding is one of 512 numbers, kept with np.save")
    return unit(numbers.reshape(-1) if numbers.size == WIDTH else numbers, str(path))


def average(embeddings: Sequence[np.ndarray]) -> np.ndarray:
    """The unit float32 (512,) in the middle of unit embeddings. Raises IdentityError where they cancel out."""
    return unit(np.mean(np.stack(embeddings).astype(np.float64), axis=0), "the mean of the photographs")


def _in_photograph(path: Path, models: Path | None) -> np.ndarray:
    from generator.photo import FaceReader, PhotoError, faces_in

    if models is None:
        raise PhotoError(f"{path} is read with the face networks of the published model: name its folder with --model")
    return faces_in(path, FaceReader(models)).faces[0].embedding


def _png(picture: np.ndarray) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(picture).save(encoded, "PNG")
    return encoded.getvalue()
