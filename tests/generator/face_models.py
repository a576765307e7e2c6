"""Small ONNX networks in the shapes of antelopev2's, so that insightface's own classes run on them.

The detector that knows has found its faces beforehand, in a picture of a given size. The detector that looks finds
magenta squares one of its cells large, at whatever size it is asked to look: a face too large for it goes unseen, as
faces that fill the frame do. The landmarks are always at the same place in the face's box. The recogniser is a seeded
random matrix on a picture of 7 × 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
FIELDS = (("score", 1), ("box", 4), ("points", 10))
CELL = STRIDES[0]
MAGENTA = (255, 0, 255)
REACH = (4, 5, 4, 5)  # cells from a magenta square to the left, top, right and bottom of its face
FEATURES = ((-1.5, -1.0), (1.5, -1.0), (0.0, 0.5), (-1.0, 2.0), (1.0, 2.0))  # cells; eyes, nose, mouth's corners
SEED = 3


@dataclass(frozen=True, slots=True, eq=False)
class KnownFace:
    """`box` (4,) left, top, right, bottom and `points` (5, 2): eyes, nose, mouth's corners; pixels of a picture."""

    box: np.ndarray
    points: np.ndarray


def write_face_models(folder: Path, landmarks: np.ndarray, faces: Sequence[KnownFace] = (), height: int = 0) -> Path:
    """`folder`/antelopev2 with landmarks (68, 2) in units of the box's longer side from its centre. With `faces`, of a
    square picture of that `height`, the detector that knows; else the one that looks. Returns `folder`.
    """
    place = folder / "antelopev2"
    place.mkdir(parents=True)
    detector = knowing_detector(faces, height) if faces else looking_detector()
    onnx.save(detector, place / "scrfd_10g_bnkps.onnx")
    onnx.save(landmark_network(landmarks), place / "1k3d68.onnx")
    onnx.save(recogniser(), place / "arcface.onnx")
    return folder


def knowing_detector(faces: Sequence[KnownFace], height: int) -> onnx.ModelProto:
    """Sees 640 × 640 and nothing else, and says in each cell of each stride what was found beforehand."""
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
    ]
    tensors, outputs = [numpy_helper.from_array(np.zeros((), np.float32), "nothing")], []
    for field, (name, count) in enumerate(FIELDS):
        for stride in STRIDES:
            known = np.zeros(((640 // stride) ** 2 * 2, count), np.float32)
            for row, values in _answers(faces, 640 / height, stride):
                known[row] = values[field]
            tensors.append(numpy_helper.from_array(known, f"known_{name}_{stride}"))
            nodes.append(helper.make_node("Add", [f"known_{name}_{stride}", "zero"], [f"{name}_{stride}"]))
            outputs.append(helper.make_tensor_value_info(f"{name}_{stride}", TensorProto.FLOAT, known.shape))
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 640, 640])
    return _model(helper.make_graph(nodes, "knowing", [picture], outputs, tensors))


def _answers(faces: Sequence[KnownFace], scale: float, stride: int) -> list[tuple[int, tuple[float, ...]]]:
    """The row and the values of every face at this stride: the middle one answers, the others say nothing."""
    if stride != STRIDES[1]:
        return []
    answers = []
    for face in faces:
        box, points = face.box * scale, face.points * scale
        cell = ((box[:2] + box[2:]) / 2 // stride).astype(int)
        anchor = cell * stride
        reach = np.concatenate([anchor - box[:2], box[2:] - anchor]) / stride
        answers.append(((cell[1] * (640 // stride) + cell[0]) * 2, (0.9, reach, ((points - anchor) / stride).ravel())))
    return answers


def looking_detector() -> onnx.ModelProto:
    """A convolution over cells: magenta in the middle, none around it."""
    magenta = np.array([1, -1, 1], np.float32)[:, None, None]  # 3 for magenta, at most 1 for any grey
    around = np.full((3, 3), -1 / 8, np.float32)
    around[1, 1] = 1
    nodes, tensors, outputs = [], [], {}
    for stride in STRIDES:
        cells = f"cells_{stride}"
        nodes.append(
            helper.make_node("AveragePool", ["picture"], [cells], kernel_shape=[stride] * 2, strides=[stride] * 2)
        )
        score = np.zeros((2, 3, 3, 3), np.float32)  # two anchors a cell: the second one says nothing
        score[0] = 20 * magenta * around if stride == CELL else 0
        weights = {"score": score, "box": np.zeros((8, 3, 1, 1)), "points": np.zeros((20, 3, 1, 1))}
        biases = {"score": (-64 if stride == CELL else -99, -99), "box": REACH * 2, "points": np.ravel(FEATURES * 2)}
        for name, count in FIELDS:
            key = f"{name}_{stride}"
            nodes += _head(cells, key, "Sigmoid" if name == "score" else "Identity", weights[name].shape[-1] // 2)
            tensors += [
                numpy_helper.from_array(weights[name].astype(np.float32), f"weights_{key}"),
                numpy_helper.from_array(np.array(biases[name], np.float32), f"bias_{key}"),
                numpy_helper.from_array(np.array([-1, count]), f"shape_{key}"),
            ]
            outputs[name, stride] = helper.make_tensor_value_info(key, TensorProto.FLOAT, [f"n{stride}", count])
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, "height", "width"])
    ordered = [outputs[name, stride] for name, _ in FIELDS for stride in STRIDES]
    return _model(helper.make_graph(nodes, "looking", [picture], ordered, tensors))


def _head(cells: str, key: str, activation: str, pad: int) -> list[onnx.NodeProto]:
    """A value for every anchor of every cell, a row each."""
    return [
        helper.make_node("Conv", [cells, f"weights_{key}", f"bias_{key}"], [f"map_{key}"], pads=[pad] * 4),
        helper.make_node("Transpose", [f"map_{key}"], [f"last_{key}"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", [f"last_{key}", f"shape_{key}"], [f"rows_{key}"]),
        helper.make_node(activation, [f"rows_{key}"], [key]),
    ]


def landmark_network(landmarks: np.ndarray) -> onnx.ModelProto:
    """1k3d68: 1,103 points, the last 68 of them the landmarks, in -1..1 of a crop 1.5 times the box's longer side."""
    points = np.zeros((1103, 3), np.float32)
    points[-68:, :2] = landmarks / 0.75
    points[-68:, 2] = np.random.default_rng(SEED).normal(size=68) * 0.1
    tensors = [
        numpy_helper.from_array(points.reshape(1, -1), "known"),
        numpy_helper.from_array(np.zeros((), np.float32), "nothing"),
    ]
    nodes = [
        helper.make_node("ReduceMean", ["data"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["known", "zero"], ["fc1"]),
    ]
    data = helper.make_tensor_value_info("data", TensorProto.FLOAT, ["n", 3, 192, 192])
    fc1 = helper.make_tensor_value_info("fc1", TensorProto.FLOAT, ["n", 3309])
    return _model(helper.make_graph(nodes, "landmarks", [data], [fc1], tensors))


def recogniser() -> onnx.ModelProto:
    nodes = [
        helper.make_node("AveragePool", ["input.1"], ["small"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Flatten", ["small"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["683"]),
    ]
    tensors = [numpy_helper.from_array(recogniser_weights(), "weights")]
    picture = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, ["n", 3, 112, 112])
    vector = helper.make_tensor_value_info("683", TensorProto.FLOAT, ["n", 512])
    return _model(helper.make_graph(nodes, "recogniser", [picture], [vector], tensors))


def recogniser_weights() -> np.ndarray:
    return np.random.default_rng(SEED).normal(size=(147, 512)).astype(np.float32)


def with_squares(size: int, *squares: tuple[int, int, int]) -> np.ndarray:
    """A black square picture, uint8 (size, size, 3) RGB, with magenta squares (x, y, side)."""
    picture = np.zeros((size, size, 3), np.uint8)
    for x, y, side in squares:
        picture[y : y + side, x : x + side] = MAGENTA
    return picture


def plain_landmarks() -> np.ndarray:
    """(68, 2) in units of the box's longer side from its centre: eyes level, a mouth below, the rest on a circle."""
    turn = np.linspace(0, 2 * np.pi, 68, endpoint=False)
    points = np.stack([np.cos(turn), np.sin(turn)], 1) * 0.45
    ring = np.stack([np.cos(np.arange(6) * np.pi / 3), np.sin(np.arange(6) * np.pi / 3)], 1) * 0.05
    points[36:42], points[42:48] = ring + np.array([-0.2, -0.1]), ring + np.array([0.2, -0.1])
    points[48], points[54] = (-0.15, 0.25), (0.15, 0.25)
    return points


def face_by_yunet(network: Path, picture: np.ndarray) -> tuple[KnownFace, np.ndarray]:
    """What OpenCV's YuNet finds in a photograph of one person, and landmarks (68, 2) that fit, as above."""
    detector = cv2.FaceDetectorYN.create(str(network), "", picture.shape[1::-1], 0.6)
    found = detector.detect(np.ascontiguousarray(picture[..., ::-1]))[1][0]
    box = np.array([*found[:2], *(found[:2] + found[2:4])], np.float32)
    points = found[4:14].reshape(5, 2)
    return KnownFace(box, points), landmarks_through(points, box)


def landmarks_through(points: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The plain landmarks, moved and turned onto five points of a face in a box."""
    plain = plain_landmarks()
    known = np.array([plain[36:42].mean(0), plain[42:48].mean(0), plain[48], plain[54]])
    seen = (points[[0, 1, 3, 4]] - (box[:2] + box[2:]) / 2) / max(box[2:] - box[:2])
    place, *_ = np.linalg.lstsq(np.column_stack([known, np.ones(4)]), seen, rcond=None)
    return np.column_stack([plain, np.ones(68)]) @ place


def _model(graph: onnx.GraphProto) -> onnx.ModelProto:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    return model
