"""The drawn mesh: what is seen, what is hidden, and how it is lit."""

import numpy as np

from bridge.mesh_view import MeshView
from bridge.strip import BACKGROUND

SQUARE = np.array([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]])
FRONT = np.array([[0, 1, 2], [0, 2, 3]])
SIZE = 128


def drawn(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    image = MeshView(SQUARE, faces, SIZE).draw(vertices)
    assert image.shape == (SIZE, SIZE, 3) and image.dtype == np.uint8
    return image


def covered(image: np.ndarray) -> np.ndarray:
    return (image != BACKGROUND).any(axis=2)


def test_the_mesh_at_rest_stands_in_the_middle_with_room_around_it() -> None:
    rows, columns = np.nonzero(covered(drawn(SQUARE, FRONT)))
    assert rows.min() + rows.max() == SIZE - 1 == columns.min() + columns.max()
    assert 0.75 * SIZE < rows.max() - rows.min() < 0.9 * SIZE


def test_the_outside_is_seen_and_the_inside_is_not() -> None:
    assert covered(drawn(SQUARE, FRONT)).any()
    assert not covered(drawn(SQUARE, FRONT[:, ::-1])).any()


def test_x_goes_right_and_y_up() -> None:
    rows, columns = np.nonzero(covered(drawn(SQUARE * 0.2 + (0.6, 0.6, 0), FRONT)))
    assert rows.max() < SIZE / 2 < columns.min()


def test_the_nearer_covers_the_farther_in_whatever_order_they_come() -> None:
    tilted = np.array([[-1.0, -1, -1], [1, -1, -1], [1, 1, -3], [-1, 1, -3]])  # leans back: darker or paler than facing
    both, faces = np.concatenate([SQUARE, tilted]), np.concatenate([FRONT, FRONT + 4])
    alone = drawn(SQUARE, FRONT)
    seen = covered(alone)
    for order in (faces, faces[::-1]):
        assert np.array_equal(drawn(both, order)[seen], alone[seen])
    assert not np.array_equal(drawn(tilted, FRONT), alone)


def test_what_faces_the_lamp_is_the_brightest() -> None:
    angle = 0.6
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    to_the_right, to_the_left = (drawn(SQUARE @ matrix.T, FRONT)[SIZE // 2, SIZE // 2] for matrix in (turn, turn.T))
    assert to_the_left.sum() > to_the_right.sum() + 60  # the lamp is on the left


def test_a_face_without_area_is_passed_over() -> None:
    flat = SQUARE.copy()
    flat[:, 0] = 0.0
    assert not covered(drawn(flat, FRONT)).any()


def test_shading_runs_smoothly_across_a_fold() -> None:
    fold = np.array([[-1.0, -1, 0], [0, -1, 0.5], [1, -1, 0], [1, 1, 0], [0, 1, 0.5], [-1, 1, 0]])
    image = drawn(fold, np.array([[0, 1, 4], [0, 4, 5], [1, 2, 3], [1, 3, 4]])).astype(int)
    across = image[SIZE // 2, SIZE // 4 : -SIZE // 4].sum(axis=1)
    assert np.abs(np.diff(across)).max() < 30 < np.ptp(across)
