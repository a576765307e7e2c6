"""Curves as a user writes them."""

import numpy as np
import pytest

from bridge.curve_names import as_curves
from protocol.blendshapes import ARKIT52, ARKIT55


def test_names_go_to_their_places_and_the_rest_is_zero() -> None:
    curves = as_curves({"jawOpen": 0.4, "headYaw": -0.2}, "arkit55")

    assert (curves.dtype, curves.shape) == (np.float32, (55,))
    assert {ARKIT55[place] for place in np.flatnonzero(curves)} == {"jawOpen", "headYaw"}
    assert curves[ARKIT55.index("headYaw")] == pytest.approx(-0.2)


@pytest.mark.parametrize("values", [np.full(52, 0.5), [0.5] * 52, np.full(52, 0.5, np.float16)])
def test_arrays_of_any_number_type_will_do(values: object) -> None:
    curves = as_curves(values, "arkit52")  # pyright: ignore[reportArgumentType]

    assert curves.dtype == np.float32
    assert curves.tolist() == [0.5] * len(ARKIT52)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"jawopen": 1}, "unknown curve 'jawopen'; did you mean 'jawOpen'?"),
        ({"eye_blink_left": 1}, "unknown curve 'eye_blink_left'; did you mean 'eyeBlinkLeft'?"),
        ({"EyeBlinkLeft": 1}, "unknown curve 'EyeBlinkLeft'; did you mean 'eyeBlinkLeft'?"),
        ({"expression00": 1}, "unknown curve 'expression00'; arkit52 does not have it, flame55 does"),
        ({"zzz": 1}, "unknown curve 'zzz'; see protocol.blendshapes for those of arkit52"),
        ({"jawOpen": float("nan")}, "the curve jawOpen is nan; it must be a finite number"),
        (np.array([0.0] * 51 + [np.inf]), "the curve tongueOut is inf; it must be a finite number"),
        (np.zeros(55), "arkit52 has 52 curves, got an array of shape (55,)"),
        (np.zeros((1, 52)), "arkit52 has 52 curves, got an array of shape (1, 52)"),
    ],
)
def test_what_does_not_fit_is_named(values: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        as_curves(values, "arkit52")  # pyright: ignore[reportArgumentType]
    assert str(caught.value) == message
