"""Curves as a user writes them, by name or as an array, to the array that is sent."""

import difflib
from collections.abc import Mapping, Sequence

import numpy as np

from protocol.blendshapes import BASES

CurveInput = Mapping[str, float] | np.ndarray | Sequence[float]


def as_curves(values: CurveInput, basis: str) -> np.ndarray:
    """float32 in the order of `basis`; names that are missing are 0. ValueError names the curve and what is wrong."""
    curves = _from_names(values, basis) if isinstance(values, Mapping) else np.asarray(values, np.float32)
    names = BASES[basis]
    if curves.shape != (len(names),):
        raise ValueError(f"{basis} has {len(names)} curves, got an array of shape {curves.shape}")
    if not np.isfinite(curves).all():
        index = int(np.argmin(np.isfinite(curves)))
        raise ValueError(f"the curve {names[index]} is {curves[index]}; it must be a finite number")
    return curves


def _from_names(values: Mapping[str, float], basis: str) -> np.ndarray:
    places = {name: place for place, name in enumerate(BASES[basis])}
    curves = np.zeros(len(places), np.float32)
    for name, value in values.items():
        if name not in places:
            raise ValueError(f"unknown curve {name!r}; {_hint(str(name), basis)}")
        curves[places[name]] = value
    return curves


def _hint(name: str, basis: str) -> str:
    written = {known.lower().replace("_", ""): known for known in BASES[basis]}
    near = difflib.get_close_matches(name.lower().replace("_", ""), written, 1)
    if near:
        return f"did you mean {written[near[0]]!r}?"
    other = next((other for other in BASES if name in BASES[other]), None)
    return f"{basis} does not have it, {other} does" if other else f"see protocol.blendshapes for those of {basis}"
