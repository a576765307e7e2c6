"""The twelve named people of the compact model."""

from __future__ import annotations

from typing import Any

import numpy as np

from generator.training.head.person import Beard, Brows, Eyes, Hair, MakeUp, Person, Skin
from generator.training.head.styles import STYLES

SHAPE_MODES = 60


def shape(seed: int, spread: float = 0.75, **modes: float) -> tuple[float, ...]:
    """Identity weights in standard deviations, at random but for the named ones (m0=1.2)."""
    weights = np.clip(np.random.default_rng(seed).normal(size=SHAPE_MODES), -1.8, 1.8) * spread
    for name, value in modes.items():
        weights[int(name[1:])] = value
    return tuple(float(w) for w in weights)


def cut(style: str, **numbers: float) -> Hair:
    """The named style, with some of its numbers changed."""
    settings: dict[str, Any] = STYLES[style] | numbers
    return Hair(**settings)


RED, ROSE, PLUM, NUDE = (0.36, 0.018, 0.028), (0.50, 0.13, 0.15), (0.16, 0.018, 0.045), (0.46, 0.19, 0.15)
GALLERY = (
    Person("Amara", "woman, 28, deep brown skin, afro", shape(11, m0=0.9, m2=-1.6), 28.0, 1.0,
           Skin(0.78, 1.0, 0.25, 0.3, gloss=0.75, pattern=1.0), Eyes(1.0, lashes=0.9), Brows(0.85, 0.50, 0.05, 0.75),
           cut("afro", dark=1.0), make_up=MakeUp(0.5, 0.3, lipstick=0.75, lipstick_colour=PLUM)),
    Person("Bjorn", "man, 46, fair skin, blond with a full beard", shape(12, m0=-1.3, m2=1.0), 46.0, 0.0,
           Skin(0.06, 1.15, 0.1, 0.75, freckles=0.2, mottle=0.7, pattern=2.0), Eyes(0.16, lashes=0.3),
           Brows(0.8, 0.75, -0.1, 0.3), cut("swept back", dark=0.22, red=0.25, side=1.4, back=2.5),
           Beard(0.4, 1.0, 1.0, 1.0, 2.6)),
    Person("Chiyo", "woman, 33, light skin, black bob", shape(13, m0=1.2, m2=-0.3, m4=-1.7), 33.0, 1.0,
           Skin(0.17, 0.85, 0.55, 0.15, mottle=0.3, pattern=3.0), Eyes(0.96, lashes=0.6), Brows(0.8, 0.42, 0.0, 0.35),
           cut("bob", dark=1.0), make_up=MakeUp(0.5, 0.2, (0.25, 0.07, 0.05), 0.25, 0.65, ROSE)),
    Person("Diego", "man, 38, olive skin, dark side part, stubble", shape(14, m0=-1.0, m2=0.3), 38.0, 0.0,
           Skin(0.36, 1.0, 0.45, 0.35, pattern=4.0), Eyes(0.82, lashes=0.6), Brows(1.0, 0.85, -0.05, 0.45),
           cut("side part", dark=0.95), Beard(0.85, 0.25, 0.25, 0.2, 0.35)),
    Person("Elif", "woman, 25, olive skin, long wavy brown hair", shape(15, m0=0.7, m2=-0.2), 25.0, 1.0,
           Skin(0.27, 1.0, 0.35, 0.25, moles=0.6, pattern=5.0), Eyes(0.36, lashes=0.9), Brows(0.95, 0.58, 0.05, 0.9),
           cut("wavy", dark=0.62, red=0.25), make_up=MakeUp(0.8, 0.45, (0.13, 0.07, 0.05), 0.35, 0.6, NUDE)),
    Person("Farid", "man, 63, brown skin, receding, grey beard", shape(16, m0=-0.8, m2=0.7), 63.0, 0.0,
           Skin(0.52, 1.05, 0.3, 0.4, mottle=0.8, pattern=6.0), Eyes(0.88, lashes=0.3, veins=0.6),
           Brows(0.9, 0.85, -0.1, 0.3),
           cut("receding", dark=0.9, grey=0.75), Beard(0.5, 0.95, 0.9, 0.75, 1.2)),
    Person("Greta", "woman, 74, pale skin, short white hair", shape(17, m0=1.0, m2=1.1), 74.0, 1.0,
           Skin(0.04, 1.1, 0.15, 0.6, mottle=0.9, gloss=0.35, pattern=7.0),
           Eyes(0.05, lashes=0.25, veins=0.5, lids=0.2),
           Brows(0.45, 0.4, 0.0, 0.6),
           cut("short", dark=0.3, grey=1.0, top=6.0, side=3.5, back=3.0, lift=0.7, curl=0.3),
           make_up=MakeUp(0.1, 0.0, blush=0.3, lipstick=0.45, lipstick_colour=ROSE)),
    Person("Hugo", "man, 20, pale skin, ginger curls, freckled", shape(18, m0=-0.3, m2=0.6), 20.0, 0.0,
           Skin(0.03, 1.15, 0.05, 0.65, freckles=1.0, pattern=8.0), Eyes(0.32, lashes=0.3), Brows(0.7, 0.6, 0.0, 0.4),
           cut("curly", dark=0.36, red=0.85, top=6.0, side=2.5, back=3.0, lift=0.7)),
    Person("Ines", "woman, 31, tan skin, black ponytail, red lips", shape(111, m0=1.2), 31.0, 1.0,
           Skin(0.40, 1.0, 0.3, 0.25, gloss=0.6, pattern=9.0), Eyes(0.66, lashes=0.9), Brows(0.95, 0.5, 0.1, 0.95),
           cut("ponytail", dark=0.92), make_up=MakeUp(0.85, 0.35, (0.08, 0.045, 0.04), 0.3, 0.95, RED)),
    Person("Kofi", "man, 36, very dark skin, shaven head, short beard", shape(20, m0=-1.3, m2=-1.6), 36.0, 0.0,
           Skin(1.0, 1.0, 0.1, 0.2, gloss=0.8, pattern=10.0), Eyes(1.0, lashes=0.6), Brows(0.85, 0.65, -0.05, 0.4),
           cut("bald", dark=1.0), Beard(0.7, 0.6, 0.75, 0.3, 0.5)),
    Person("Lena", "woman, 19, fair skin, long blond hair", shape(115, m0=1.3), 19.0, 1.0,
           Skin(0.09, 1.0, 0.15, 0.45, freckles=0.4, pattern=11.0), Eyes(0.18, lashes=0.8), Brows(0.7, 0.42, 0.0, 0.7),
           cut("long", dark=0.26, red=0.1),
           make_up=MakeUp(0.35, 0.1, blush=0.3, lipstick=0.4, lipstick_colour=ROSE)),
    Person("Marek", "man, 52, ruddy skin, grey buzz cut, moustache", shape(22, m0=-1.2, m2=1.0), 52.0, 0.0,
           Skin(0.14, 1.2, 0.2, 0.95, moles=0.7, mottle=0.9, pattern=12.0),
           Eyes(0.08, lashes=0.3, veins=0.7, lids=0.18),
           Brows(0.85, 0.8, -0.15, 0.2),
           cut("buzz", dark=0.6, grey=0.55, recede=0.5), Beard(0.65, 1.0, 0.0, 0.0, 1.3)),
)  # fmt: skip
