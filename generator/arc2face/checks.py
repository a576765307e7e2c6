"""How each part of the release is held against what it has to be: asked once its files are there and whole.

A check returns all faults it finds, or raises an Explained error for the first that ends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import diffusers

from generator.arc2face.expected import adapter_faults, lora_faults, network_faults
from generator.arc2face.layout import Folders, part_named
from generator.arc2face.networks import (
    ENCODER_WEIGHTS,
    WEIGHTS,
    autoencoder_name,
    new_autoencoder,
    new_text_encoder,
    new_tiny_autoencoder,
    new_unet,
    read_config,
    text_encoder_name,
)
from generator.checkpoint import CheckpointError

EMBEDDING = 512


def _arc2face(folders: Folders) -> list[str]:
    return network_faults(folders.models / "arc2face", new_unet, WEIGHTS)


def _encoder(folders: Folders) -> list[str]:
    folder = folders.models / "encoder"
    own = network_faults(folder, new_text_encoder, ENCODER_WEIGHTS, text_encoder_name)
    return own + _disagreement(folders, "encoder", "hidden_size", "cross_attention_dim")


def _exp_adapter(folders: Folders) -> list[str]:
    part = part_named("exp_adapter")
    return adapter_faults(folders.of(part, part.files[0]), _unet(folders))


def _ref_adapter(folders: Folders) -> list[str]:
    part = part_named("ref_adapter")
    return lora_faults(folders.of(part, part.files[0]), _unet(folders), reference=True)


def _lcm_lora(folders: Folders) -> list[str]:
    part = part_named("lcm_lora")
    return lora_faults(folders.of(part, part.files[0]), _unet(folders), reference=False)


def _taesd(folders: Folders) -> list[str]:
    own = network_faults(folders.models / "taesd", new_tiny_autoencoder, WEIGHTS)
    return own + _disagreement(folders, "taesd", "latent_channels", "in_channels")


def _sd15(folders: Folders) -> list[str]:
    own = network_faults(folders.sd15 / "vae", new_autoencoder, WEIGHTS, autoencoder_name)
    path = folders.sd15 / "scheduler" / "scheduler_config.json"
    name = json.loads(path.read_text(encoding="utf-8")).get("_class_name")
    if not (isinstance(name, str) and name.endswith("Scheduler") and hasattr(diffusers, name)):
        own.append(f"{path}: _class_name is {name!r}, expected a scheduler of diffusers (PNDMScheduler in the release)")
    return own


def _antelopev2(folders: Folders) -> list[str]:
    """Whether onnxruntime opens them, and arcface.onnx gives an embedding."""
    try:
        import onnxruntime
    except ImportError as error:
        advice = "run `python3 run.py setup published`"
        raise CheckpointError(f"{folders.models / 'antelopev2'} needs onnxruntime ({error}): {advice}") from error
    faults: list[str] = []
    part = part_named("antelopev2")
    for path in (folders.of(part, file) for file in part.files):
        try:
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no base of their own
            faults.append(f"{path} is not opened by onnxruntime: {str(error).splitlines()[0]}")
            continue
        given = session.get_outputs()[0].shape
        if path.name == "arcface.onnx" and given[-1] != EMBEDDING:
            faults.append(f"{path} gives {given}, expected {EMBEDDING} numbers a face")
    return faults


def _smirk(folders: Folders) -> list[str]:
    from generator.smirk import ExpressionReader

    ExpressionReader(folders.models / "smirk")
    return []


def _mappings(folders: Folders) -> list[str]:
    from generator.blendshape_map import load_map

    load_map(str(folders.models / "mappings"))
    return []


def _unet(folders: Folders) -> Any:
    """Without numbers, for its shapes."""
    return new_unet(folders.models / "arc2face")


def _disagreement(folders: Folders, part: str, own: str, unets: str) -> list[str]:
    """A width in which a network and the UNet have to agree."""
    config, unet = read_config(folders.models / part), read_config(folders.models / "arc2face")
    if own not in config or unets not in unet or config[own] == unet[unets]:
        return []
    found = f"{own} is {config[own]}, but {unets} in {folders.models / 'arc2face' / 'config.json'} is {unet[unets]}"
    return [f"{folders.models / part / 'config.json'}: {found}"]


CHECKS: dict[str, Callable[[Folders], list[str]]] = {
    "arc2face": _arc2face,
    "encoder": _encoder,
    "exp_adapter": _exp_adapter,
    "ref_adapter": _ref_adapter,
    "lcm_lora": _lcm_lora,
    "taesd": _taesd,
    "antelopev2": _antelopev2,
    "smirk": _smirk,
    "mappings": _mappings,
    "sd15": _sd15,
}
