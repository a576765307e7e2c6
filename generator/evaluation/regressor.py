"""The judge of expressions: two small networks that read head angles and curves from pictures of unknown people.

The first sees the whole picture and finds how the head is turned; the second sees the face put upright by that, and
reads the curves. The judge is no part of the model and judges every contestant alike, the truth too: what it cannot
read from true pictures it cannot read from others. Its features also give a perceptual distance (quality.py).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from generator.checkpoint import WEIGHTS
from generator.training.head.camera import project
from generator.training.head.turns import PIVOT, head_turn

REGRESSOR = "regressor.safetensors"
BUILT_IN = WEIGHTS / "judge"
HOW = "`facebridge train compact judge`, then `export`"
WHOLE, SIDE = 64, 112  # pixels the two networks look at
GREY = 0.5  # the backdrop pictures are judged on
BATCH = 64
PLACES = np.array([[4.0, 3.6, 9.0], [-4.0, 3.6, 9.0], [0.0, -3.9, 10.5]])  # cm: eyes and mouth at rest
UPRIGHT = np.array([[28.0, -25.5], [-28.0, -25.5], [0.0, 26.0]], np.float32) + SIDE / 2 - 0.5  # in the upright face


class Regressor(nn.Module):
    """Both networks, and the curves' and angles' mean and deviation over the training portraits."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.turn = nn.Sequential(
            nn.PixelUnshuffle(4), _convolution(48, 32), nn.ReLU(), _convolution(32, 48, 2), nn.ReLU(),
            _convolution(48, 64, 2), nn.ReLU(), nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 3),
        )  # fmt: skip
        self.levels = nn.ModuleList((
            nn.Sequential(nn.PixelUnshuffle(4), _convolution(48, 48), nn.ReLU()),
            nn.Sequential(_convolution(48, 64, 2), nn.ReLU(), Pair(64)),
            nn.Sequential(_convolution(64, 96, 2), nn.ReLU(), Pair(96)),
        ))  # fmt: skip
        self.head = nn.Sequential(
            nn.Conv2d(96, 24, 1), nn.Flatten(), nn.ReLU(), nn.Linear(1176, 128), nn.ReLU(), nn.Linear(128, 52)
        )
        self.register_buffer("mean", torch.zeros(55))
        self.register_buffer("deviation", torch.ones(55))

    def maps(self, pictures: Tensor) -> list[Tensor]:
        """(n, 3, side, side) in 0..1 of any side → features at a quarter, an eighth and a sixteenth of it."""
        out = [pictures * 2 - 1]
        for level in self.levels:
            out.append(level(out[-1]))
        return out[1:]

    def curves(self, upright: Tensor) -> Tensor:
        """(n, 3, SIDE, SIDE) in 0..1 → (n, 52) in deviations from the mean."""
        return self.head(self.maps(upright)[-1])

    def angles(self, whole: Tensor) -> Tensor:
        """(n, 3, WHOLE, WHOLE) in 0..1 → yaw, pitch, roll (n, 3) in deviations from the mean."""
        return self.turn(whole * 2 - 1)


class Pair(nn.Module):
    """Two convolutions past which the input is added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _convolution(width, width), _convolution(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return (x + self.second(self.first(x).relu())).relu()


class Judge:
    """Reads pictures, uint8 (n, 256, 256, 4) RGBA with straight alpha, as contestants draw them."""

    def __init__(self, network: Regressor) -> None:
        self.network = network.eval()
        self._mean, self._deviation = (buffer.numpy() for buffer in (network.mean, network.deviation))

    def read(self, pictures: np.ndarray) -> np.ndarray:
        """(n, 55) float32: 52 curves, then yaw, pitch and roll in radians."""
        return np.concatenate([self._read(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)])

    def maps(self, pictures: np.ndarray) -> list[np.ndarray]:
        """Feature maps of the whole pictures, (n, channels, side, side) of three sides."""
        with torch.inference_mode():
            parts = [self.network.maps(tensor(on_grey(picture[None]))) for picture in pictures]
        return [np.concatenate([part.numpy() for part in level]) for level in zip(*parts, strict=True)]

    def _read(self, pictures: np.ndarray) -> np.ndarray:
        seen = on_grey(pictures)
        with torch.inference_mode():
            angles = self.network.angles(tensor(np.stack([whole(picture) for picture in seen]))).numpy()
            angles = angles * self._deviation[52:] + self._mean[52:]
            faces = np.stack([upright(*each) for each in zip(seen, angles, strict=True)])
            curves = self.network.curves(tensor(faces)).numpy()
        return np.concatenate([curves * self._deviation[:52] + self._mean[:52], angles], 1)


def judge_folder(model: Path) -> Path:
    """Who judges a model lies beside its folder; else it is the one that comes with the program."""
    beside = model.parent / "judge"
    return beside if beside.is_dir() else BUILT_IN


def load_judge(path: Path = BUILT_IN / REGRESSOR) -> Judge:
    """Raises FileNotFoundError, which says how a judge is made."""
    if not path.exists():
        raise FileNotFoundError(f"there is no judge of expressions in {path}: train one, {HOW}")
    network = Regressor()
    network.load_state_dict({name: value.float() for name, value in load_file(path).items()}, strict=False)
    return Judge(network)


def on_grey(pictures: np.ndarray, grey: float = GREY) -> np.ndarray:
    """RGBA uint8 (…, 4), straight alpha → float32 (…, 3) in 0..1 on a grey backdrop."""
    values = pictures * np.float32(1 / 255)
    seen = values[..., :3] - np.float32(grey)
    seen *= values[..., 3:]
    seen += np.float32(grey)
    return seen


def whole(picture: np.ndarray) -> np.ndarray:
    """(size, size, c) → (WHOLE, WHOLE, c)."""
    return cv2.resize(picture, (WHOLE, WHOLE), interpolation=cv2.INTER_AREA)


def upright(picture: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """The face in a picture (size, size, c) of a head turned by `angles` (3,), put upright: (SIDE, SIDE, c)."""
    there = project((PLACES - PIVOT) @ head_turn(angles).T + PIVOT)
    pixels = ((there * [1.0, -1.0] + 1.0) * (len(picture) / 2) - 0.5).astype(np.float32)
    place = cv2.getAffineTransform(UPRIGHT, pixels)
    return cv2.warpAffine(
        picture, place, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )


def tensor(pictures: np.ndarray) -> Tensor:
    """(n, h, w, c) → (n, c, h, w)."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous()


def _convolution(a: int, b: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b))
