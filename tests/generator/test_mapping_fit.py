"""Fitting a mapping from paired rows: the regression by hand, and a known mapping found again in a real recording."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.takes import read_take
from generator.blendshape_map import MappingError
from generator.mappings.fit import Card, fit_map
from generator.mappings.mapping import WIDTHS
from protocol.blendshapes import ARKIT52, INDEX

CARD = Card("fitted", "invented", "none")


def flame(rows: int, **groups: np.ndarray) -> dict[str, np.ndarray]:
    return {"expression": np.zeros((rows, 50)), "jaw": np.zeros((rows, 3))} | groups


def seeded(seed: int = 8) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    scales = {"expression": 1.0, "eyelids": 0.3, "jaw": 0.2, "gaze": 0.2}
    return {name: scales[name] * rng.normal(size=(52, width)) for name, width in WIDTHS.items()}


def test_the_ridge_by_hand() -> None:
    """A curve of variance 0.25 that moves the jaw by 0.4: the ridge of 0.05 leaves 0.25 / 0.30 of it."""
    curves = np.zeros((4, 52))
    curves[:, INDEX["jawOpen"]] = 0, 1, 0, 1
    jaw = np.zeros((4, 3))
    jaw[:, 0] = 0.1 + 0.4 * curves[:, INDEX["jawOpen"]]  # the rest of 0.1 is the tracker's own
    fit = fit_map(curves, flame(4, jaw=jaw), CARD, ridge=0.05)
    row = fit.mapping.curves.index("jawOpen")
    assert fit.mapping.group("jaw")[row] == pytest.approx([0.4 * 0.25 / 0.30, 0, 0])
    of_the_jaw = next(residual for residual in fit.residuals if residual.group == "jaw")
    assert of_the_jaw.movement == pytest.approx(0.2 / 3**0.5) and of_the_jaw.left == pytest.approx(0.2 / 6 / 3**0.5)
    assert of_the_jaw.explained == pytest.approx(1 - 1 / 36)


def test_curves_that_never_moved_are_named_and_zero() -> None:
    curves = np.random.default_rng(0).random((80, 52))
    curves[:, INDEX["tongueOut"]] = 0.7
    curves[:, INDEX["browInnerUp"]] = np.linspace(0, 0.009, 80)
    fit = fit_map(curves, flame(80, expression=curves @ seeded()["expression"]), CARD)
    assert fit.still == ("browInnerUp", "tongueOut")
    assert not fit.mapping.rows[[INDEX["browInnerUp"], INDEX["tongueOut"]]].any()
    assert fit.mapping.group("expression")[INDEX["jawOpen"]].any()


def test_eyelids_follow_the_blinks_unless_they_are_given() -> None:
    curves = np.random.default_rng(0).random((80, 52))
    without = fit_map(curves, flame(80), CARD)
    assert without.mapping.group("eyelids")[INDEX["eyeBlinkLeft"]].tolist() == [1.0, 0.0]
    assert {residual.group for residual in without.residuals} == {"expression", "jaw"}
    lids = 0.5 * curves[:, [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]]
    given = fit_map(curves, flame(80, eyelids=lids), CARD, ridge=1e-9)
    assert given.mapping.group("eyelids")[INDEX["eyeBlinkRight"]] == pytest.approx([0.0, 0.5], abs=1e-4)


def test_nothing_to_fit_is_said() -> None:
    with pytest.raises(MappingError, match=r"none of the take's curves moves by 0\.01"):
        fit_map(np.full((9, 52), 0.3), flame(9), CARD)


def test_a_known_mapping_is_found_again_in_a_real_recording(shared_data: Callable[[str], Path]) -> None:
    curves = read_take(shared_data("captures/rom_3.csv")).curves[:, :52].astype(np.float64)
    truth = seeded()
    given = {name: 0.3 + curves @ rows for name, rows in truth.items()}
    exact = fit_map(curves, given, CARD, ridge=1e-12)
    assert exact.still == () and exact.mapping.curves == ARKIT52
    for name, rows in truth.items():
        assert exact.mapping.group(name) == pytest.approx(rows, abs=1e-3)


def test_the_ridge_of_every_day_bears_noise_and_holds_for_rows_it_has_not_seen(
    shared_data: Callable[[str], Path],
) -> None:
    curves = read_take(shared_data("captures/rom_3.csv")).curves[:, :52].astype(np.float64)
    rows = seeded()["expression"]
    noise = np.random.default_rng(1).normal(scale=0.2, size=(len(curves), 50))
    fit = fit_map(curves[::2], flame(len(curves[::2]), expression=curves[::2] @ rows + noise[::2]), CARD)
    told = next(residual for residual in fit.residuals if residual.group == "expression")
    assert told.left == pytest.approx(0.2, rel=0.05)
    unseen = curves[1::2] @ (fit.mapping.group("expression") - rows)
    assert np.sqrt(np.mean((unseen - unseen.mean(axis=0)) ** 2)) < 0.05
