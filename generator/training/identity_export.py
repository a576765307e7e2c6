"""What leaves the identity stage: the ONNX file, and embeddings to train the denoiser on."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch

from generator.compact.identity_encoder import FILE, SIDE, WIDTH, IdentityEncoder, shrink
from generator.compact.identity_network import IdentityNetwork
from generator.training.backdrops import on_plain
from generator.training.head.gallery import GALLERY
from generator.training.portraits import Portraits, open_portraits

OPSET, CHUNK, LARGE = 17, 64, 1000


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


def write_embeddings(encoder: IdentityEncoder, source: Path, path: Path, go_on: bool = False) -> np.ndarray:
    """Embeds all portraits that `source` holds so far, on the plain backdrop: `path`, float16 (n, 512). With `go_on`,
    what `path` holds already is the same encoder's, and only later portraits are embedded.
    """
    pictures = open_portraits(source).pictures
    embeddings = np.zeros((len(pictures), WIDTH), np.float16)
    before = np.load(path) if go_on and path.exists() else embeddings[:0]
    embeddings[: len(before)] = before
    for at in range(len(before), len(pictures), CHUNK):
        shrunk = np.stack([shrink(picture) for picture in pictures[at : at + CHUNK]])
        embeddings[at : at + CHUNK] = encoder.embed(on_plain(shrunk))
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, embeddings)
    return embeddings


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
