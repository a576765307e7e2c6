"""What the autoencoder alone makes of the truth: nothing that works on its latents can be better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from generator.checkpoint import Card
from generator.compact_network import load_network
from generator.runtimes.eager import to_bytes
from generator.training.batches import picture_tensor

BATCH = 8


@torch.inference_mode()
def autoencoded(folder: Path, card: Card, pictures: np.ndarray) -> np.ndarray:
    """uint8 (n, size, size, 3), encoded and decoded again by the model in `folder`, in float32."""
    autoencoder, cpu = load_network(folder, card)[1], torch.device("cpu")
    batches = (picture_tensor(pictures[at : at + BATCH], cpu) for at in range(0, len(pictures), BATCH))
    return to_bytes(torch.cat([autoencoder.decode(autoencoder.encode(batch)) for batch in batches])).numpy()
