"""The whole training, made tiny: every stage runs, resumes, and ends in a model that draws."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.diffusion import load_diffusion
from generator.face_generator import StreamSettings
from generator.training.dataset import open_dataset

pytestmark = [pytest.mark.needs(module="scipy"), pytest.mark.needs(module="moderngl", renderer=True)]


def test_from_nothing_to_a_model(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    from generator.training.compact import Recipe, train_compact

    source = shared_data("ict/ict_facekit.npz").parent.parent
    tiny = Recipe(rounds=2, block=1, autoencoder=0.02, denoiser=0.02, joint=0.02)
    folder = train_compact(source, tmp_path, tiny, resume=False)
    data = open_dataset(tmp_path / "train")
    assert len(data.pictures) == 48
    assert all(picture.std() > 20 for picture in data.pictures)

    model = load_diffusion(str(folder))
    stream = model.open_stream(StreamSettings("Amara", 128))
    assert model.render([(stream, np.zeros(55, np.float32))])[0].pixels.shape == (128, 128, 3)

    before = torch.load(tmp_path / "checkpoints" / "joint.pt", weights_only=True)
    longer = before["elapsed"] / 60 + 0.02
    train_compact(source, tmp_path, replace(tiny, joint=longer), resume=True)
    after = torch.load(tmp_path / "checkpoints" / "joint.pt", weights_only=True)
    assert after["step"] > before["step"] > 0
    assert after["elapsed"] >= longer * 60
