"""How one person bears themselves, as the network's own geometry has it, and read without torch."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from generator.checkpoint import CheckpointError, model_folder
from generator.compact.bearing import WITHIN, Bearing, Landmarks, read_landmarks
from generator.compact.card import DENOISER, IDENTITY, read_card, read_identities
from generator.compact.geometry import Geometry, head_turn
from generator.compact.pose import SIDE, rotation

FOLDER = model_folder("compact")


@pytest.fixture(scope="module")
def landmarks() -> Landmarks:
    return read_landmarks(FOLDER)


def test_features_are_where_the_networks_own_geometry_has_them(landmarks: Landmarks) -> None:
    amara = read_identities(FOLDER, read_card(FOLDER))["Amara"].embedding
    geometry, bearing = Geometry(IDENTITY, 1).requires_grad_(False), Bearing(landmarks, amara)
    geometry.load_state_dict({name: torch.from_numpy(weight) for name, weight in landmarks.items()})
    curves = np.random.default_rng(0).uniform(0, 1, (4, 55)).astype(np.float32)
    curves[:, 52:] = ((0, 0, 0), (0.5, 0, 0), (0.1, -0.3, 0.2), (-0.4, 0.3, -0.3))
    points = geometry.points(torch.from_numpy(amara).expand(4, -1), torch.from_numpy(curves)).numpy()
    for row, expected in zip(curves, points, strict=True):
        assert np.abs(bearing.at(row).places - ((expected * (1, -1) + 1) * (SIDE / 2) - 0.5)).max() < 1e-4


def test_a_heads_rotation_is_the_networks() -> None:
    for angles in ((0.4, 0.0, 0.0), (0.0, 0.3, 0.0), (0.0, 0.0, -0.2), (-0.3, 0.2, 0.1)):
        assert np.allclose(rotation(np.array(angles)), head_turn(torch.tensor([angles]))[0], atol=1e-6)


def test_a_model_that_lacks_its_landmarks_or_is_cut_off_says_so(tmp_path: Path, landmarks: Landmarks) -> None:
    path = tmp_path / DENOISER
    path.write_bytes((FOLDER / DENOISER).read_bytes()[:100_000])
    with pytest.raises(CheckpointError, match=r"denoiser.safetensors is damaged"):
        read_landmarks(tmp_path)
    save_file({"odd": np.zeros(1, np.float32)}, path)
    with pytest.raises(CheckpointError, match=r"is damaged: File does not contain tensor expression.geometry"):
        read_landmarks(tmp_path)
    save_file({WITHIN + name: weight[..., :-1].copy() for name, weight in landmarks.items()}, path)
    with pytest.raises(CheckpointError, match=r"is damaged: .*mismatch"):
        read_landmarks(tmp_path)


def test_the_model_draws_without_torch_once_it_is_converted() -> None:
    """torch takes longer to load than a first picture may take."""
    script = (
        "import sys; from generator.diffusion import load_diffusion; import numpy as np; "
        "from generator.face_generator import StreamSettings; model = load_diffusion('compact', 'openvino'); "
        "stream = model.open_stream(StreamSettings('Amara', 256)); "
        "print(model.render([(stream, np.zeros(55, np.float32))])[0].pixels.shape, 'torch' in sys.modules)"
    )
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True) for _ in range(2)]
    assert runs[1].stdout == "(256, 256, 4) False\n", runs[1].stderr
