"""Where a light stands, in degrees and as a vector."""

import numpy as np
import pytest

from generator.light import Light, angle, direction


@pytest.mark.parametrize(
    ("light", "vector"),
    [
        ((0.0, 0.0), (0, 0, 1)),
        ((90.0, 0.0), (1, 0, 0)),
        ((-90.0, 0.0), (-1, 0, 0)),
        ((55.0, 90.0), (0, 1, 0)),
        ((-45.0, -30.0), (-0.6124, -0.5, 0.6124)),
    ],
)
def test_right_up_and_forward(light: Light, vector: tuple[float, float, float]) -> None:
    assert direction(light) == pytest.approx(np.array(vector), abs=1e-4)
    assert direction(light).dtype == np.float32


def test_an_angle_is_measured_on_the_sphere() -> None:
    assert angle((0.0, 0.0), (90.0, 0.0)) == pytest.approx(np.pi / 2)
    assert angle((0.0, 89.0), (90.0, 89.0)) == pytest.approx(np.radians(1.414), rel=1e-3)
    assert angle((-90.0, 0.0), (90.0, 0.0)) == pytest.approx(np.pi)
    assert angle((10.0, 20.0), (10.0, 20.0)) == 0.0
