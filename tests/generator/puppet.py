"""A model that needs no weights: its latents hold the curves and a little of the noise, its pictures are a puppet's."""

from collections.abc import Sequence

import cv2
import numpy as np

from generator.diffusion import DiffusionGenerator
from generator.evaluation.stage import Cast
from generator.face_generator import Finish
from generator.identities import Identity
from generator.identity_file import ARCFACE
from generator.model import Wish
from generator.sampler import COMPACT
from generator.temporal import stream_noise
from protocol.blendshapes import INDEX

SIZE = 64
TURN = 20.0  # pixels that a radian of yaw moves the face
GRAIN = 0.15  # how much of its latent's noise shows


class Puppet:
    """A `Model` of pictures 64 pixels wide. `lag`: how much of the last picture's curves stays."""

    name = label = "puppet"
    basis, sizes, max_batch, default_steps = "arkit55", (SIZE,), 4, 1
    capabilities, warm_ups = ("expression", "light", "alpha"), ((1, False),)
    reads_last, reuse_floor, schedule, latent_shape = True, 0, COMPACT, (4, 8, 8)

    def __init__(self, lag: float = 0.0) -> None:
        self.lag = lag

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        return (curves * scale).astype(np.float32)

    def subject(self, identity: Identity) -> np.ndarray:
        return identity.embedding

    def noise(self, seed: int) -> np.ndarray:
        return stream_noise(seed, *self.latent_shape[:2])

    def guides(self, wishes: Sequence[Wish]) -> list[Wish]:
        return list(wishes)

    def denoise(self, noisy: np.ndarray, level: np.ndarray, guides: list[Wish]) -> np.ndarray:
        clean = GRAIN * noisy
        for latent, wish in zip(clean, guides, strict=True):
            held = self.lag if wish.last is not None else 0.0
            curves = wish.expression * (1 - held)
            if wish.last is not None:
                curves = curves + held * wish.last[0].reshape(-1)[:55]
            latent[0] = 0.0
            latent[0].reshape(-1)[:55] = curves
            latent[1].reshape(-1)[:3] = wish.subject[:3]
        return clean

    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        return np.stack([_picture(latent) for latent in latents])

    def finish(self, wish: Wish, picture: np.ndarray) -> Finish:
        return lambda: picture


def puppet_generator(lag: float = 0.0) -> DiffusionGenerator:
    return DiffusionGenerator(Puppet(lag), Cast(ARCFACE))


def mask(row: np.ndarray, tint: np.ndarray | float = 0.0, grain: np.ndarray | None = None) -> np.ndarray:
    """RGBA (SIZE, SIZE, 4): a textured disc that headYaw pushes to the right, and whose mouth jawOpen opens."""
    texture = 128 + 60 * np.random.default_rng(7).normal(size=(SIZE, SIZE, 3)).clip(-2, 2)
    picture = np.dstack([cv2.GaussianBlur(texture, (0, 0), 1.5), np.zeros((SIZE, SIZE))]).astype(np.float32)
    picture[..., :3] += 60 * np.asarray(tint)
    if grain is not None:
        picture[..., :3] += 30 * cv2.resize(grain, (SIZE, SIZE))[..., None]
    cv2.circle(alpha := np.zeros((SIZE, SIZE), np.uint8), (32, 32), 20, 255, -1, cv2.LINE_AA)
    picture[..., 3] = alpha
    cv2.ellipse(picture, (32, 42), (8, 2), 0, 0, 360, (20, 10, 10, 255), -1, cv2.LINE_AA)
    picture[42:50, 24:40, :3] *= 1 - 0.8 * float(row[INDEX["jawOpen"]])
    moved = np.array([[1, 0, TURN * row[INDEX["headYaw"]]], [0, 1, 0]], np.float32)
    return cv2.warpAffine(picture, moved, (SIZE, SIZE), flags=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)


def _picture(latent: np.ndarray) -> np.ndarray:
    return mask(latent[0].ravel()[:55], latent[1].ravel()[:3], latent[2] / GRAIN * 0.2)
