"""Keeps the embeddings of the strangers that people are told apart from (evaluation), for the package.

    python3 -m generator.training.strangers --data PORTRAITS --model MODEL

They are taken from the portraits that were trained on: nobody a report measures is among them, and an encoder has most
reason to take somebody new for one of those it knows.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from generator.compact.identity_encoder import IdentityEncoder, opaque, shrink
from generator.evaluation.people import STRANGERS, unit
from generator.training.head.gallery import GALLERY
from generator.training.portraits import Portraits, open_portraits

COUNT = 500


def strangers(portraits: Portraits, encoder: IdentityEncoder, count: int = COUNT) -> np.ndarray:
    """(count, 512) mean embeddings of people's plain portraits, people spread evenly, none of them of the gallery.

    Raises ValueError if there are too few.
    """
    known = np.unique(portraits.people[portraits.people >= len(GALLERY)])
    if len(known) < count:
        raise ValueError(f"{count} strangers are needed and the portraits show {len(known)}: draw more first")
    chosen = known[np.linspace(0, len(known) - 1, count).round().astype(int)]
    return np.stack([unit(encoder.embed(_pictures(portraits, person)).mean(0)) for person in chosen])


def export_strangers(embeddings: np.ndarray, encoder: IdentityEncoder, path: Path = STRANGERS) -> None:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="portraits that were trained on")
    parser.add_argument("--model", type=Path, required=True, help="folder with the identity encoder")
    given = parser.parse_args()
    encoder = IdentityEncoder(given.model)
    export_strangers(strangers(open_portraits(given.data), encoder), encoder)


if __name__ == "__main__":
    main()
