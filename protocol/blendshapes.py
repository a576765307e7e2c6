"""Curve names in the order they travel, read from registry.json.

ARKit curves run from 0 to 1 (a capture may overshoot); head angles and the FLAME jaw are radians; FLAME expression
coefficients are standard deviations, about -3 to 3; FLAME eyelids run from 0 (open) to 1.
"""

from protocol.registry import REGISTRY


def _names(basis: str) -> tuple[str, ...]:
    return tuple(name for group in REGISTRY["bases"][basis] for name in REGISTRY["curves"][group])


BASES: dict[str, tuple[str, ...]] = {basis: _names(basis) for basis in REGISTRY["bases"]}
"""The curve names of each basis, in order."""

ARKIT52: tuple[str, ...] = BASES["arkit52"]
"""The 52 ARKit blendshapes in the order of a Live Link Face packet."""

ARKIT55: tuple[str, ...] = BASES["arkit55"]
"""ARKIT52, then headYaw, headPitch and headRoll in radians."""

FLAME55: tuple[str, ...] = BASES["flame55"]
"""50 FLAME expression coefficients, 2 eyelids, 3 jaw angles (axis-angle)."""

INDEX: dict[str, int] = {name: index for names in BASES.values() for index, name in enumerate(names)}
"""Where a curve stands; a name has the same place in every basis that has it."""
