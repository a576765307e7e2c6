"""A still by a model of our own: the first picture of a stream, of somebody it knows or of somebody in a picture."""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from bridge.backdrop import PLAIN, TRANSPARENT, on_backdrop
from bridge.commands.models import home
from bridge.description import WITHOUT, listed
from bridge.errors import CommandError
from bridge.look_arguments import Look
from bridge.sitting import expression_of
from generator.blendshape_map import load_map
from generator.checkpoint import model_folder
from generator.face_generator import CARD, FaceGenerator, ModelOptions, StreamSettings, load_generator
from generator.identities import Identity, read_embedding
from protocol.blendshapes import BASES

PUBLISHED_ALONE = ("base", "guidance", "scheduler", "dtype")
"""Options of `generate` that a model of our own does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """The one person of a still, as a `generator.model.People`."""

    identity: Identity

    def names(self) -> tuple[str, ...]:
        return (self.identity.name,)

    def read(self, name: str) -> Identity:
        return self.identity


def is_own(model: str) -> bool:
    """Whether it is a model of our own, and not the published one."""
    return model == "testcard" or (model_folder(model) / CARD).is_file()


def draw_own(args: argparse.Namespace, look: Look, unheeded: list[str], console: Console) -> np.ndarray:
    """uint8 (size, size, 3) RGB, or with a transparent backdrop (size, size, 4) RGBA. `args` are those of `generate`,
    `unheeded` the given ones of PUBLISHED_ALONE. Raises CommandError, or an explained error.
    """
    if unheeded:
        raise CommandError(f"--{unheeded[0]} is for the published model; {args.model} has no choice of it")
    with console.status("loading the model"):
        options = ModelOptions(device=args.device, store=str(args.store or ""))
        generator: Any = load_generator(str(args.model), options)
    _check(args, look, generator)
    settings = StreamSettings(
        identity=_seated(generator, args),
        size=generator.sizes[0] if args.size is None else args.size,
        seed=args.seed,
        steps=args.steps or 0,
        expression_scale=args.expression_scale,
        reference_scale=args.reference_scale,
        light=(look.light[0], look.light[1]) if look.light else None,
    )
    curves = _curves(args, generator.basis, console)
    try:
        stream = generator.open_stream(settings)
    except ValueError as error:
        raise CommandError(str(error)) from error
    pixels = generator.render([(stream, curves)])[0].pixels
    return pixels if look.backdrop == TRANSPARENT else on_backdrop(pixels, look.backdrop or PLAIN)


def _check(args: argparse.Namespace, look: Look, generator: FaceGenerator) -> None:
    """What the model would not heed is refused: a still is drawn to be looked at."""
    wished = {"reference": args.reference, "light": look.light, "backdrop": look.backdrop}
    for option, wish in wished.items():
        capability = "alpha" if option == "backdrop" else option
        if wish and capability not in generator.capabilities:
            raise CommandError(f"--{option}: {generator.name} has {WITHOUT[capability]}")


def _curves(args: argparse.Namespace, basis: str, console: Console) -> np.ndarray:
    if not args.expression:
        return np.zeros(len(BASES[basis]), np.float32)
    expression = expression_of(args.expression, load_map(args.map), home() / "models", basis)
    if expression.notice:
        console.print(f"[yellow]{escape(expression.notice)}[/]", soft_wrap=True)
    return expression.values


def _seated(generator: Any, args: argparse.Namespace) -> str:
    """The name to open the stream with, once the generator knows the person and what they look like."""
    known = args.identity in generator.identities
    if known and not args.reference:
        return args.identity
    people = getattr(generator, "people", None)
    if people is None or not (known or Path(args.identity).is_file()):
        there = listed(generator.identities)
        raise CommandError(f"--identity {args.identity}: no such person and no such file; there are {there}")
    person = people.read(args.identity) if known else _stranger(Path(args.identity), model_folder(str(args.model)))
    if args.reference:
        person = replace(person, reference=_reference(args.reference, people), shots=())
    generator.people = Sitter(person)
    return person.name


def _stranger(source: Path, folder: Path) -> Identity:
    from bridge.framed import framed_picture
    from generator.compact.identity_encoder import IdentityEncoder

    encoder = IdentityEncoder(folder)
    own = source.suffix.lower() == ".npy"
    embedding = read_embedding(source) if own else encoder.embed(framed_picture(source)[None])[0]
    return Identity("sitter", embedding, encoder=encoder.name)


def _reference(source: str, people: Any) -> np.ndarray:
    from bridge.framed import framed_picture, framed_reference

    if Path(source).is_file() or source not in people.names():
        return framed_reference(framed_picture(Path(source)))
    reference = people.read(source).reference
    if reference is None:
        raise CommandError(f"--reference {source}: was enrolled without one; name a picture")
    return reference
