"""Contact sheets to look at: `python -m generator.training.head.sheet DATA OUT.png` draws people by expressions."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from generator.training.head.appearance import Appearance
from generator.training.head.gallery import GALLERY
from generator.training.head.head_renderer import HeadRenderer
from generator.training.head.person import Person
from generator.training.head.sampling import draw_appearance, draw_person
from protocol.blendshapes import INDEX

BOTH = ("Left", "Right")
EXPRESSIONS: dict[str, dict[str, float]] = {
    "neutral": {},
    "smile": {"mouthSmile": 0.9, "cheekSquint": 0.5, "mouthUpperUp": 0.35, "mouthLowerDown": 0.3, "eyeSquint": 0.3},
    "surprise": {"jawOpen": 0.6, "browInnerUp": 0.9, "browOuterUp": 0.9, "eyeWide": 0.8},
    "anger": {"browDown": 1.0, "noseSneer": 0.7, "mouthFrown": 0.4, "mouthPress": 0.4},
    "tongue": {"jawOpen": 0.55, "tongueOut": 1.0},
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.7, "headYaw": -0.35},
    "pucker": {"mouthPucker": 0.9, "headPitch": 0.25, "eyeLookUp": 0.6},
    "away": {"headYaw": 0.5, "headRoll": 0.2, "eyeLookOutRight": 0.8, "eyeLookInLeft": 0.8},
}


def posed(**curves: float) -> np.ndarray:
    """(55,) with the named curves set; a name without its side sets both."""
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        for full in (name,) if name in INDEX else (name + side for side in BOTH):
            row[INDEX[full]] = value
    return row


def sheet(renderer: HeadRenderer, people: list[tuple[Person, Appearance]], expressions: list[str]) -> np.ndarray:
    """uint8 (rows, columns, 3) RGB: a row a person, a column an expression; what is transparent is white."""
    rows = []
    for person, appearance in people:
        renderer.wear(person, appearance)
        pictures = [renderer.draw(posed(**EXPRESSIONS[name])) for name in expressions]
        rows.append(np.concatenate([_on_white(picture) for picture in pictures], 1))
    return np.concatenate(rows)


def _on_white(picture: np.ndarray) -> np.ndarray:
    alpha = picture[..., 3:] / 255.0
    return (picture[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds ict/")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument(
        "--expressions", nargs="*", default=["neutral", "smile", "surprise", "away"], choices=EXPRESSIONS
    )
    parser.add_argument("--random", type=int, default=0, metavar="N", help="N people at random instead of the gallery")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + chosen.random)
    people = [(draw_person(seed), draw_appearance(seed)) for seed in seeds] or [(p, Appearance()) for p in GALLERY]
    picture = sheet(HeadRenderer(chosen.data, chosen.size), people, chosen.expressions)
    cv2.imwrite(str(chosen.out), picture[..., ::-1])


if __name__ == "__main__":
    main()
