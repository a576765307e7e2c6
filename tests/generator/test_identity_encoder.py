"""The identity encoder: the same vector from torch, from our ONNX runtime and from insightface's own class."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.compact.identity_encoder import FILE, SIDE, IdentityEncoder, IdentityEncoderError, opaque, shrink
from generator.compact.identity_network import (
    IdentityNetwork,
    as_input,
    load_identity_network,
    new_identity_network,
    save_identity_network,
)

pytestmark = pytest.mark.needs(module="onnx")


@pytest.fixture(scope="module")
def network() -> IdentityNetwork:
    made = new_identity_network()
    with torch.no_grad():  # running figures as after some training, so that folding them into the weights is tested
        for _ in range(3):
            made(torch.rand(8, 3, SIDE, SIDE) * 2 - 1)
    return made.eval()


@pytest.fixture(scope="module")
def folder(network: IdentityNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.training.identity_export import export_encoder

    return export_encoder(network, tmp_path_factory.mktemp("model")).parent


@pytest.fixture(scope="module")
def encoder(folder: Path) -> IdentityEncoder:
    return IdentityEncoder(folder, threads=1)


def pictures(count: int, side: int = SIDE, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(side).integers(0, 256, (count, side, side, channels), np.uint8)


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_file_gives_what_the_network_gives(encoder: IdentityEncoder, network: IdentityNetwork, count: int) -> None:
    embeddings = encoder.embed(pictures(count))
    with torch.no_grad():
        expected = network(as_input(pictures(count))).numpy()
    np.testing.assert_allclose(embeddings, expected, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    assert embeddings.dtype == np.float32


@pytest.mark.needs(module="insightface")
@pytest.mark.parametrize("way", ["class", "zoo"])
def test_insightface_loads_it_as_an_arcface(encoder: IdentityEncoder, folder: Path, way: str) -> None:
    from insightface.model_zoo import ArcFaceONNX, get_model

    path = str(folder / FILE)
    theirs = ArcFaceONNX(path) if way == "class" else get_model(path, providers=["CPUExecutionProvider"])
    assert isinstance(theirs, ArcFaceONNX) and tuple(theirs.input_size) == (SIDE, SIDE)
    rgb = pictures(2)
    bgr = [np.ascontiguousarray(picture[..., ::-1]) for picture in rgb]
    np.testing.assert_allclose(np.asarray(theirs.get_feat(bgr)), encoder.embed(rgb), atol=1e-4)


def test_larger_pictures_are_shrunk_by_area(encoder: IdentityEncoder) -> None:
    small = pictures(2)
    blocks = small.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(encoder.embed(blocks), encoder.embed(small), atol=1e-5)


def test_what_is_transparent_shows_the_plain_backdrop(encoder: IdentityEncoder) -> None:
    layers = pictures(1, SIDE, 4)
    layers[..., 3] = 0
    layers[0, 20:90, 20:90, 3] = 255
    same = layers.copy()
    same[0, :20, :, :3] = 7  # nobody sees it
    np.testing.assert_array_equal(encoder.embed(same), encoder.embed(layers))
    np.testing.assert_array_equal(encoder.embed(opaque(layers[0])[None]), encoder.embed(layers))


def test_another_training_is_another_encoder(
    encoder: IdentityEncoder, network: IdentityNetwork, tmp_path: Path
) -> None:
    from generator.training.identity_export import export_encoder

    other = new_identity_network()
    with torch.no_grad():
        other.reduce.weight.mul_(2)
    assert IdentityEncoder(export_encoder(other, tmp_path).parent, threads=1).name != encoder.name
    assert encoder.name.startswith("compact-")


def test_weights_keep_in_half_precision(network: IdentityNetwork, tmp_path: Path) -> None:
    path = tmp_path / "encoder.safetensors"
    save_identity_network(network, path)
    again = load_identity_network(path)
    with torch.no_grad():
        cosines = (again(as_input(pictures(4))) * network(as_input(pictures(4)))).sum(1)
    assert cosines.min() > 0.99
    assert path.stat().st_size < 2.2 * sum(p.numel() for p in network.parameters())


def test_what_cannot_be_embedded_is_told(encoder: IdentityEncoder, tmp_path: Path) -> None:
    with pytest.raises(IdentityEncoderError, match=f"has no {FILE}"):
        IdentityEncoder(tmp_path)
    (tmp_path / FILE).write_bytes(b"nothing of the kind")
    with pytest.raises(IdentityEncoderError, match="is damaged"):
        IdentityEncoder(tmp_path)
    with pytest.raises(IdentityEncoderError, match=r"uint8 \(n, side, side, 3 or 4\), not float32"):
        encoder.embed(np.zeros((1, 8, 8, 3), np.float32))


def test_shrinking_keeps_the_mean() -> None:
    picture = pictures(1, 256)[0]
    assert abs(shrink(picture).mean() - picture.mean()) < 0.5
