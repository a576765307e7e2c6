"""The 256² autoencoder: shapes, what it learns from, and that it learns."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.checkpoint import model_folder
from generator.compact.autoencoder import Autoencoder, Block, SmallDecoder
from generator.compact.card import read_card, read_identities
from generator.compact.network import load_autoencoder, load_small_decoder
from generator.compact.portrait import multiplied
from generator.training.descent import Descent
from generator.training.head.gallery import GALLERY
from generator.training.head.landmarks import NAMES
from generator.training.portraits import open_portraits

pytestmark = [pytest.mark.needs(module="scipy")]


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One group of the gallery's twelve as discs of a colour with soft edges."""
    g, count = np.random.default_rng(1), len(GALLERY)
    y, x = np.mgrid[:256, :256]
    alpha = np.clip(100 - np.hypot(x - 128, y - 128), 0, 4)[None, ..., None] / 4
    colour = g.uniform(40, 255, (count, 1, 1, 3)) * (0.75 + 0.25 * np.sin(x / 9))[None, ..., None]
    pictures = np.round(np.concatenate([colour * alpha, 255 * alpha + 0 * colour[..., :1]], -1)).astype(np.uint8)
    arrays = {"pictures": pictures, "curves": np.zeros((count, 55), np.float32), "people": np.arange(count),
              "lights": np.zeros((count, 3)), "dressed": np.zeros(count, bool), "traits": np.zeros((count, 1)),
              "landmarks": g.uniform(60, 200, (count, len(NAMES), 2)), "starts": np.array([0, count]),
              "done": np.array([True])}  # fmt: skip
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    return tmp_path


def test_shapes_and_that_mean_and_std_undo_each_other() -> None:
    model = Autoencoder().eval()
    pictures = torch.rand(1, 4, 256, 256)
    with torch.no_grad():
        before = model.decode(model.encode(pictures))
        model.mean.normal_()
        model.std.uniform_(0.5, 2)
        latents = model.encode(pictures)
        after = model.decode(latents)
    assert latents.shape == (1, 32, 16, 16)
    assert after.shape == pictures.shape
    assert torch.allclose(before, after, atol=1e-4)
    assert SmallDecoder()(latents).shape == (1, 4, 128, 128)


def test_every_block_of_the_decoders_shipped_draws_something() -> None:
    """A ReLU that is never above 0 is never again: its block costs time, and adds what one bias could."""
    folder = model_folder("compact")
    amara = read_identities(folder, read_card(folder))["Amara"].reference
    assert amara is not None
    autoencoder = load_autoencoder(folder)
    pictures = torch.from_numpy(multiplied(amara, 256)).permute(2, 0, 1)[None] / 255
    for decoder, draw in (
        (autoencoder.decoder, autoencoder.decode),
        ((small := load_small_decoder(folder)).decoder, small),
    ):
        with torch.inference_mode():
            latents = autoencoder.encode(pictures)
            whole = draw(latents)
            for block in (module for module in decoder if isinstance(module, Block)):
                silenced = block.first.register_forward_hook(lambda module, given, out: out.clamp(max=0))
                assert (draw(latents) - whole).square().mean().sqrt() > 1 / 1024
                silenced.remove()


def test_crops_are_premultiplied_and_some_of_them_on_a_backdrop(folder: Path) -> None:
    from generator.training.autoencoder_stage import Crops

    crops = Crops(folder, seed=0)
    pictures, weights = crops.draw(32)
    colour, alpha = pictures[:, :3], pictures[:, 3:]
    solid = (alpha == 1).flatten(1).all(1)
    assert 3 < solid.sum() < 32
    assert (colour[~solid] <= alpha[~solid] + 1 / 255).all()
    assert weights.min() == 1 and weights.max() == 5
    assert weights.shape == (32, 1, 96, 96)


def test_training_lowers_the_loss_and_the_latents_come_out_normalised(folder: Path) -> None:
    from generator.training.autoencoder_stage import Crops, encode_all, normalise, scores, train_step

    crops = Crops(folder, seed=0)
    model = Autoencoder()
    descent = Descent([(model.parameters(), 8e-3)])
    batch = crops.draw(2)
    losses = [train_step(model, descent, 0.3, *batch) for _ in range(30)]  # at the whole rate it can die of it
    assert losses[-1] < 0.8 * losses[0]

    portraits = open_portraits(folder)
    normalise(model, portraits)
    latents = encode_all(model, portraits.pictures).numpy()
    assert latents.shape == (12, 32, 16, 16)
    assert np.allclose(latents.mean((0, 2, 3)), 0, atol=0.05) and np.allclose(latents.std((0, 2, 3)), 1, atol=0.05)
    found = scores(model, portraits, count=2)
    assert 5 < found["psnr"] < 60 and 0 < found["alpha"] < 1
