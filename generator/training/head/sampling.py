"""Random people and random pictures of them. The same seed gives the same one."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from generator.training.head.appearance import Accessories, Appearance, Colour, Light, Vector
from generator.training.head.gallery import SHAPE_MODES, cut
from generator.training.head.person import Beard, Brows, Eyes, Hair, MakeUp, Person, Skin

FOR_WOMEN = (
    "short",
    "side part",
    "swept back",
    "bob",
    "long",
    "wavy",
    "curly",
    "afro",
    "ponytail",
    "bun",
    "long",
    "wavy",
)
FOR_MEN = ("bald", "receding", "bald crown", "buzz", "short", "short", "side part", "side part", "swept back", "curly",
           "afro", "long")  # fmt: skip


def draw_person(seed: int) -> Person:
    g = np.random.default_rng(seed)
    woman = float(g.uniform() < 0.5)
    age = float(18 + 62 * g.beta(1.1, 1.6))
    melanin = float(np.clip(g.beta(0.9, 1.3), 0.0, 1.0))
    return Person(
        f"person-{seed}", "drawn at random", _shape(g, woman), age, woman, _skin(g, melanin, woman, age),
        _eyes(g, melanin, woman), _brows(g, woman), _hair(g, melanin, woman, age),
        _beard(g) if not woman else Beard(), _make_up(g) if woman else MakeUp(),
    )  # fmt: skip


def draw_appearance(seed: int, transparent: float = 0.15, accessories: float = 0.3) -> Appearance:
    """A picture's light, backdrop, clothes; `transparent` and `accessories` are the shares that have them."""
    g = np.random.default_rng(seed)
    backdrop = None if g.uniform() < transparent else _colour(g, 0.02, 0.5)
    return Appearance(draw_light(g), backdrop, _colour(g, 0.01, 0.5), float(g.uniform(0.1, 0.8)),
                      _accessories(g) if g.uniform() < accessories else Accessories())  # fmt: skip


def draw_light(g: np.random.Generator) -> Light:
    """A soft key from somewhere in front, warm or cool, with what comes back from around it."""
    side, height = g.uniform(-75, 75), g.uniform(-10, 60)
    across = np.cos(np.radians(height))
    direction = (across * np.sin(np.radians(side)), np.sin(np.radians(height)), across * np.cos(np.radians(side)))
    warmth, strength, fill = g.normal() * 0.10, g.uniform(1.0, 1.45), g.uniform(0.5, 1.6)
    tint = np.array([1 + warmth, 1.0, 1 - warmth])
    plain = Light()
    return Light(
        cast(Vector, tuple(float(v) for v in direction)), _triple(strength * np.array([1.05, 1.0, 0.94]) * tint),
        _triple(np.array(plain.fill) * fill), _triple(np.array(plain.rim) * g.uniform(0.2, 1.6)),
        _triple(np.array(plain.sky) * (0.6 + 0.4 * fill) / tint), _triple(np.array(plain.ground) * (0.6 + 0.4 * fill)),
    )  # fmt: skip


def _shape(g: np.random.Generator, woman: float) -> tuple[float, ...]:
    weights = np.clip(g.normal(size=SHAPE_MODES), -1.9, 1.9) * g.uniform(0.6, 0.9)
    weights[0] = g.uniform(0.4, 1.5) if woman else g.uniform(-1.5, -0.3)
    return tuple(float(w) for w in weights)


def _skin(g: np.random.Generator, melanin: float, woman: float, age: float) -> Skin:
    u = lambda low, high: float(g.uniform(low, high))  # noqa: E731
    freckles = max(0.0, u(-1.5, 1.0)) * (1 - melanin)
    return Skin(melanin, u(0.8, 1.25), u(0.0, 0.6), u(0.1, 0.9), freckles, u(0, 0.8), u(0.25, 0.6 + 0.004 * age),
                u(0.25, 0.85), u(0.0, 50.0))  # fmt: skip


def _eyes(g: np.random.Generator, melanin: float, woman: float) -> Eyes:
    u = lambda low, high: float(g.uniform(low, high))  # noqa: E731
    tone = u(0.72, 1.0) if g.uniform() < 0.25 + 1.5 * melanin else u(0.0, 0.8)
    return Eyes(tone, u(0.4, 0.9), u(0.0, 0.9), u(0.15, 0.27), u(0.0, 0.7), u(0.2, 0.6) + 0.35 * woman, u(0.05, 0.22))


def _brows(g: np.random.Generator, woman: float) -> Brows:
    u = lambda low, high: float(g.uniform(low, high))  # noqa: E731
    thickness = u(0.25, 0.65) if woman else u(0.5, 1.0)
    return Brows(u(0.5, 1.0), thickness, u(-0.15, 0.15), u(0.15, 0.75) + 0.25 * woman, u(0, 1))


def _hair(g: np.random.Generator, melanin: float, woman: float, age: float) -> Hair:
    hair = cut(str(g.choice(FOR_WOMEN if woman else FOR_MEN)))
    dark = float(np.clip(g.uniform(0.1, 1.0) + 1.2 * max(melanin - 0.2, 0), 0, 1))
    red = float(g.uniform(0.4, 1.0) if g.uniform() < 0.12 * (1 - melanin) else g.uniform(0, 0.35))
    grey = float(np.clip(g.normal((age - 48) / 28, 0.22), 0, 1))
    scale = float(g.uniform(0.85, 1.2))
    coily = max(melanin - 0.65, 0) * 1.5 if hair.gathered < 0.5 else 0.0
    return replace(
        hair, dark=dark, red=red, grey=grey, top=hair.top * scale, side=hair.side * scale, back=hair.back * scale,
        lift=hair.lift * float(g.uniform(0.7, 1.3)),
        part=hair.part * float(g.choice([-1, 1])) * float(g.uniform(0.6, 1.2)),
        curl=float(np.clip(hair.curl + max(0.0, g.normal() * 0.12) + coily, 0, 1)),
        fringe=float(np.clip(hair.fringe * g.uniform(0.6, 1.4), 0, 1)),
        recede=max(hair.recede, float(g.uniform(0, 0.4)) * (1 - woman)),
    )  # fmt: skip


def _beard(g: np.random.Generator) -> Beard:
    u = lambda low, high: float(g.uniform(low, high))  # noqa: E731
    stubble = max(0.0, u(-0.4, 1.0))
    kind = g.integers(5)  # none, stubble only, moustache, chin beard, full beard
    if kind < 2:
        return Beard(stubble)
    length = float(g.choice([0.4, 0.6, 1.2, 2.4])) * u(0.8, 1.2)
    return Beard(stubble, u(0.5, 1), u(0.6, 1) * (kind > 2), u(0.6, 1) * (kind > 3), length)


def _make_up(g: np.random.Generator) -> MakeUp:
    if g.uniform() < 0.35:
        return MakeUp(liner=float(g.uniform(0, 0.15)))
    u = lambda low, high: float(g.uniform(low, high))  # noqa: E731
    lip = _triple(np.array([0.5, 0.05, 0.07]) * (1 - 0.7 * u(0, 1)) + np.array([0.1, 0.12, 0.10]) * u(0, 1))
    return MakeUp(u(0.2, 1.0), u(0, 0.7), _triple(g.uniform(0.02, 0.25, 3)), u(0, 0.5), u(0.2, 1.0), lip)


def _accessories(g: np.random.Generator) -> Accessories:
    kind = str(g.choice(["cap", "beanie", "scarf", "ear_rings", "glasses", "scarf+ear_rings", "cap+glasses"]))
    gold = g.uniform() < 0.5
    return Accessories(
        **dict.fromkeys(kind.split("+"), 1.0), cap_colour=_colour(g, 0.01, 0.5), beanie_colour=_colour(g, 0.01, 0.5),
        scarf_colour=_colour(g, 0.01, 0.5), metal=(0.75, 0.58, 0.28) if gold else (0.72, 0.72, 0.74),
        frame=_colour(g, 0.005, 0.2),
    )  # fmt: skip


def _colour(g: np.random.Generator, low: float, high: float) -> Colour:
    """More often muted than loud."""
    level = np.exp(g.uniform(np.log(low), np.log(high)))
    return _triple(np.clip(level * np.exp(g.normal(size=3) * 0.28), 0.003, 0.8))


def _triple(values: np.ndarray) -> Colour:
    red, green, blue = (float(v) for v in values)
    return red, green, blue
