"""Who is drawn: head shape, skin, eyes, brows, hair, beard and make-up of one person.

All numbers are continuous, so that people in between exist. Amounts run 0..1 unless said otherwise, lengths are
centimetres, colours linear RGB.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TypeVar

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Skin:
    melanin: float = 0.15
    haemoglobin: float = 1.0
    sallow: float = 0.2
    redness: float = 0.4  # of nose, cheeks and ears
    freckles: float = 0.0
    moles: float = 0.1
    mottle: float = 0.5  # how much the colour varies from place to place
    gloss: float = 0.5
    pattern: float = 0.0  # moves spots and lines about; any number


@dataclass(frozen=True, slots=True)
class Eyes:
    tone: float = 0.8  # along colours.IRIS_RAMP
    ring: float = 0.7  # how dark the iris' outer ring is
    warmth: float = 0.4  # of the iris around the pupil
    pupil: float = 0.2  # radius
    veins: float = 0.3
    lashes: float = 0.5
    lids: float = 0.12  # how far they hang down at rest


@dataclass(frozen=True, slots=True)
class Brows:
    density: float = 0.8
    thickness: float = 0.6
    height: float = 0.0  # cm
    arch: float = 0.5
    length: float = 0.5


@dataclass(frozen=True, slots=True)
class Hair:
    """Colour and cut. A head without hair has density 0."""

    dark: float = 0.7
    red: float = 0.1
    grey: float = 0.0
    density: float = 1.0
    top: float = 4.0  # length on top, cm
    side: float = 2.0
    back: float = 2.0
    lift: float = 0.5  # how far it stands off the scalp
    fringe: float = 0.0  # how much of the front falls onto the forehead
    part: float = 0.0  # cm from the middle, + the person's left
    swept: float = 0.0  # combed back (1) rather than down from the crown (0)
    curl: float = 0.0
    gathered: float = 0.0  # tied behind the head
    tail: float = 0.0  # length of what hangs from the tie, cm; little of it makes a bun
    recede: float = 0.0
    bald: float = 0.0


@dataclass(frozen=True, slots=True)
class Beard:
    stubble: float = 0.0
    moustache: float = 0.0
    chin: float = 0.0
    cheeks: float = 0.0
    length: float = 0.6  # cm


@dataclass(frozen=True, slots=True)
class MakeUp:
    liner: float = 0.0
    shadow: float = 0.0
    shadow_colour: Colour = (0.10, 0.05, 0.06)
    blush: float = 0.0
    lipstick: float = 0.0
    lipstick_colour: Colour = (0.45, 0.05, 0.07)


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that tells this person from another. `shape`: rig identity weights in standard deviations."""

    name: str
    about: str
    shape: tuple[float, ...]
    age: float = 30.0  # years, 18..80
    woman: float = 0.5
    skin: Skin = field(default_factory=Skin)
    eyes: Eyes = field(default_factory=Eyes)
    brows: Brows = field(default_factory=Brows)
    hair: Hair = field(default_factory=Hair)
    beard: Beard = field(default_factory=Beard)
    make_up: MakeUp = field(default_factory=MakeUp)

    @property
    def wear(self) -> float:
        """What the years did to the skin, 0 at 20 to 1 at 80."""
        return min(max((self.age - 20.0) / 60.0, 0.0), 1.0)


Kind = TypeVar("Kind")


def between(a: Kind, b: Kind, t: float) -> Kind:
    """The one `t` (0..1) of the way from `a` to `b`: every number mixed, names and texts of `a` kept."""
    if is_dataclass(a) and not isinstance(a, type):
        return replace(a, **{f.name: between(getattr(a, f.name), getattr(b, f.name), t) for f in fields(a)})
    if isinstance(a, tuple) and isinstance(b, tuple):
        return tuple(between(x, y, t) for x, y in zip(a, b, strict=True))  # pyright: ignore[reportReturnType]
    return a + (b - a) * t if isinstance(a, float) and isinstance(b, float) else a  # pyright: ignore[reportReturnType]
