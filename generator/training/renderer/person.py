"""Who is drawn: head shape, skin, features and hair of one person, and the people of the compact model.

Colours are linear RGB in 0..1, lengths centimetres; amounts run 0..1 unless said otherwise.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace

import numpy as np

SHAPE_MODES = 40
PEOPLE = 24
SKIN_RAMP = np.array(
    [[0.80, 0.55, 0.43], [0.66, 0.40, 0.27], [0.42, 0.22, 0.13], [0.20, 0.095, 0.055], [0.10, 0.046, 0.028]]
)
HAIR = {
    "black": (0.012, 0.010, 0.010), "brown": (0.075, 0.036, 0.018), "chestnut": (0.16, 0.065, 0.028),
    "blond": (0.50, 0.34, 0.16), "ginger": (0.36, 0.115, 0.028), "grey": (0.33, 0.33, 0.33), "white": (0.68, 0.67,
    0.65),
}  # fmt: skip
IRIS = {
    "dark": (0.060, 0.026, 0.012), "brown": (0.14, 0.060, 0.022), "amber": (0.30, 0.15, 0.04), "hazel": (0.19, 0.15,
    0.05),
    "green": (0.11, 0.22, 0.09), "blue": (0.10, 0.24, 0.42), "grey": (0.24, 0.28, 0.31),
}  # fmt: skip
HAIR_STYLES = ("bald", "buzz", "short", "parted", "fringe", "long", "curls", "cap", "headscarf")


@dataclass(frozen=True)
class Person:
    """Everything that tells this person from another. `shape` holds rig identity weights in standard deviations."""

    name: str
    about: str
    shape: tuple[float, ...]
    melanin: float
    hair: tuple[float, float, float]
    style: str
    iris: tuple[float, float, float]
    age: float = 0.0
    redness: float = 0.4
    stubble: float = 0.0
    beard: float = 0.0
    freckles: float = 0.0
    blush: float = 0.1
    liner: float = 0.2
    shadow: float = 0.0
    lipstick: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lipstick_amount: float = 0.0
    brow_density: float = 0.8
    brow_thickness: float = 0.7
    brow_height: float = 0.0
    brow_arch: float = 0.6
    hairline: float = 9.0
    pupil: float = 0.16
    gloss: float = 0.25
    cloth: tuple[float, float, float] = (0.2, 0.2, 0.2)
    patches: tuple[float, ...] = field(default=(0.2, 0.2, 0.0, 0.0))

    @property
    def skin(self) -> np.ndarray:
        """Linear RGB from the melanin ramp."""
        at = float(np.clip(self.melanin, 0, 1)) * (len(SKIN_RAMP) - 1)
        low = min(int(at), len(SKIN_RAMP) - 2)
        return SKIN_RAMP[low] + (SKIN_RAMP[low + 1] - SKIN_RAMP[low]) * (at - low)

    @property
    def lips(self) -> np.ndarray:
        bare = self.skin * np.array([0.96, 0.60, 0.58]) * 0.95
        return bare + (np.array(self.lipstick) - bare) * self.lipstick_amount


def identity_vector(person: Person) -> np.ndarray:
    """(512,) float32 of unit length: the person's looks through one fixed random projection.

    It stands where the paper puts an ArcFace embedding: near people are near, and nothing but it tells the model who
    to draw.
    """
    looks = np.concatenate([np.array(person.shape, np.float64), _looks(person)])
    projection = np.random.default_rng(20251006).normal(size=(len(looks), 512))
    vector = looks @ projection
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _looks(person: Person) -> np.ndarray:
    numbers = asdict(replace(person, shape=()))
    style = np.eye(len(HAIR_STYLES))[HAIR_STYLES.index(person.style)] * 2.0
    plain = [
        np.atleast_1d(np.asarray(v, np.float64)) * 2
        for k, v in numbers.items()
        if k not in ("name", "about", "style", "shape")
    ]
    return np.concatenate([*plain, style])


def _shape(seed: int, spread: float = 0.85, **modes: float) -> tuple[float, ...]:
    weights = np.clip(np.random.default_rng(seed).normal(size=SHAPE_MODES), -1.8, 1.8) * spread
    for name, value in modes.items():
        weights[int(name[1:])] = value
    return tuple(float(w) for w in weights)


GALLERY = (
    Person("Amara", "woman, 28, deep brown skin, natural curls", _shape(11, m0=0.9, m2=-1.6), 0.80, HAIR["black"],
           "curls", IRIS["dark"], liner=0.35,
           lipstick=(0.22, 0.030, 0.045), lipstick_amount=0.55, brow_thickness=0.6, brow_arch=0.8, gloss=0.38,
           patches=(0.15, -0.2)),
    Person("Bjorn", "man, 46, fair skin, blond with a full beard", _shape(12, m0=-1.3, m2=1.0), 0.04, HAIR["blond"],
           "short", IRIS["blue"], age=0.40, redness=0.75,
           beard=0.92, brow_thickness=0.85, brow_arch=0.3, brow_height=-0.15, liner=0.08, hairline=8.9, patches=(0.5,
           0.3)),
    Person("Chiyo", "woman, 33, light skin, black fringe", _shape(13, m0=1.2, m2=-0.3, m4=-1.7), 0.20, HAIR["black"],
           "fringe", IRIS["dark"], redness=0.2, liner=0.40,
           lipstick=(0.45, 0.10, 0.11), lipstick_amount=0.45, brow_thickness=0.5, brow_arch=0.45, patches=(-0.3, 0.1)),
    Person("Diego", "man, 38, olive skin, dark hair, stubble", _shape(14, m0=-1.0, m2=0.3), 0.40, HAIR["black"],
           "parted", IRIS["hazel"], age=0.22, stubble=0.80, beard=0.25,
           brow_density=0.95, brow_thickness=0.95, brow_arch=0.4, liner=0.18, hairline=8.8, patches=(0.2, -0.4)),
    Person("Elif", "woman, 25, olive skin, teal headscarf", _shape(15, m0=0.7, m2=-0.2), 0.30, HAIR["brown"],
           "headscarf", IRIS["green"], liner=0.55, shadow=0.40,
           blush=0.5, lipstick=(0.42, 0.05, 0.09), lipstick_amount=0.6, brow_thickness=0.7, brow_arch=0.9,
           cloth=(0.020, 0.22, 0.24), patches=(0.1, 0.2)),
    Person("Farid", "man, 63, brown skin, grey beard", _shape(16, m0=-0.8, m2=0.7), 0.58, HAIR["grey"], "short",
           IRIS["brown"], age=0.80, beard=0.75, stubble=0.4,
           brow_thickness=0.95, brow_arch=0.35, liner=0.12, hairline=9.8, gloss=0.3, patches=(0.5, 0.5)),
    Person("Greta", "woman, 74, pale skin, white hair", _shape(17, m0=1.0, m2=1.1), 0.0, HAIR["white"], "parted",
           IRIS["grey"], age=1.0, redness=0.65, blush=0.3,
           brow_density=0.45, brow_thickness=0.55, brow_arch=0.6, liner=0.1, lipstick=(0.5, 0.12, 0.12),
           lipstick_amount=0.4, patches=(0.5, -0.5)),
    Person("Hugo", "man, 20, pale skin, ginger, freckled", _shape(18, m0=-0.3, m2=0.6), 0.0, HAIR["ginger"], "short",
           IRIS["green"], redness=0.7, freckles=0.95,
           brow_density=0.7, brow_thickness=0.75, brow_arch=0.35, liner=0.08, patches=(-0.2, 0.4)),
    Person("Ines", "woman, 31, tan skin, long chestnut hair, red lips", _shape(19, m0=1.1, m2=-0.5), 0.36,
           HAIR["chestnut"], "long", IRIS["amber"], liner=0.45,
           shadow=0.25, blush=0.35, lipstick=(0.48, 0.012, 0.030), lipstick_amount=0.9, brow_thickness=0.6,
           brow_arch=0.95, gloss=0.32, patches=(0.1, -0.1)),
    Person("Kofi", "man, 36, very dark skin, shaven head, short beard", _shape(20, m0=-1.3, m2=-1.6), 1.0,
           HAIR["black"], "bald", IRIS["dark"], age=0.15, stubble=0.6,
           beard=0.25, brow_thickness=0.75, brow_arch=0.45, liner=0.15, gloss=0.34, patches=(0.2, 0.2)),
    Person("Lena", "woman, 19, fair skin, long blond hair", _shape(21, m0=1.4, m2=0.2), 0.10, HAIR["blond"], "long",
           IRIS["blue"], freckles=0.35, blush=0.45, liner=0.30,
           lipstick=(0.62, 0.20, 0.20), lipstick_amount=0.5, brow_density=0.65, brow_thickness=0.55, brow_arch=0.7,
           patches=(-0.2, -0.2)),
    Person("Marek", "man, 52, ruddy skin, rust cap, stubble", _shape(22, m0=-1.2, m2=1.0), 0.14, HAIR["grey"], "cap",
           IRIS["grey"], age=0.6, redness=0.95, stubble=0.55,
           brow_thickness=0.9, brow_arch=0.25, brow_height=-0.2, liner=0.08, cloth=(0.30, 0.075, 0.03), patches=(0.6,
           0.5)),
)  # fmt: skip


def draw_person(seed: int) -> Person:
    """A random person; the same seed gives the same one."""
    g = np.random.default_rng(seed)
    old, woman = g.uniform() ** 1.5, g.uniform() < 0.5
    grey = old > 0.75
    tones = ["grey", "white"] if grey else ["black", "brown", "chestnut", "blond", "ginger"]
    melanin = float(g.beta(1.0, 1.3))
    tone = "black" if melanin > 0.5 and not grey else str(g.choice(tones))
    iris = "dark" if melanin > 0.6 else str(g.choice(list(IRIS)))
    style = str(g.choice([s for s in HAIR_STYLES if s not in (("bald", "buzz") if woman else ("long", "headscarf"))]))
    return Person(
        f"extra-{seed}", "one of the training people", _shape(seed, m0=float(g.uniform(0.3,
        1.5) if woman else g.uniform(-1.5, -0.3))), melanin, HAIR[tone], style, IRIS[iris], age=float(old),
        redness=float(g.uniform(0.1, 0.9)), stubble=0.0 if woman else float(g.uniform(0, 0.8)),
        beard=0.0 if woman else float(max(0, g.uniform(-1.5, 0.95))),
        freckles=float(max(0, g.uniform(-2, 1))), blush=float(g.uniform(0, 0.5)) if woman else 0.0,
        liner=float(g.uniform(0.2, 0.5) if woman else 0.1),
        lipstick=(0.45, 0.03, 0.06), lipstick_amount=float(g.uniform(0, 0.8)) if woman else 0.0,
        brow_thickness=float(g.uniform(0.5, 0.95)),
        brow_arch=float(g.uniform(0.3, 0.9)), brow_height=float(g.uniform(-0.2, 0.2)), hairline=float(g.uniform(8.6,
        9.8)),
        gloss=float(g.uniform(0.15, 0.45)), cloth=tuple(g.uniform(0.03, 0.4, 3)), patches=tuple(g.uniform(-0.5, 0.5,
        2)),
    )  # fmt: skip


def people(count: int = PEOPLE) -> tuple[Person, ...]:
    """The gallery first, then random people up to `count`."""
    return GALLERY + tuple(draw_person(1000 + i) for i in range(count - len(GALLERY)))
