"""How close and how good pictures are: PSNR, SSIM, a perceptual distance, sharpness, and the distance of two sets.

The published LPIPS and FID look at pictures through networks trained on photographs, whose weights are no part of this
package. Here both have the same form on features of the judge of expressions, trained on renders: they rank what is
drawn here, and their numbers must not be compared with anybody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from generator.evaluation.regressor import BATCH, Judge, on_grey, upright

ROUNDING = 1 / 12 / 255**2  # squared error of rounding to 8 bits, below which nothing can be told
WINDOW, NEAR = (11, 11), 1.5  # of SSIM, pixels
FINE = 1.5  # pixels: finer than this is detail
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
ABOUT = (
    "Against the renders of the same people and expressions, on a grey backdrop. Face: the upright face alone, without "
    "hair and clothes. The perceptual distance has LPIPS' form (Zhang et al. 2018) and the set distance FID's (Heusel "
    "et al. 2017), both on features of the judge, a network trained on renders; they compare contestants of this "
    "report and nothing else. Sharpness: fine detail inside the figure, the truth's being 1."
)


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """One contestant's n pictures, each against its truth; `fid` and `sharpness` are of all together."""

    name: str
    psnr: np.ndarray  # (n,) dB, the whole picture
    face_psnr: np.ndarray  # (n,) dB
    ssim: np.ndarray  # (n,)
    lpips: np.ndarray  # (n,)
    fid: float
    sharpness: float

    @property
    def row(self) -> tuple[str, float, float, float, float, float, float]:
        means = (float(values.mean()) for values in (self.psnr, self.face_psnr, self.ssim, self.lpips))
        return self.name, *means, self.fid, self.sharpness  # pyright: ignore[reportReturnType]


COLUMNS = ("", "PSNR dB", "face dB", "SSIM", "LPIPS form", "FID form", "sharpness")


def measure(name: str, drawn: np.ndarray, true: np.ndarray, curves: np.ndarray, judge: Judge) -> Quality:
    """uint8 pictures (n, 256, 256, 4) and the curves (n, 55) they show."""
    pairs = [
        (psnr(d, t), psnr(upright(d, row[52:]), upright(t, row[52:])), ssim(d, t))
        for d, t, row in zip(_each(drawn), _each(true), curves, strict=True)
    ]
    whole, face, alike = (np.array(column) for column in zip(*pairs, strict=True))
    return Quality(
        name, whole, face, alike, lpips(judge, drawn, true), set_distance(judge, drawn, true), sharpness(drawn, true)
    )


def psnr(drawn: np.ndarray, true: np.ndarray) -> float:
    """dB of a picture in 0..1. Equal pictures have 58.9 dB."""
    return float(-10 * np.log10(max(float(np.square(drawn - true).mean()), ROUNDING)))


def ssim(drawn: np.ndarray, true: np.ndarray) -> float:
    """Structural similarity of the luma of pictures (h, w, 3) in 0..1 (Wang et al. 2004), 1 for equal ones."""
    a, b = drawn @ LUMA, true @ LUMA
    mean_a, mean_b = _near(a), _near(b)
    var_a, var_b = _near(a * a) - mean_a**2, _near(b * b) - mean_b**2
    both = _near(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + 0.01**2) / (mean_a**2 + mean_b**2 + 0.01**2)
    return float((light * (2 * both + 0.03**2) / (var_a + var_b + 0.03**2)).mean())


def lpips(judge: Judge, drawn: np.ndarray, true: np.ndarray) -> np.ndarray:
    """(n,) perceptual distance of uint8 pictures (n, 256, 256, 4), in LPIPS' form: features of three sizes, each
    pixel's scaled to unit length, squared difference, mean over the picture, sum over the sizes.
    """
    out = []
    for at in range(0, len(drawn), BATCH):
        maps = zip(judge.maps(drawn[at : at + BATCH]), judge.maps(true[at : at + BATCH]), strict=True)
        out.append(sum(np.square(_unit(a) - _unit(b)).sum(1).mean((1, 2)) for a, b in maps))
    return np.concatenate(out)


def set_distance(judge: Judge, drawn: np.ndarray, true: np.ndarray) -> float:
    """Fréchet distance of the judge's pooled features of two sets of pictures, each taken for a normal distribution."""
    a, b = (_pooled(judge, pictures) for pictures in (drawn, true))
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    roots = np.sqrt(np.maximum(np.real(np.linalg.eigvals(cov_a @ cov_b)), 0))  # the trace of the product's square root
    return float(max(np.square(a.mean(0) - b.mean(0)).sum() + np.trace(cov_a + cov_b) - 2 * roots.sum(), 0.0))


def sharpness(drawn: np.ndarray, true: np.ndarray) -> float:
    """Deviation of fine detail inside the true figures, drawn over true: below 1 soft, above 1 noisy."""
    sums = np.zeros(2)
    for d, t, alpha in zip(_each(drawn), _each(true), true[..., 3], strict=True):
        inside = cv2.erode(alpha, np.ones((7, 7), np.uint8)) > 250  # a soft outline is no detail
        sums += [float(np.square(p - cv2.GaussianBlur(p, (0, 0), FINE))[inside].sum()) for p in (d, t)]
    return float(np.sqrt(sums[0] / max(sums[1], 1e-12)))


def _pooled(judge: Judge, pictures: np.ndarray) -> np.ndarray:
    parts = [judge.maps(pictures[at : at + BATCH])[-1].mean((2, 3)) for at in range(0, len(pictures), BATCH)]
    return np.concatenate(parts).astype(np.float64)


def _unit(features: np.ndarray) -> np.ndarray:
    """Channels of every pixel scaled to unit length."""
    return features / (np.linalg.norm(features, axis=1, keepdims=True) + 1e-6)


def _near(values: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(values, WINDOW, NEAR)


def _each(pictures: np.ndarray) -> Iterator[np.ndarray]:
    return (on_grey(picture) for picture in pictures)
