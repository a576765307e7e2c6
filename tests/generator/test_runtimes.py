"""Every way to run the network gives the same picture."""

import pytest
import torch

from generator.checkpoint import model_folder, read_card
from generator.runtimes import load_runtime
from generator.runtimes.eager import EagerRuntime
from generator.runtimes.openvino import OpenVinoRuntime
from generator.temporal import stream_noise

FOLDER = model_folder("compact")


def inputs(count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    noise = torch.stack([stream_noise(seed, 16, 16) for seed in range(count)])
    identity = torch.nn.functional.normalize(torch.randn(count, 512, generator=torch.Generator().manual_seed(1)), dim=1)
    return noise, torch.full((count,), 999), identity, torch.linspace(0, 0.6, count * 55).reshape(count, 55) * 0.2


@pytest.fixture(scope="module")
def fast() -> OpenVinoRuntime:
    return OpenVinoRuntime(FOLDER, read_card(FOLDER))


@pytest.mark.parametrize("count", [1, 3, 4])
def test_openvino_draws_what_torch_draws(fast: OpenVinoRuntime, count: int) -> None:
    reference = EagerRuntime(FOLDER, read_card(FOLDER), "cpu")
    given = inputs(count)
    expected, got = (runtime.decode(runtime.denoise(*given)).float() for runtime in (reference, fast))
    assert got.shape == (count, 128, 128, 3)
    assert (expected - got).abs().mean() < 2.5  # of 255: bfloat16 against float32


def test_too_many_streams_in_one_pass_are_refused(fast: OpenVinoRuntime) -> None:
    with pytest.raises(ValueError, match="5 streams in one pass; this runtime takes 4"):
        fast.denoise(*inputs(5))


def test_without_a_card_auto_takes_openvino() -> None:
    if torch.cuda.is_available():
        pytest.skip("a graphics card is here")
    assert isinstance(load_runtime(FOLDER, read_card(FOLDER)), OpenVinoRuntime)
