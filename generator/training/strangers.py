"""Keeps the embeddings of the strangers that people are told apart from in the evaluation.

They are taken from the portraits that were trained on: nobody a report measures is among them, and an encoder has most
reason to take somebody new for one of those it knows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from generator.compact.identity_encoder import IdentityEncoder, opaque, shrink
from generator.evaluation.people import unit
from generator.training.head.gallery import GALLERY
from generator.training.portraits import Portraits

COUNT = 500


def strangers(portraits: Portraits, encoder: IdentityEncoder, count: int = COUNT) -> np.ndarray:
    """(count, 512), or as many as there are: mean embeddings of people's plain portraits, people spread evenly, none of
    them of the gallery.
    """
    known = np.unique(portraits.people[portraits.people >= len(GALLERY)])
    chosen = known[np.linspace(0, len(known) - 1, min(count, len(known))).round().astype(int)]
    return np.stack([unit(encoder.embed(_pictures(portraits, person)).mean(0)) for person in chosen])


def export_strangers(embeddings: np.ndarray, encoder: IdentityEncoder, path: Path) -> None:
    """As float16, marked with the encoder that made them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": embeddings.astype(np.float16)}, path, {"encoder": encoder.name})


def _pictures(portraits: Portraits, person: int) -> np.ndarray:
    """(n, 112, 112, 3) of the person in plain clothes."""
    rows = np.flatnonzero((portraits.people == person) & ~portraits.dressed)
    return np.stack([shrink(opaque(straight(np.array(portraits.pictures[row])))) for row in rows])


def straight(premultiplied: np.ndarray) -> np.ndarray:
    """uint8 (h, w, 4) whose colour is multiplied by alpha → the same with straight alpha."""
    colour = premultiplied[..., :3].astype(np.float32) * 255 / np.maximum(premultiplied[..., 3:], 1)
    return np.concatenate([colour.round().clip(0, 255).astype(np.uint8), premultiplied[..., 3:]], -1)
