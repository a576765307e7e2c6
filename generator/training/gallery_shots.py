"""The pictures that the twelve come with: a neutral face, and what it cannot tell of."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.compact.card import OF, PICTURE
from generator.evaluation.poses import posed
from generator.shots import Shot, packed, tensors_of
from generator.training.head.appearance import Appearance
from generator.training.head.gallery import GALLERY
from generator.training.head.studio import Studio

SHOTS = (
    posed(jawOpen=0.15),
    posed(jawOpen=0.35),
    posed(jawOpen=0.75),
    posed(mouthSmile=0.7, mouthUpperUp=0.3, mouthLowerDown=0.25),
    posed(mouthSmile=0.8, jawOpen=0.4),
    posed(mouthPucker=0.6, mouthFunnel=0.2, jawOpen=0.05),
    posed(jawOpen=0.5, tongueOut=0.9),
    posed(eyeBlink=1.0),
    posed(headYaw=0.2),
    posed(headYaw=-0.2),
    posed(headYaw=0.42),
    posed(headYaw=-0.42),
    posed(headPitch=0.2),
    posed(headPitch=-0.2),
)


def gallery_pictures(data: Path) -> dict[str, np.ndarray]:
    """Of the people that the model comes with, by their keys in its file of identities."""
    curves = np.stack(SHOTS)
    poses = np.concatenate([np.zeros((1, curves.shape[1]), np.float32), curves])
    with Studio(data) as studio:
        drawn = studio.draw((person, Appearance(backdrop=None), poses) for person in GALLERY)
    found: dict[str, np.ndarray] = {}
    for person, (neutral, *shots) in zip(GALLERY, drawn, strict=True):
        known = tensors_of([Shot(row, packed(shot)) for row, shot in zip(curves, shots, strict=True)])
        found |= {OF.format(person.name) + key: tensor for key, tensor in ({PICTURE: neutral} | known).items()}
    return found
