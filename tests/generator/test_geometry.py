"""The face model in miniature: the rig's own turn and camera, and maps that tell a landmark's place exactly."""

import numpy as np
import torch

from generator.compact import geometry
from generator.training.geometry_stage import in_pixels, new_geometry
from generator.training.head import camera, turns
from generator.training.head.landmarks import NAMES


def test_it_turns_and_sees_as_the_renderer_does():
    assert (camera.DISTANCE - camera.FOCUS_DEPTH) / camera.HALF_WIDTH == geometry.ZOOM
    assert (geometry.DISTANCE, geometry.CENTRE_HEIGHT) == (camera.DISTANCE, camera.CENTRE_HEIGHT)
    assert tuple(turns.PIVOT) == geometry.PIVOT
    angles = np.array([[0.3, -0.2, 0.1], [-0.5, 0.3, -0.3]])
    expected = np.stack([turns.head_turn(row) for row in angles])
    assert np.allclose(geometry.head_turn(torch.tensor(angles)).numpy(), expected)


def test_an_untrained_face_is_the_rigs_own():
    face = new_geometry(512, 16)
    points = in_pixels(face.points(torch.zeros(1, 512), torch.zeros(1, 55)), 256)
    assert points.shape == (1, len(NAMES), 2) == (1, geometry.LANDMARKS, 2)
    nose, chin = points[0, NAMES.index("nose_tip")], points[0, NAMES.index("jaw_chin")]
    assert abs(nose[0].item() - 128) < 3
    assert chin[1] > nose[1] + 50


def test_the_maps_tell_where_a_landmark_is():
    points = torch.tensor([[[0.21, -0.37], [-0.6, 0.5]]])
    maps = geometry.spots(points, 16)[0]
    for k, (x, y) in enumerate(((0.21, -0.37), (-0.6, 0.5))):
        row, column = divmod(int(maps[k].argmax()), 16)
        across = float(maps[2 + k, row, column] / maps[k, row, column])
        down = float(maps[4 + k, row, column] / maps[k, row, column])
        assert abs((column + 0.5 - across) / 8 - 1 - x) < 1e-4
        assert abs(1 - (row + 0.5 - down) / 8 - y) < 1e-4


def test_its_places_are_not_rounded_to_half_precision():
    face = new_geometry(512, 16)
    identity, curves = torch.randn(2, 512) / 512**0.5, torch.rand(2, 55)
    with torch.autocast("cpu", torch.bfloat16):
        rounded = face(identity, curves)
    assert torch.equal(rounded, face(identity, curves))
