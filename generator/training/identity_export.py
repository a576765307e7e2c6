"""What leaves the identity stage: the ONNX file, and embeddings to train the denoiser on."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch

from generator.compact.identity_encoder import FILE, SIDE, IdentityEncoder, shrink
from generator.compact.identity_network import IdentityNetwork
from generator.training.backdrops import on_plain
from generator.training.growing import write_rows
from generator.training.head.gallery import GALLERY
from generator.training.likeness import Likeness
from generator.training.portraits import Portraits
from generator.training.prints import Prints

OPSET, LARGE = 17, 1000


def export_encoder(network: IdentityNetwork, folder: Path) -> Path:
    """Writes the network as ONNX with a free batch size; returns the file. It computes in float32, with weights kept in
    float16: embeddings to keep are those of the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    example, free = torch.zeros(2, 3, SIDE, SIDE), {0: "n"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter advises its successor, whose node names mislead ArcFaceONNX
        torch.onnx.export(
            network.eval(), (example,), str(folder / FILE), dynamo=False, opset_version=OPSET,
            input_names=["input"], output_names=["embedding"], dynamic_axes={"input": free, "embedding": free},
        )  # fmt: skip
    _halve(folder / FILE)
    return folder / FILE


def _halve(path: Path) -> None:
    """Keeps the larger weights in half of the bytes; they are widened when the file is loaded."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(path)
    casts = []
    for kept in model.graph.initializer:
        values = numpy_helper.to_array(kept)
        if values.dtype != np.float32 or values.size < LARGE:
            continue
        name = kept.name
        kept.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [kept.name], [name], f"Widen_{name}", to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path)


def write_embeddings(encoder: Likeness, prints: Prints, path: Path, mirrored: bool) -> None:
    """Embeds all pictures that it has not yet, and of `mirrored` ones each turned round: `path`, float16 (n, 512)."""
    turned = prints.count if mirrored else 0
    write_rows(path, prints.count, lambda rows: encoder(prints.take(rows + turned)))


def gallery_vectors(portraits: Portraits, encoder: IdentityEncoder) -> dict[str, np.ndarray]:
    """Name → (512,) float32 of unit length of the people that the model comes with: the mean of their plain portraits.
    `portraits` must start with them.
    """
    vectors = {}
    for number, person in enumerate(GALLERY):
        rows = np.flatnonzero((portraits.people == number) & ~portraits.dressed)
        mean = encoder.embed(on_plain(np.stack([shrink(np.array(portraits.pictures[row])) for row in rows]))).mean(0)
        vectors[person.name] = mean / np.linalg.norm(mean)
    return vectors
