"""What is wrong with a release is told by file, tensor, expected and found; nothing half-loaded serves."""

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.arc2face.lora import read_lora
from generator.arc2face.place import Place, place_of
from generator.arc2face.release import Release, load_release
from generator.checkpoint import CheckpointError
from tests.generator.published import write_release

UNET = "models/arc2face/diffusion_pytorch_model.safetensors"
ENCODER = "models/encoder/pytorch_model.bin"
ADAPTER = "models/exp_adapter/exp_adapter.bin"
LORA = "models/ref_adapter/pytorch_lora_weights.safetensors"
VAE = "sd15/vae/diffusion_pytorch_model.safetensors"
Damage = Callable[[Path], object]


def load(folder: Path, dtype: torch.dtype = torch.float32) -> Release:
    return load_release(folder / "models", folder / "sd15", Place("cpu", dtype), few_steps=True, tiny=True)


def edited(change: Callable[[dict[str, torch.Tensor]], object]) -> Damage:
    """Tensors of a .safetensors changed in place."""

    def damage(path: Path) -> None:
        tensors = load_file(path)
        change(tensors)
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)

    return damage


def repickled(change: Callable[[dict], object]) -> Damage:
    """The state dict of a .bin changed in place."""

    def damage(path: Path) -> None:
        state = torch.load(path, weights_only=True)
        change(state)
        torch.save(state, path)

    return damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


class Mischief:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return print, ("code from a checkpoint ran",)


def configured(**changes: object) -> Damage:
    def damage(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return damage


NAN = torch.tensor(float("nan"))
CONV = "conv_in.weight"
FAULTS: dict[str, tuple[str, Damage, str]] = {
    "cut short": (UNET, cut, r"diffusion_pytorch_model.safetensors is damaged or cut short"),
    "missing": (UNET, Path.unlink, r"arc2face lacks diffusion_pytorch_model.safetensors or"),
    "a tensor missing": (UNET, edited(lambda t: t.pop(CONV)), r"safetensors lacks conv_in.weight"),
    "a tensor too many": (UNET, edited(lambda t: t.update(x=NAN * 0)), r"not finite|has unknown tensors x"),
    "another width": (
        UNET, edited(lambda t: t.update({CONV: torch.zeros(16, 4, 3, 3)})),
        r"conv_in.weight is \[16, 4, 3, 3\], expected \[32, 4, 3, 3\]",
    ),
    "NaN": (UNET, edited(lambda t: t[CONV].fill_(NAN)), r"conv_in.weight holds numbers that are not finite"),
    "encoder cut short": (ENCODER, cut, r"pytorch_model.bin is damaged or cut short"),
    "encoder is code": (
        ENCODER, lambda path: path.write_bytes(pickle.dumps(Mischief())), r"holds more than tensors, so it is not read"
    ),
    "encoder asks for code": (
        ENCODER, lambda path: torch.save({"a": Mischief()}, path), r"holds more than tensors \(it asks for print\)"
    ),
    "encoder is a list": (ENCODER, lambda path: torch.save([1], path), r"holds a list, not a state dict"),
    "encoder holds a list": (ENCODER, repickled(lambda s: s.update(step=[3])), r"step is a list, not a tensor"),
    "another text encoder": (
        "models/encoder/config.json", configured(hidden_size=16),
        r"embeddings.position_embedding.weight is \[77, 32\], expected \[77, 16\]",
    ),
    "config is no JSON": ("models/arc2face/config.json", lambda p: p.write_text("{"), r"config.json is not JSON"),
    "config of no network": (
        "models/arc2face/config.json", configured(down_block_types=["Nonsense"]), r"config.json describes no network",
    ),
    "adapter of something else": (
        ADAPTER, lambda path: torch.save({"w": {"a": torch.zeros(1)}}, path), r"is no IP-Adapter: there is no image"
    ),
    "adapter for another width": (
        ADAPTER, repickled(lambda s: s["ip_adapter"].update({"1.to_k_ip.weight": torch.zeros(32, 8)})),
        r"ip_adapter.1.to_k_ip.weight is \[32, 8\], expected \[32, 32\]",
    ),
    "adapter with a layer missing": (
        ADAPTER, repickled(lambda s: s["ip_adapter"].pop("1.to_v_ip.weight")), r"ip_adapter.1.to_v_ip.weight is missing"
    ),
    "adapter with a layer too many": (
        ADAPTER, repickled(lambda s: s["ip_adapter"].update({"99.to_k_ip.weight": torch.zeros(1)})),
        r"ip_adapter.99.to_k_ip.weight belongs to no cross-attention layer",
    ),
    "adapter of other curves": (
        ADAPTER, repickled(lambda s: s["image_proj"].update({"proj.0.weight": torch.zeros(110, 52)})),
        r"image_proj.proj.0.weight is \[110, 52\], expected one that takes 55 numbers",
    ),
    "LoRA of something else": (
        LORA, lambda path: save_file({"a.weight": torch.zeros(1)}, path), r"pytorch_lora_weights.safetensors"
    ),
    "LoRA without its half": (
        LORA, edited(lambda t: t.pop(next(name for name in t if "lora_B" in name))), r"no pair of matrices of one rank"
    ),
    "autoencoder with a tensor missing": (VAE, edited(lambda t: t.pop("decoder.conv_in.bias")), r"lacks decoder"),
    "scheduler of nobody": (
        "sd15/scheduler/scheduler_config.json", configured(_class_name="Nonsense"), r"describes no scheduler"
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_release(tmp_path)
    return tmp_path


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(folder: Path, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, damage, told = FAULTS[fault]
    damage(folder / name)
    with pytest.raises(CheckpointError, match=told) as error:
        load(folder)
    assert str(folder) in str(error.value) and "\n" not in str(error.value)
    assert "code from a checkpoint ran" not in capsys.readouterr().out


def test_numbers_too_large_for_the_dtype_are_found(folder: Path) -> None:
    edited(lambda tensors: tensors[CONV].fill_(1e6))(folder / UNET)
    load(folder)
    with pytest.raises(CheckpointError, match=r"conv_in.weight holds numbers that are not finite in float16"):
        load(folder, torch.float16)


def test_a_bin_of_before_torch_saved_zips_is_read(folder: Path) -> None:
    state = torch.load(folder / ENCODER, weights_only=True)
    torch.save(state, folder / ENCODER, _use_new_zipfile_serialization=False)
    load(folder)


def test_stable_diffusions_older_names_for_attention_are_read(folder: Path) -> None:
    older = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value.", ".to_out.0.": ".proj_attn."}

    def rename(tensors: dict[str, torch.Tensor]) -> None:
        for name in [name for name in tensors if "attentions" in name]:
            new = next((name.replace(now, old) for now, old in older.items() if now in name), name)
            tensors[new] = tensors.pop(name)

    edited(rename)(folder / VAE)
    assert any(".proj_attn." in name for name in load_file(folder / VAE))
    load(folder)


def test_every_tensor_is_in_the_target_dtype(folder: Path) -> None:
    release = load(folder, torch.bfloat16)
    assert release.tiny is not None
    networks = (release.denoiser.unet, release.autoencoder, release.tiny, release.encoder._encoder)
    found = {tensor.dtype for network in networks for tensor in network.parameters()}
    assert found == {torch.bfloat16}


def test_what_a_training_left_behind_in_the_adapter_is_passed_over(folder: Path) -> None:
    repickled(lambda state: state.update(global_step=7, ema=torch.zeros(3), note="x", optimizer={"a": torch.zeros(1)}))(
        folder / ADAPTER
    )
    assert load(folder).denoiser.expression is not None


@pytest.mark.parametrize(
    ("header", "delta"),
    [
        ({"unet.r": 4, "unet.lora_alpha": 2}, 2.0),
        ({"unet.r": 4, "unet.lora_alpha": 2, "unet.use_rslora": True}, 4.0),
        ({"unet.r": 4, "unet.lora_alpha": 2, "unet.alpha_pattern": {"a": 8}}, 8.0),
        ({"unet.r": 4, "unet.lora_alpha": 2, "unet.alpha_pattern": {"other": 8}}, 2.0),
        ({"unet.r": 8, "unet.lora_alpha": 4, "unet.rank_pattern": {"a": 4}}, 4.0),
        ({}, 4.0),
    ],
)
def test_a_lora_is_weighed_as_it_was_trained(tmp_path: Path, header: dict[str, object], delta: float) -> None:
    tensors = {"unet.block.a.lora_A.weight": torch.ones(4, 3), "unet.block.a.lora_B.weight": torch.ones(4, 4)}
    save_file(tensors, tmp_path / "lora.safetensors", {"lora_adapter_metadata": json.dumps(header)} if header else None)
    layer = read_lora(tmp_path / "lora.safetensors", "cpu", torch.float32)["block.a"]
    torch.testing.assert_close(layer.delta(), torch.full((4, 3), delta))


def test_where_to_compute() -> None:
    assert place_of("cpu") == Place("cpu", torch.float32)
    assert place_of("cpu", "bfloat16").dtype is torch.bfloat16
    if not torch.cuda.is_available():
        assert place_of() == Place()
        with pytest.raises(CheckpointError, match=re.escape("torch finds no CUDA here")):
            place_of("cuda")
