"""A take in the engine: blend shapes are set, the picture comes back, and the texture holds what the server sent."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bridge.config import Config
from bridge.server import Server
from bridge.takes.live_link_csv import read_take
from generator.face_generator import Drawn
from generator.testcard import TestCard
from protocol.blendshapes import ARKIT55
from tests.godot_engine import display, godot, needs_godot

pytestmark = needs_godot
TAKE = Path(__file__).parents[1] / "bridge" / "takes" / "bundled" / "first_minute.csv"
FRAMES = [0, 120, 300]
SHAPES = [  # that the head has; the other curves are sent as 0
    "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthPucker", "mouthFunnel", "browInnerUp", "browDownLeft", "browDownRight", "cheekPuff",
    "noseSneerLeft", "noseSneerRight", "headYaw", "headPitch", "headRoll",
]  # fmt: skip
RGBA8 = 5  # Image.FORMAT_RGBA8


class KeptCard(TestCard):
    """A test card that remembers the curves of every picture, by the picture's hash."""

    def __init__(self) -> None:
        self.curves: dict[str, np.ndarray] = {}

    def render(self, frames: Any) -> list[Drawn]:
        drawn = super().render(frames)
        for (_, values), one in zip(frames, drawn, strict=True):
            self.curves[hashlib.sha256(one.pixels.tobytes()).hexdigest()] = values.copy()
        return drawn


def test_the_texture_holds_what_the_server_drew_of_the_take(tmp_path: Path) -> None:
    card = KeptCard()
    screenshot = Path(os.environ.get("FACEBRIDGE_ARTIFACTS", tmp_path)).resolve() / "godot.png"
    with display() as screen, Server(Config(bind="tcp://127.0.0.1:*", model="testcard"), card) as server:
        settings = {"address": server.address, "identity": "teal", "size": 128}
        variables = {
            "FACEBRIDGE_TAKE": str(TAKE),
            "FACEBRIDGE_FRAMES": " ".join(map(str, FRAMES)),
            "FACEBRIDGE_SETTINGS": json.dumps(settings),
            "FACEBRIDGE_SCREENSHOT": str(screenshot),
        }
        with godot(screen, tmp_path, "checks/picture.gd", **variables) as engine:
            told = engine.rest()

    assert [line["frame"] for line in told] == FRAMES
    take = read_take(TAKE).curves
    for line in told:
        assert (line["width"], line["height"], line["format"]) == (128, 128, RGBA8)
        assert line["pixels"] == line["sent"], "the texture, read back from the renderer, is what came"
        performed = np.where(np.isin(ARKIT55, SHAPES), take[line["frame"]], 0)
        assert card.curves[line["sent"]] == pytest.approx(performed, abs=1e-5)
    check_window(screenshot)


def check_window(path: Path) -> None:
    """The head is left, and right the card stands upright in its frame: white, red, green, blue in its corners."""
    kept = cv2.imread(str(path))
    assert kept is not None, "Godot kept no window"
    window = kept[..., ::-1].astype(int)  # red first
    card = window[80:434, 520:876]
    corners = {
        colour: np.argwhere((np.abs(card - np.array(colour)) < 6).all(axis=2)).mean(axis=0)
        for colour in [(255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
    }
    middle = np.array(card.shape[:2]) / 2
    sides = {colour: tuple(np.sign(place - middle).astype(int)) for colour, place in corners.items()}
    assert sides == {(255, 255, 255): (-1, -1), (255, 0, 0): (-1, 1), (0, 255, 0): (1, -1), (0, 0, 255): (1, 1)}
    head = window[60:480, 80:420]
    skin = (head[..., 0] > head[..., 2] + 20) & (head[..., 0] > 90)
    assert 0.3 < skin.mean() < 0.9
