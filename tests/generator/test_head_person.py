"""People are drawn at random from a seed, and people in between exist."""

from dataclasses import FrozenInstanceError, asdict

import numpy as np
import pytest

from generator.training.head.gallery import GALLERY
from generator.training.head.person import between
from generator.training.head.sampling import draw_appearance, draw_person

SEEDS = range(300)


def test_a_seed_is_one_person_in_one_picture() -> None:
    assert draw_person(7) == draw_person(7)
    assert draw_appearance(7) == draw_appearance(7)
    assert draw_person(7) != draw_person(8)


def test_people_are_of_all_kinds() -> None:
    people = [draw_person(seed) for seed in SEEDS]
    ages, tones = [person.age for person in people], [person.skin.melanin for person in people]
    assert min(ages) >= 18
    assert max(ages) <= 80
    assert np.histogram(ages, bins=[18, 30, 45, 60, 80])[0].min() > 15
    assert np.histogram(tones, bins=[0, 0.2, 0.4, 0.7, 1.0])[0].min() > 30
    assert 0.4 < np.mean([person.woman for person in people]) < 0.6
    assert sum(person.hair.density == 0 for person in people) > 3
    assert not any(person.beard.chin for person in people if person.woman)


def test_pictures_differ_in_light_backdrop_and_accessories() -> None:
    pictures = [draw_appearance(seed) for seed in SEEDS]
    directions = np.array([picture.light.direction for picture in pictures])
    assert np.allclose(np.linalg.norm(directions, axis=1), 1)
    assert directions[:, 0].min() < -0.7
    assert directions[:, 0].max() > 0.7
    assert 0.05 < np.mean([picture.backdrop is None for picture in pictures]) < 0.3
    for name in ("cap", "beanie", "scarf", "ear_rings", "glasses"):
        assert any(getattr(picture.worn, name) > 0.5 for picture in pictures)


def test_a_person_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        GALLERY[0].age = 3.0  # pyright: ignore[reportAttributeAccessIssue]


def test_between_two_people_every_number_is_between() -> None:
    a, b = GALLERY[0], GALLERY[6]
    assert between(a, b, 0.0) == a
    middle = between(a, b, 0.25)
    assert middle.age == pytest.approx(0.75 * a.age + 0.25 * b.age)
    assert middle.hair.curl == pytest.approx(0.75 * a.hair.curl + 0.25 * b.hair.curl)
    assert np.allclose(middle.shape, 0.75 * np.array(a.shape) + 0.25 * np.array(b.shape))


def test_everything_about_a_person_is_a_number() -> None:
    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            value = tuple(value.values())
        return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple) else [value]

    for person in (*GALLERY, draw_person(3)):
        numbers = {name: value for name, value in asdict(person).items() if name not in ("name", "about")}
        assert all(isinstance(leaf, float) for leaf in leaves(numbers)), person.name


def test_the_gallery_is_twelve_people() -> None:
    assert len({person.name for person in GALLERY}) == 12
