"""Draws the strangers that identity is told apart from (evaluation) and keeps their embeddings for the package.

    python3 -m generator.training.strangers --data SHARED_DATA --folder PICTURES --model MODEL

`--folder` keeps what is drawn, so that a newly trained encoder costs no drawing.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from generator.compact.identity_encoder import IdentityEncoder, opaque, shrink
from generator.evaluation256.amounts import QUICK
from generator.evaluation256.people import STRANGERS, enrolment, unit
from generator.training.head.appearance import Appearance
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.performances import recordings
from generator.training.portraits import HELD_OUT

COUNT, FIRST = 500, HELD_OUT + 500_000  # people that no network is trained on and no report measures
PLAIN = Appearance(backdrop=None)
PIECE = 20  # people drawn before they are kept


def draw_strangers(data: Path, folder: Path, workers: int) -> np.ndarray:
    """uint8 (COUNT, shots, 112, 112, 3): each as they are enrolled, the size the encoder sees."""
    folder.mkdir(parents=True, exist_ok=True)
    faces = _faces(data)
    with Studio(data, workers=workers) as studio:
        for first in range(0, COUNT, PIECE):
            file = folder / f"strangers_{first:03}.npy"
            if not file.exists():
                jobs = [(draw_person(FIRST + i), PLAIN, faces[i]) for i in range(first, first + PIECE)]
                drawn = [[shrink(opaque(picture)) for picture in shown] for shown in studio.draw(jobs)]
                np.save(file, np.array(drawn))
                print(f"{first + PIECE} of {COUNT} strangers", flush=True)
    return np.concatenate([np.load(folder / f"strangers_{first:03}.npy") for first in range(0, COUNT, PIECE)])


def _faces(data: Path) -> np.ndarray:
    """(COUNT, shots, 55)."""
    return enrolment(replace(QUICK, people=COUNT), recordings(data / "captures", held_out=True), seed=FIRST)


def export_strangers(pictures: np.ndarray, encoder: IdentityEncoder, path: Path = STRANGERS) -> None:
    """Mean embeddings (COUNT, 512) as float16, marked with the encoder that made them."""
    embeddings = np.stack([unit(encoder.embed(shown).mean(0)) for shown in pictures])
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": embeddings.astype(np.float16)}, path, {"encoder": encoder.name})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the third-party data: rig and recordings")
    parser.add_argument("--folder", type=Path, required=True, help="where pictures are kept")
    parser.add_argument("--model", type=Path, help="folder with the identity encoder; without it, pictures only")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    pictures = draw_strangers(given.data, given.folder, given.workers)
    if given.model:
        export_strangers(pictures, IdentityEncoder(given.model))


if __name__ == "__main__":
    main()
