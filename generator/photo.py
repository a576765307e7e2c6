"""Faces in photographs, as the published model wants them: insightface's networks on the files of `antelopev2`.

The detector looks at 640 pixels first, as the authors' identities were read. A face that fills the frame is found when
it looks at fewer pixels (256, as the authors' demo does), or with room around the picture.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

from generator.checkpoint import CheckpointError
from generator.errors import Explained
from generator.nvidia import nvidia_cards

FOLDER = "antelopev2"
RECOGNISER, UNTRAINED_WITH = "arcface.onnx", "glintr100.onnx"
LANDMARKS = "1k3d68.onnx"
LOOKS = ((640, 0.0), (256, 0.0), (640, 0.5), (256, 0.5))  # pixels the detector sees, border in picture sizes
LEAST = 32  # pixels a side of a photograph
SLIMMEST = 16  # no photograph is longer than this many times its width
FEWEST = 112  # pixels across a face that the recogniser sees without enlarging


class PhotoError(Explained):
    """A picture that cannot be read, or in which no face is found; says which and what to try."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """`box` (4,) is left, top, right, bottom and `landmarks` (68, 2) x, y, both float32 in pixels of the picture."""

    box: np.ndarray
    landmarks: np.ndarray
    embedding: np.ndarray  # float32 (512,), unit length

    @property
    def width(self) -> int:
        """Pixels across."""
        return round(float(self.box[2] - self.box[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A picture, uint8 (height, width, 3) RGB, and the faces in it, the largest first; there is at least one."""

    picture: np.ndarray
    faces: tuple[Face, ...]


def read_picture(path: Path) -> np.ndarray:
    """uint8 (height, width, 3) RGB, turned as the camera was held, what is transparent on white. Raises PhotoError."""
    try:
        with Image.open(path) as image:
            pixels = _as_rgb(ImageOps.exif_transpose(image))
    except FileNotFoundError:
        raise PhotoError(f"there is no picture {path}") from None
    except Image.UnidentifiedImageError:
        raise PhotoError(f"{path} is no picture that can be read: save it as PNG or JPEG") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoError(f"{path} cannot be read as a picture: {error}") from None
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST or max(height, width) > SLIMMEST * min(height, width):
        raise PhotoError(f"{path} is {width} × {height} pixels, too small or too slim to show a face")
    return pixels


def _as_rgb(image: Image.Image) -> np.ndarray:
    if image.mode.startswith(("I", "F")):  # 16 bits of grey, which Pillow would cut off instead of scaling down
        grey = np.asarray(image, np.float64)
        top = 65535.0 if image.mode.startswith("I") else max(float(grey.max()), 1.0)
        return np.repeat(np.rint(np.clip(grey / top, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.asarray(image.convert("RGB"))


def faces_in(path: Path, reader: FaceReader) -> Photograph:
    """The photograph with its faces. Raises PhotoError saying what to try if there is none."""
    picture = read_picture(path)
    faces = reader.read(picture)
    if not faces:
        raise PhotoError(
            f"no face found in {path}: take a picture in even light, of one face looking at the camera, "
            f"with all of the head in it and at least {FEWEST} pixels across the face"
        )
    return Photograph(picture, tuple(faces))


class FaceReader:
    """Detector, landmarks and ArcFace, on CUDA where onnxruntime serves it. Downloads nothing, ever.

    `models` is the published model's folder, which holds `antelopev2`. `notice` is a sentence about what lies there and
    is not used, or "". Raises CheckpointError naming the files that are missing or wrong and how to get them.
    """

    def __init__(self, models: Path) -> None:
        folder = _folder(models)
        detector, landmarks, recogniser = _files(folder)
        zoo = _model_zoo()
        self._detector: Any = _load(zoo, detector, "detection")
        self._landmarks: Any = _load(zoo, landmarks, "landmark_3d_68")
        self._recogniser: Any = _load(zoo, recogniser, "recognition")
        other = folder / UNTRAINED_WITH
        self.notice = f"{other} is ignored: the model was trained with {RECOGNISER}" if other.is_file() else ""

    def read(self, picture: np.ndarray) -> list[Face]:
        """The faces in uint8 (height, width, 3) RGB, the largest first; [] without a face."""
        seen = np.ascontiguousarray(picture[..., ::-1])  # insightface takes OpenCV's order
        found = next(filter(len, (self._look(seen, *look) for look in LOOKS)), [])
        faces = [self._face(seen, box, points) for box, points in found]
        return sorted(faces, key=lambda face: -float(np.prod(face.box[2:] - face.box[:2])))

    def _look(self, seen: np.ndarray, size: int, border: float) -> list[tuple[np.ndarray, np.ndarray]]:
        """Boxes (4,) and five points (5, 2) in pixels of `seen`; found with a border of that many picture sizes."""
        rim = round(border * max(seen.shape[:2]))
        wide = cv2.copyMakeBorder(seen, rim, rim, rim, rim, cv2.BORDER_CONSTANT) if rim else seen
        boxes, points = self._detector.detect(wide, input_size=(size, size))
        return [(box[:4] - rim, five - rim) for box, five in zip(boxes, points, strict=True)]

    def _face(self, seen: np.ndarray, box: np.ndarray, points: np.ndarray) -> Face:
        from insightface.app.common import Face as Found

        found = Found(bbox=box, kps=points)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # insightface calls scikit-image the old way
            landmarks = self._landmarks.get(seen, found)[:, :2]
            embedding = self._recogniser.get(seen, found)
        length = float(np.linalg.norm(embedding))
        if not np.isfinite(length) or length == 0:
            raise CheckpointError(f"{self._recogniser.model_file} is damaged: it gives a vector of length {length:g}")
        return Face(box.astype(np.float32), landmarks.astype(np.float32), (embedding / length).astype(np.float32))


def _folder(models: Path) -> Path:
    """Where the face networks lie: unpacked by hand they often end up a folder deeper or higher."""
    places = (models / FOLDER, models / FOLDER / FOLDER, models / "models" / FOLDER, models)
    return next((place for place in places if (place / RECOGNISER).is_file()), places[0])


def _files(folder: Path) -> tuple[Path, Path, Path]:
    detectors = sorted(folder.glob("scrfd*.onnx"))
    missing = [] if detectors else ["scrfd_10g_bnkps.onnx"]
    missing += [name for name in (LANDMARKS, RECOGNISER) if not (folder / name).is_file()]
    if missing:
        other = RECOGNISER in missing and (folder / UNTRAINED_WITH).is_file()
        instead = f"; {UNTRAINED_WITH} there is another network than the model was trained with" if other else ""
        raise CheckpointError(
            f"{folder} lacks {', '.join(missing)}{instead}: `facebridge models pull antelopev2 --to {folder.parent}` "
            f"fetches what is missing, or put insightface's antelopev2 there, and the {RECOGNISER} of Arc2Face"
        )
    return detectors[0], folder / LANDMARKS, folder / RECOGNISER


def _model_zoo() -> Any:
    try:
        from insightface.model_zoo import model_zoo
    except (ImportError, AttributeError) as error:  # AttributeError: an onnxruntime of which pip left half
        missing = f"reading photographs needs packages that are not here or do not load ({error})"
        raise PhotoError(
            f"{missing}: `python3 run.py setup published` brings them, `facebridge doctor` says more"
        ) from None
    return model_zoo


def _load(zoo: Any, path: Path, task: str) -> Any:
    """One of insightface's networks, by its file; it tells what a file is from its inputs and outputs."""
    try:
        network = zoo.get_model(str(path), providers=providers())
    except Exception as error:  # onnxruntime has a class of its own for every fault
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CheckpointError(f"{path} is damaged or no ONNX network: {reason}") from None
    found = getattr(network, "taskname", "something unknown")
    if found != task:
        raise CheckpointError(f"{path} is the wrong network: it does {found}, expected {task}")
    return network


def providers() -> list[str]:
    """What onnxruntime computes with: CUDA if it is served and there is a card, else the processor."""
    import onnxruntime

    served = "CUDAExecutionProvider" in onnxruntime.get_available_providers() and nvidia_cards()
    return ["CUDAExecutionProvider", "CPUExecutionProvider"] if served else ["CPUExecutionProvider"]
