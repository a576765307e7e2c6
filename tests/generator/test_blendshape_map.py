"""Curves from one basis to another: by hand with the bundled mapping, by numbers with seeded ones, on real captures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.takes import read_take
from generator.blendshape_map import BlendshapeMap, MappingError, Passage, load_map, passage
from generator.mappings.inverse import COUNTS, PULL, BoundedInverse
from generator.mappings.mapping import WIDTH
from protocol.blendshapes import ARKIT52, ARKIT55, BASES, FLAME55, INDEX
from protocol.registry import REGISTRY

JAW_AND_LIDS = ("eyeBlinkLeft", "eyeBlinkRight", "jawLeft", "jawRight", "jawOpen")


def curves(basis: str, **values: float) -> np.ndarray:
    array = np.zeros(len(BASES[basis]), np.float32)
    for name, value in values.items():
        array[INDEX[name]] = value
    return array


def named(basis: str, values: np.ndarray) -> dict[str, float]:
    """What is not zero, by name."""
    assert values.dtype == np.float32 and values.shape == (len(BASES[basis]),)
    return {name: float(value) for name, value in zip(BASES[basis], values, strict=True) if value}


def seeded(count: int, scale: float = 1.0) -> BlendshapeMap:
    """`count` curves with rows of length `scale` at right angles to each other, all in the expression."""
    rows = np.zeros((count, WIDTH), np.float32)
    rows[:, :50] = scale * np.linalg.qr(np.random.default_rng(3).normal(size=(50, 50)))[0][:count]
    others = [name for name in ARKIT52 if name not in JAW_AND_LIDS]
    return BlendshapeMap("seeded", tuple(others[:count]), rows, "invented", "none")


def tangled(seed: int) -> np.ndarray:
    """(52, 55), curves that are much alike and columns that fade: what makes an inverse hard."""
    rng = np.random.default_rng(seed)
    alike = rng.normal(size=(52, 55)) + 1.5 * rng.normal(size=(52, 6)) @ rng.normal(size=(6, 55))
    return (alike * np.exp(-np.arange(55) / 15)).astype(np.float32)


def test_jaw_and_lids_of_arkit_by_hand() -> None:
    way = passage("arkit55", "flame55", load_map())
    sent = curves("arkit55", jawOpen=0.5, jawRight=0.7, eyeBlinkLeft=0.25, mouthSmileLeft=1.0, headYaw=0.3)
    assert named("flame55", way(sent)) == pytest.approx({"jawX": 0.225, "jawY": -0.07, "eyelidLeft": 0.25})
    assert named("flame55", passage("arkit52", "flame55", load_map())(sent[:52])) == named("flame55", way(sent))


def test_an_overshooting_phone_stays_within_what_the_model_has_seen() -> None:
    way = passage("arkit52", "flame55", load_map())
    assert named("flame55", way(curves("arkit52", eyeBlinkRight=1.05, jawLeft=3.0))) == pytest.approx(
        {"eyelidRight": 1.0, "jawY": 0.2}
    )
    assert named("flame55", way(curves("arkit52", eyeBlinkRight=-0.1, jawOpen=-0.2))) == {}


@pytest.mark.parametrize("target", ["arkit52", "arkit55"])
def test_jaw_and_lids_of_flame_by_hand(target: str) -> None:
    way = passage("flame55", target, load_map())
    sent = curves("flame55", jawX=0.225, jawY=0.05, eyelidRight=0.8, expression00=2.0, jawZ=0.1)
    got = named(target, way(sent))
    # The pull to zero takes PULL / (PULL + (10 · 0.45)²) of the jaw's opening, and so on: 0.5, 9 and 0.6 %.
    assert got == pytest.approx(
        {
            "jawOpen": 0.5 * 20.25 / (20.25 + PULL),
            "jawLeft": 0.5 * 1.0 / (1.0 + PULL),
            "eyeBlinkRight": 0.8 * 16.0 / (16.0 + PULL),
        },
        rel=1e-5,
    )


def test_a_jaw_beyond_wide_open_is_wide_open() -> None:
    got = passage("flame55", "arkit52", load_map())(curves("flame55", jawX=0.9, eyelidLeft=1.4))
    assert named("arkit52", got) == {"jawOpen": 1.0, "eyeBlinkLeft": 1.0}


def test_the_same_basis_is_handed_through() -> None:
    values = np.linspace(-3, 3, 55, dtype=np.float32)
    for basis in ("arkit55", "flame55"):
        way = passage(basis, basis, load_map())
        assert np.array_equal(way(values), values) and way.notice == ""


def test_between_the_arkit_bases_only_the_head_comes_and_goes() -> None:
    sent = curves("arkit55", browInnerUp=0.4, tongueOut=0.2, headPitch=0.1)
    there, back = passage("arkit55", "arkit52", load_map()), passage("arkit52", "arkit55", load_map())
    assert named("arkit52", there(sent)) == pytest.approx({"browInnerUp": 0.4, "tongueOut": 0.2})
    assert named("arkit55", back(there(sent))) == pytest.approx({"browInnerUp": 0.4, "tongueOut": 0.2})
    assert "head" in there.notice and back.notice == ""


@pytest.mark.parametrize(
    ("source", "target", "said", "unsaid"),
    [
        ("arkit55", "flame55", ["brows", "lips", "jawForward", "gaze", "tongue", "head", "models pull"], ["blinks"]),
        ("arkit52", "flame55", ["brows", "cheeks", "nose", "--map"], ["head"]),
        ("flame55", "arkit55", ["expression", "models pull mappings", "--map"], ["eyelid", "jawX"]),
    ],
)
def test_what_the_bundled_mapping_ignores_is_said_once(
    source: str, target: str, said: list[str], unsaid: list[str]
) -> None:
    notice = passage(source, target, load_map()).notice
    assert all(word in notice for word in said) and not any(word in notice for word in unsaid)


def test_a_full_mapping_loses_only_what_flame_has_not() -> None:
    rows = np.ones((52, WIDTH), np.float32)
    full = BlendshapeMap("full", ARKIT52, rows, "invented", "none")
    assert passage("flame55", "arkit55", full).notice == ""
    notice = passage("arkit52", "flame55", full).notice
    assert "gaze and tongue" in notice and "models pull" not in notice
    rows[INDEX["browInnerUp"]] = rows[INDEX["mouthClose"] : INDEX["mouthClose"] + 9] = 0.0
    assert "ignores browInnerUp and lips in part, and gaze" in passage("arkit52", "flame55", full).notice
    rows[:, 7:9] = 0.0
    assert "ignores 2 of the 50 expression" in passage("flame55", "arkit52", full).notice


def test_no_notice_is_too_long_to_send() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        rows = np.ones((52, WIDTH), np.float32) * (rng.random((52, 1)) < rng.random())
        mapping = BlendshapeMap("n" * 60, ARKIT52, rows, "invented", "none")
        for ends in (("arkit55", "flame55"), ("flame55", "arkit55")):
            assert len(passage(*ends, mapping).notice) <= REGISTRY["limits"]["text_bytes"]


@pytest.mark.parametrize(("source", "target"), [("arkit55", "arkit52"), ("arkit52", "flame55"), ("flame55", "arkit52")])
def test_another_count_of_curves_is_refused(source: str, target: str) -> None:
    with pytest.raises(ValueError, match=f"{source} has .* curves, got the shape"):
        passage(source, target, load_map())(np.zeros(51, np.float32))


def test_an_unknown_basis_is_named() -> None:
    with pytest.raises(MappingError, match="'vrm'; there are arkit52, arkit55, flame55"):
        passage("vrm", "flame55", load_map())


def test_there_and_back_through_a_well_conditioned_map() -> None:
    mapping = seeded(40, 4.0)
    there, back = passage("arkit52", "flame55", mapping), passage("flame55", "arkit52", mapping)
    sent = np.zeros((100, 52), np.float32)
    places = [INDEX[name] for name in mapping.curves]
    sent[:, places] = np.random.default_rng(5).random((100, len(places)))
    returned = np.stack([back(there(row)) for row in sent])
    assert np.abs(returned - sent).max() < 0.01  # PULL / (PULL + 16) of each
    assert np.abs(returned - sent).max() > 0.001  # and the pull is there


@pytest.mark.parametrize("seed", range(4))
def test_the_inverse_is_the_least_sum_within_the_bounds(seed: int) -> None:
    """Where no bound holds a curve the slope is flat; at a bound it leads outwards. Some go in circles at first."""
    matrix = tangled(seed)
    inverse, weighted = BoundedInverse(matrix), matrix.astype(np.float64) * COUNTS
    for values in np.random.default_rng(seed).normal(size=(60, 55)):
        x = inverse(values).astype(np.float64)
        slope = weighted @ (x @ weighted - values * COUNTS) + PULL * x
        room = 1e-4 * np.abs(weighted @ (values * COUNTS)).max()
        assert ((x >= 0) & (x <= 1)).all()
        assert np.abs(slope[(x > 0) & (x < 1)]).max(initial=0) < room
        assert (slope[x == 0] > -room).all() and (slope[x == 1] < room).all()


def test_a_still_face_stays_still_and_the_same_face_is_the_same() -> None:
    mapping = BlendshapeMap("tangled", ARKIT52, np.pad(tangled(9), ((0, 0), (0, 6))), "invented", "none")
    way = passage("flame55", "arkit55", mapping)
    assert named("arkit55", way(np.zeros(55, np.float32))) == {}
    face = np.random.default_rng(2).normal(size=55).astype(np.float32)
    other = passage("flame55", "arkit55", mapping)
    other(-face)  # nothing of one frame is left in the next
    assert way(face).tobytes() == other(face).tobytes()


def test_a_smooth_movement_stays_smooth_where_the_map_tells_curves_hardly_apart() -> None:
    """Rank 8 of 52: without the pull anything that adds up would do, this frame one thing and the next another."""
    rng = np.random.default_rng(4)
    inverse = BoundedInverse((rng.normal(size=(52, 8)) @ rng.normal(size=(8, 55))).astype(np.float32))
    rest, swing = rng.normal(size=(2, 55))
    frames = [rest + np.sin(phase) * swing for phase in np.linspace(0, 2 * np.pi, 240)]
    moved = np.array([inverse(frame) for frame in frames])
    steps = np.linalg.norm(np.diff(moved, axis=0), axis=1)
    pushes = np.linalg.norm(np.diff(frames, axis=0) * COUNTS, axis=1)
    assert (steps <= pushes / (2 * PULL**0.5) + 1e-5).all()
    assert np.ptp(moved, axis=0).max() > 0.1


@pytest.mark.parametrize("name", ["rom_3", "slate_3"])
def test_real_captures_there_and_back(shared_data: Callable[[str], Path], name: str) -> None:
    take = read_take(shared_data(f"captures/{name}.csv"))
    for mapping, kept in ((load_map(), ["jawOpen", "eyeBlinkLeft", "eyeBlinkRight"]), (seeded(30, 4.0), None)):
        there, back = passage("arkit55", "flame55", mapping), passage("flame55", "arkit55", mapping)
        flame = np.stack([there(row) for row in take.curves[::5]])
        arkit = np.stack([back(row) for row in flame])
        assert np.isfinite(flame).all() and arkit.min() >= 0.0 and arkit.max() <= 1.0
        places = [INDEX[curve] for curve in kept or mapping.curves]
        assert np.abs(arkit[:, places] - np.clip(take.curves[::5, places], 0.0, 1.0)).max() < 0.02
        assert not arkit[:, len(ARKIT52) :].any()


def test_passages_between_all_bases_have_the_right_ends() -> None:
    for source in BASES:
        for target in BASES:
            way = passage(source, target, load_map())
            assert isinstance(way, Passage) and (way.source, way.target) == (source, target)
            assert named(target, way(np.zeros(len(BASES[source]), np.float32))) == {}
    assert (len(ARKIT55), len(FLAME55)) == (55, 55)
