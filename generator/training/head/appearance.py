"""How a person is pictured: light, backdrop, clothes and what they wear. It is no part of who they are."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[float, float, float]
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """Linear colours; 1 is a white sheet facing the key. `direction` is a unit vector from the head to the key."""

    direction: Vector = (-0.48, 0.42, 0.77)
    key: Colour = (1.38, 1.30, 1.20)
    fill: Colour = (0.17, 0.19, 0.22)
    rim: Colour = (0.55, 0.60, 0.70)
    sky: Colour = (0.30, 0.32, 0.36)
    ground: Colour = (0.16, 0.135, 0.12)


@dataclass(frozen=True, slots=True)
class Accessories:
    """Amounts above one half are worn; each has its colour."""

    cap: float = 0.0
    beanie: float = 0.0
    scarf: float = 0.0
    ear_rings: float = 0.0
    glasses: float = 0.0
    cap_colour: Colour = (0.05, 0.09, 0.22)
    beanie_colour: Colour = (0.25, 0.05, 0.04)
    scarf_colour: Colour = (0.30, 0.06, 0.05)
    metal: Colour = (0.75, 0.58, 0.28)
    frame: Colour = (0.02, 0.018, 0.016)


@dataclass(frozen=True, slots=True)
class Appearance:
    light: Light = Light()
    backdrop: Colour | None = (0.11, 0.125, 0.15)  # None is transparent
    garment: Colour = (0.06, 0.07, 0.09)
    collar: float = 0.4  # how high the garment reaches up the neck
    worn: Accessories = Accessories()
