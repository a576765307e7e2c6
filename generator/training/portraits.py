"""Portraits to train on: people drawn at random, each in several expressions, lights and clothes. Some
differ from the one before by what the face does alone.

A folder holds, for n portraits: `pictures.npy` uint8 (n, size, size, 4), colour premultiplied by alpha, no backdrop;
`curves.npy` float32 (n, 55); `landmarks.npy` float16 (n, k, 2), pixels to an eighth, see `head.landmarks`; `lights.npy`
float32 (n, 3), unit vectors towards the key; `people.npy` int64 (n,);
`dressed.npy` bool (n,): other clothes and accessories than the plain shirt, the same in all of a person's dressed
portraits; `traits.npy` float32 (people, t): every number the renderer knows of a person, scaled to about one.
`done.npy` bool (groups,): groups of people are independent, so processes share them and a cut-off render goes on.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from generator.training.acting import sitting
from generator.training.head.appearance import Appearance, Light
from generator.training.head.gallery import GALLERY
from generator.training.head.landmarks import NAMES, Landmarks
from generator.training.head.person import Person
from generator.training.head.sampling import draw_appearance, draw_person
from generator.training.one_thread import one_thread
from generator.training.performances import recordings

GROUP = 12  # people
KINDS = {
    "pictures": np.uint8, "curves": np.float32, "landmarks": np.float16, "lights": np.float32, "people": np.int64,
    "dressed": np.bool_,
}  # fmt: skip
HELD_OUT = 1_000_000  # seeds of people who are never trained on start here


@dataclass(frozen=True, slots=True)
class Casting:
    """Who is drawn and how often: `plain` times in the plain shirt, and the first `wardrobes` groups, or all of them,
    `dressed` times in other clothes. The first group is the gallery's twelve, drawn `favour` times as often.

    Many people teach more than many portraits of each: who has met few draws strangers as those.
    """

    groups: int
    plain: int = 4
    dressed: int = 3
    favour: int = 8
    seed: int = 0
    size: int = 256
    wardrobes: int | None = None

    def each(self, group: int) -> tuple[int, int]:
        """How many portraits of everyone in it are plain, and how many dressed."""
        times = 1 if group else self.favour
        clothed = self.wardrobes is None or group < self.wardrobes
        return self.plain * times, self.dressed * times * clothed

    def first(self, group: int) -> int:
        """Where a group's portraits start."""
        return GROUP * sum(sum(self.each(before)) for before in range(group))

    def people(self, group: int) -> list[Person]:
        if group == 0:
            return list(GALLERY)
        return [draw_person(self.seed + group * GROUP + i) for i in range(GROUP)]


@dataclass(frozen=True, slots=True)
class Portraits:
    pictures: np.ndarray  # uint8 (n, size, size, 4), premultiplied
    curves: np.ndarray  # float32 (n, 55)
    landmarks: np.ndarray  # float16 (n, k, 2)
    lights: np.ndarray  # float32 (n, 3)
    people: np.ndarray  # int64 (n,)
    dressed: np.ndarray  # bool (n,)
    traits: np.ndarray  # float32 (people, t)


def render_portraits(source: Path, folder: Path, casting: Casting, workers: int = 2) -> Portraits:
    """Draws what is missing in `folder` with the rig and recordings in `source`."""
    _lay_out(folder, casting)
    done = np.load(folder / "done.npy")
    with one_thread(), ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        jobs = {pool.submit(_render_group, source, folder, casting, int(g)): g for g in np.flatnonzero(~done)}
        begun = time.monotonic()
        for count, job in enumerate(as_completed(jobs), 1):
            done[job.result()] = True
            np.save(folder / "done.npy", done)
            print(f"{done.sum()} of {len(done)} groups, {(time.monotonic() - begun) / count:.1f} s each", flush=True)
    return open_portraits(folder)


def open_portraits(folder: Path) -> Portraits:
    """The part of `folder` that is drawn so far, up to the first gap; pictures memory-mapped."""
    if not (folder / "done.npy").exists():
        raise FileNotFoundError(f"no portraits in {folder}: render them first")
    done, starts = np.load(folder / "done.npy"), np.load(folder / "starts.npy")
    end = starts[int(np.argmin(done)) if not done.all() else len(done)]
    arrays: dict[str, Any] = {name: np.load(folder / f"{name}.npy", mmap_mode="r")[:end] for name in KINDS}
    small = {name: np.array(array) for name, array in arrays.items() if name != "pictures"}
    return Portraits(arrays["pictures"], **small, traits=np.load(folder / "traits.npy"))


def first(portraits: Portraits, count: int) -> Portraits:
    """The first `count` of them, and everybody's traits."""
    return Portraits(**{name: getattr(portraits, name)[:count] for name in KINDS}, traits=portraits.traits)


def pairs(portraits: Portraits) -> np.ndarray:
    """(n, 2) rows of portraits one after the other that differ by the face's curves alone: the same person and clothes,
    head's turn and light.
    """
    kept = np.concatenate(
        [portraits.people[:, None], portraits.dressed[:, None], portraits.lights, portraits.curves[:, 52:]], 1
    )
    first = np.flatnonzero((kept[:-1] == kept[1:]).all(1))
    return np.stack([first, first + 1], 1)


def traits(person: Person) -> np.ndarray:
    """Every number of a person but the pattern of spots, (t,) float32: years in units of 20, lengths in 5 cm."""
    plain = replace(person, age=person.age / 20.0, skin=replace(person.skin, pattern=0.0))
    hair = replace(person.hair, **{k: getattr(person.hair, k) / 5.0 for k in ("top", "side", "back", "tail")})
    return np.array(_numbers(replace(plain, hair=hair)), np.float32)


def _numbers(value: Any) -> list[float]:
    if is_dataclass(value):
        return [x for field in fields(value) for x in _numbers(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [x for item in value for x in _numbers(item)]
    return [value] if isinstance(value, float) else []


def _lay_out(folder: Path, casting: Casting) -> None:
    starts = np.array([casting.first(group) for group in range(casting.groups + 1)])
    everyone = np.stack([traits(person) for group in range(casting.groups) for person in casting.people(group)])
    kept = {"starts": starts, "traits": everyone}
    if (folder / "landmarks.npy").exists() and all(_keeps(folder / f"{name}.npy", a) for name, a in kept.items()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    picture = casting.size, casting.size, 4
    shapes = {"pictures": picture, "curves": (55,), "landmarks": (len(NAMES), 2), "lights": (3,)}
    for name, kind in KINDS.items():
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, (int(starts[-1]), *shapes.get(name, ())))
    for name, array in kept.items():
        np.save(folder / f"{name}.npy", array)
    np.save(folder / "done.npy", np.zeros(casting.groups, bool))


def _keeps(path: Path, array: np.ndarray) -> bool:
    return path.exists() and np.array_equal(np.load(path), array)


_artists: dict[int, tuple[Any, Landmarks]] = {}


def _render_group(source: Path, folder: Path, casting: Casting, group: int) -> int:
    from generator.training.head.head_renderer import HeadRenderer  # opens OpenGL: only in the process that draws

    if casting.size not in _artists:
        renderer = HeadRenderer(source, casting.size)
        _artists[casting.size] = renderer, Landmarks(renderer.rig)
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r+") for name in KINDS}
    recorded = recordings(source / "captures", held_out=casting.seed >= HELD_OUT)
    at = casting.first(group)
    for index, person in enumerate(casting.people(group)):
        at = _portray(_artists[casting.size], casting, (group, index), person, recorded, arrays, at)
    for array in arrays.values():
        array.flush()
    return group


def _portray(
    artist: tuple[Any, Landmarks],
    casting: Casting,
    place: tuple[int, int],
    person: Person,
    recorded: np.ndarray,
    arrays: dict[str, Any],
    at: int,
) -> int:
    (renderer, finder), g = artist, np.random.default_rng([casting.seed, *place])
    plain, dressed = casting.each(place[0])
    other = replace(draw_appearance(int(g.integers(2**31)), accessories=0.65), backdrop=None)
    for clothed, count in ((False, plain), (True, dressed)):
        for curves, direction in islice(sitting(g, recorded), count):
            worn = replace(other if clothed else Appearance(), light=Light(direction), backdrop=None)
            renderer.wear(person, worn)
            picture = renderer.draw(curves).astype(np.float32)
            picture[..., :3] *= picture[..., 3:] / 255.0
            row = {
                "pictures": np.round(picture), "curves": curves, "lights": direction, "dressed": clothed,
                "landmarks": finder.points(person, curves, casting.size), "people": place[0] * GROUP + place[1],
            }  # fmt: skip
            for name, value in row.items():
                arrays[name][at] = value
            at += 1
    return at
