"""One person as one file: a safetensors file that can be kept in the store or mailed.

embedding   float32 (512,), unit length: the person, as an identity encoder sees them
reference   uint8, only where it was asked for: (512, 512, 3) RGB, FFHQ-aligned, of a photograph, or (256, 256, 4) RGBA,
            straight alpha, framed as the compact model draws
thumbnail   uint8 (height, width, 3) RGB, at most 512 × 512, for people to look at
curves, ... further pictures of a known expression, beside a framed reference: see `generator.shots`

The metadata hold `format`, `name`, `photos` (how many photographs the embedding is the mean of), `made` (ISO 8601) and
`encoder`: which network made the embedding, for vectors of different ones say nothing to each other (absent: arcface).
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from generator.errors import Explained
from generator.shots import Shot, ShotError, belongs, shots_in, tensors_of

WIDTH = 512  # numbers of an embedding
TENSORS = ("embedding", "reference", "thumbnail")
REFERENCE, FRAMED = (512, 512, 3), (256, 256, 4)  # shapes of a reference
ARCFACE = "arcface"  # the encoder of the published model
FORMAT = "facebridge identity 1"
NAME_BYTES = 64  # the protocol carries no more
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
FILE_SUFFIXES = (".npy", ".npz", ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".safetensors")


class IdentityError(Explained):
    """An identity that is not there, cannot be kept, or lies in a file that is none; says which and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A person to draw. `reference` is their own picture, to be edited instead of drawn anew; None without one."""

    name: str
    embedding: np.ndarray  # float32 (512,), unit length
    photos: int = 0  # photographs the embedding is the mean of; 0 where it was given as numbers
    reference: np.ndarray | None = None  # uint8 (512, 512, 3) RGB, FFHQ-aligned, or (256, 256, 4) RGBA; see above
    made: str = ""  # ISO 8601
    encoder: str = ARCFACE  # or `IdentityEncoder.name`
    shots: tuple[Shot, ...] = ()  # further pictures, for whom a framed reference is not all

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", checked_name(self.name))
        object.__setattr__(self, "embedding", unit(self.embedding, f"the identity {self.name!r}"))
        wanted = reference_shape(self.encoder)
        if self.reference is not None and (self.reference.shape != wanted or self.reference.dtype != np.uint8):
            found = f"{self.reference.dtype} {self.reference.shape}"
            raise IdentityError(f"the reference of {self.name!r} must be uint8 {wanted}, not {found}")


def reference_shape(encoder: str) -> tuple[int, int, int]:
    """Of the references that go with an encoder's embeddings."""
    return REFERENCE if encoder == ARCFACE else FRAMED


def checked_name(name: str) -> str:
    """The name as it is kept (NFC). Raises IdentityError for one that no folder can have on some system, that no
    message can carry, or that would be taken for a file.
    """
    kept = unicodedata.normalize("NFC", name)
    if not kept or len(kept.encode("utf-8", "replace")) > NAME_BYTES:
        raise IdentityError(f"a name has 1 to {NAME_BYTES} bytes, which {name!r} has not")
    odd = [letter for letter in kept if letter in '<>:"/\\|?*' or not letter.isprintable()]
    if odd or kept[0] in " .-" or kept[-1] in " .":
        what = f"the sign {odd[0]!r}" if odd else "a space, dot or dash at its edge"
        raise IdentityError(f"{name!r} cannot be a name: it has {what}, which cannot be kept as a folder everywhere")
    if kept.split(".")[0].casefold() in DEVICES or kept.casefold().endswith(FILE_SUFFIXES):
        raise IdentityError(f"{name!r} cannot be a name: it would be taken for a file or a device; choose another")
    return kept


def unit(vector: np.ndarray, what: str) -> np.ndarray:
    """The vector as float32 (512,) of unit length. Raises IdentityError calling it `what`."""
    if vector.size != WIDTH or vector.ndim not in (1, 2) or vector.dtype.kind not in "fiu":
        raise IdentityError(f"{what}: an embedding is {WIDTH} numbers, and here is {vector.dtype} {vector.shape}")
    numbers = np.array(vector, np.float64).reshape(WIDTH)
    length = float(np.linalg.norm(numbers))
    if not np.isfinite(length) or length < 1e-6:
        raise IdentityError(f"{what}: the embedding has no direction; its length is {length:g}")
    return (numbers / length).astype(np.float32)


def encode(identity: Identity, thumbnail: np.ndarray | None) -> bytes:
    tensors = dict(zip(TENSORS, (identity.embedding, identity.reference, thumbnail), strict=True))
    metadata = {
        "format": FORMAT, "name": identity.name, "photos": str(identity.photos), "made": identity.made,
        "encoder": identity.encoder,
    }  # fmt: skip
    held = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items() if tensor is not None}
    return save(held | tensors_of(identity.shots), metadata=metadata)


def decode(path: Path) -> tuple[Identity, np.ndarray | None]:
    """The person in a file, and their thumbnail. Raises IdentityError."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            held = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118  (it is no dictionary)
            _check(path, metadata, held)
            tensors = {name: file.get_tensor(name) for name in held if name in TENSORS or belongs(name)}
    except FileNotFoundError:
        raise IdentityError(f"there is no file {path}") from None
    except OSError as error:
        raise IdentityError(f"{path} cannot be read: {error.strerror or error}") from None
    except SafetensorError as error:
        raise IdentityError(f"{path} is no identity or is damaged: {error}") from None
    try:
        shots = shots_in(tensors, metadata["name"])
    except ShotError as error:
        raise IdentityError(f"{path}: {error}") from None
    photos = metadata.get("photos", "")
    identity = Identity(
        name=metadata["name"],
        embedding=unit(tensors["embedding"], str(path)),
        photos=int(photos) if photos.isdecimal() else 0,
        reference=tensors.get("reference"),
        made=metadata.get("made", ""),
        encoder=metadata.get("encoder", ARCFACE),
        shots=shots,
    )
    return identity, tensors.get("thumbnail")


def _check(path: Path, metadata: dict[str, str], held: dict[str, Any]) -> None:
    """What the file says it holds, before anything of it is read."""
    format_ = metadata.get("format", "")
    if format_ != FORMAT:
        later = format_.startswith("facebridge identity ")
        why = f"it is {format_!r}, for a later facebridge" if later else "it is some other safetensors file"
        raise IdentityError(f"{path} is no identity that can be read here: {why}")
    if "name" not in metadata or "embedding" not in held:
        raise IdentityError(f"{path} is no identity: it lacks {'an embedding' if 'name' in metadata else 'a name'}")
    shape = reference_shape(metadata.get("encoder", ARCFACE))
    wanted = {"embedding": ("F32", [WIDTH]), "reference": ("U8", list(shape))}
    for name, (dtype, shape) in wanted.items():
        found = (held[name].get_dtype(), held[name].get_shape()) if name in held else (dtype, shape)
        if found != (dtype, shape):
            raise IdentityError(f"{path}: {name} must be {dtype} {shape}, and is {found[0]} {found[1]}")
    picture = held.get("thumbnail")
    if picture is not None and not _is_small_picture(picture.get_dtype(), picture.get_shape()):
        raise IdentityError(f"{path}: the thumbnail is no picture of at most 512 × 512")


def _is_small_picture(dtype: str, shape: list[int]) -> bool:
    return dtype == "U8" and len(shape) == 3 and shape[2] == 3 and all(0 < side <= 512 for side in shape[:2])


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, even if the power fails: never half a file under this name. Raises IdentityError."""
    part = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        if part:
            part.unlink(missing_ok=True)
        raise IdentityError(f"{path} cannot be written: {error.strerror or error}") from None
