"""Training the identity encoder: what counts as whom, what the losses ask for, and that it learns."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from generator.training import identity_stage
from generator.training.backdrops import on_plain, photographed
from generator.training.head.gallery import GALLERY
from generator.training.head.person import Hair
from generator.training.identity_refit import discriminants
from generator.training.identity_score import closeness, score_identities, trait_places
from generator.training.identity_stage import Batches, Margins, trait_weights
from generator.training.portraits import traits
from generator.training.thumbnails import Thumbnails

PEOPLE, EACH = 24, 6


def write_portraits(folder: Path, drawn: int = PEOPLE) -> Path:
    """Discs of one colour a person, the colour being the person's traits; as `render_portraits` lays them out."""
    folder.mkdir(exist_ok=True)
    g = np.random.default_rng(0)
    colours = g.integers(30, 226, (PEOPLE, 3)).astype(np.uint8)
    people = np.arange(PEOPLE).repeat(EACH)
    across, down = np.meshgrid(*[np.linspace(-1, 1, 64)] * 2)
    disc = ((across**2 + down**2) < 0.6)[..., None].astype(np.uint8)
    pictures = np.concatenate([disc * colours[people][:, None, None], np.tile(disc * 255, (len(people), 1, 1, 1))], 3)
    known = np.tile(traits(GALLERY[0]), (PEOPLE, 1))
    known[:, 62:65] = (colours - 127.5) / np.linalg.norm(colours - 127.5, axis=1, keepdims=True)
    known[:, trait_places(114)["hair"]] += g.normal(size=(PEOPLE, 1))
    arrays = {
        "pictures": pictures.astype(np.uint8), "curves": np.zeros((len(people), 55), np.float32),
        "lights": np.zeros((len(people), 3), np.float32), "people": people, "traits": known,
        "dressed": np.tile(np.arange(EACH) > 3, PEOPLE), "starts": np.arange(0, len(people) + 1, EACH * 12),
        "done": np.arange(PEOPLE // 12) < drawn // 12, "landmarks": np.zeros((len(people), 1, 2), np.float16),
    }  # fmt: skip
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def test_trait_places_name_what_changes() -> None:
    ada = GALLERY[0]
    before = traits(ada)
    places = trait_places(len(before))
    changed = {
        "hair": replace(ada, hair=replace(ada.hair, part=9.0)),
        "make_up": replace(ada, make_up=replace(ada.make_up, lipstick_colour=(9.0, 9.0, 9.0))),
        "skin": replace(ada, skin=replace(ada.skin, melanin=9.0)),
        "shape": replace(ada, shape=(9.0, *ada.shape[1:])),
    }
    for name, person in changed.items():
        moved = np.flatnonzero(traits(person) != before)
        assert len(moved) and places[name].start <= moved.min() and moved.max() < places[name].stop
    assert sum(at.stop - at.start for at in places.values()) == len(before) == len(trait_weights(len(before)))


def test_portraits_drawn_meanwhile_are_taken_up(tmp_path: Path) -> None:
    faces = Thumbnails(write_portraits(tmp_path / "p", drawn=12), tmp_path / "kept" / "thumbnails.npy")
    assert faces.seen == 12 and faces.pictures.shape == (12 * EACH, 112, 112, 4)
    np.save(tmp_path / "p" / "done.npy", np.ones(2, bool))
    faces.refresh()
    assert faces.seen == 24 and faces.pictures[-1].any()
    again = Thumbnails(tmp_path / "p", tmp_path / "kept" / "thumbnails.npy")
    np.testing.assert_array_equal(again.pictures, faces.pictures)


def test_rows_are_the_persons_own(tmp_path: Path) -> None:
    faces = Thumbnails(write_portraits(tmp_path / "p"), tmp_path / "thumbnails.npy")
    rows = faces.rows(np.random.default_rng(0), np.array([3, 20]), 4)
    assert (faces.people[rows] == np.array([[3], [20]])).all()
    assert all(len(set(row)) == 4 for row in rows)
    more = faces.rows(np.random.default_rng(0), np.array([3]), EACH + 2)[0]
    assert len(more) == EACH + 2 and set(more) == set(np.flatnonzero(faces.people == 3))


def test_a_mirrored_person_is_another_with_the_parting_on_the_other_side(tmp_path: Path) -> None:
    batches = Batches(Thumbnails(write_portraits(tmp_path / "p"), tmp_path / "thumbnails.npy"))
    apart = (batches.traits[0] != batches.traits[1]).nonzero().flatten().tolist()
    assert apart == [trait_places(114)["hair"].start + [f.name for f in fields(Hair)].index("part")]


def test_a_batch_holds_several_portraits_of_everyone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_stage, "PEOPLE", 8)
    batch = Batches(Thumbnails(write_portraits(tmp_path / "p"), tmp_path / "thumbnails.npy")).draw(0)
    each = batch.classes.view(8, -1)
    assert (each == each[:, :1]).all() and len(set((each[:, 0] // 2).tolist())) == 8
    assert batch.pictures.shape == (each.numel(), 3, 112, 112) and batch.pictures.abs().max() <= 1


def test_the_margin_makes_it_harder_and_a_mirror_image_does_not() -> None:
    torch.manual_seed(0)
    margins = Margins(torch.randn(3, 114).repeat_interleave(2, 0), torch.ones(114))
    centres, right = F.normalize(margins.centres.detach()), torch.tensor([0])
    between = F.normalize(centres[:1] + centres[2:3])
    with torch.no_grad():
        without_twin = between @ centres[[0, 2, 3, 4, 5]].T  # class 1 lies in the very place of class 0
        plain = F.cross_entropy(identity_stage.SHARPNESS * without_twin, right)
        assert plain + 1 < margins(between, right, 6) < plain + identity_stage.SHARPNESS * identity_stage.MARGIN


def test_it_learns_who_is_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_stage, "PEOPLE", 4)
    batches = Batches(Thumbnails(write_portraits(tmp_path / "p"), tmp_path / "thumbnails.npy"))
    weights, batch = torch.from_numpy(trait_weights(114)), batches.draw(0)
    trainee, margins = identity_stage.Trainee(), Margins(batches.traits, weights)
    optimizer = torch.optim.AdamW([*trainee.parameters(), *margins.parameters()], lr=2e-3)
    seen = []
    for _ in range(10):
        losses = identity_stage._losses(trainee, margins, batch, weights, 48)
        optimizer.zero_grad()
        (losses["margin"] + losses["pull"] + losses["traits"]).backward()
        optimizer.step()
        seen.append(losses)
    assert seen[-1]["margin"] < 0.6 * seen[0]["margin"] and seen[-1]["traits"] < seen[0]["traits"]


def test_closeness_counts_strangers_and_leaves_the_portrait_itself_out() -> None:
    people, plain = np.array([0, 0, 1, 1]), np.ones(4, bool)
    embeddings = np.eye(4)[[0, 0, 1, 2]]
    own, near = closeness(embeddings, people, plain, np.eye(4)[[3]])
    np.testing.assert_allclose(own, [1, 1, 0, 0])
    assert near.tolist() == [True, True, False, False]
    assert not closeness(embeddings, people, plain, np.eye(4)[[0]])[1].any()


def test_discriminants_find_what_tells_apart() -> None:
    g = np.random.default_rng(0)
    classes = np.arange(40).repeat(6)
    features = g.normal(size=(240, 10)) * ([5.0] * 9 + [0.2])  # loud where it says nothing
    features[:, 9] += g.normal(size=40)[classes]
    first = discriminants(features - features.mean(0), classes)[:, 0]
    assert abs(first[9]) > 3 * np.abs(first[:9]).max()


def test_the_score_of_an_encoder_that_sees_the_colour(tmp_path: Path) -> None:
    faces = Thumbnails(write_portraits(tmp_path / "p"), tmp_path / "thumbnails.npy")

    def embed(pictures: np.ndarray) -> np.ndarray:
        vectors = np.zeros((len(pictures), 512), np.float32)
        vectors[:, :3] = pictures[:, 56, 56] / 255 - 0.5
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    figures = score_identities(embed, faces, faces)
    assert figures["cosine"] > 0.999 and figures["r2_skin"] > 0.5 > figures["r2_hair"]


def test_photographs_differ_and_hide_what_is_transparent() -> None:
    g = np.random.default_rng(0)
    person = np.zeros((112, 112, 4), np.uint8)
    person[30:80, 30:80] = (200, 100, 50, 255)
    one, other = photographed(g, person, False), photographed(g, person, False)
    assert one.shape == (112, 112, 3) and one.dtype == np.uint8
    assert np.abs(one[:10].astype(int) - other[:10]).mean() > 5  # backdrops
    assert one[55, 55, 0] > one[55, 55, 2]
    np.testing.assert_array_equal(on_plain(person)[50, 50], [200, 100, 50])
    np.testing.assert_array_equal(on_plain(person[None])[0, 0, 0], identity_plain())


def identity_plain() -> tuple[int, int, int]:
    from generator.compact.identity_encoder import PLAIN

    return PLAIN
