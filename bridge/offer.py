"""What the server offers with the generator it has, and what it grants to one OPEN or CONTROL."""

from dataclasses import dataclass, replace

import numpy as np

from bridge.image_codec import CODECS
from bridge.orders import Delivery
from generator.face_generator import FaceGenerator, StreamSettings
from protocol.blendshapes import BASES
from protocol.curves import Values, in_order
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import Control, Open


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices of WELCOME. `basis` is the generator's own; `bases` are those that can be brought into it."""

    model: str
    basis: str
    bases: tuple[str, ...]
    codecs: tuple[str, ...]
    sizes: tuple[int, ...]
    identities: tuple[str, ...]
    default_steps: int


def offer_of(generator: FaceGenerator) -> Offer:
    """The offer of a generator. A basis whose names begin the generator's own can be had too: the rest is 0."""
    names = BASES[generator.basis]
    bases = tuple(basis for basis in BASES if BASES[basis] == names[: len(BASES[basis])])
    return Offer(
        generator.name, generator.basis, bases, CODECS, generator.sizes, generator.identities, generator.default_steps
    )


def granted(wish: Open, offer: Offer, max_credit: int) -> tuple[StreamSettings, Delivery]:
    """The settings and the delivery an OPEN gets. Raises ProtocolError for what the offer does not have."""
    _among("basis", wish.basis, offer.bases)
    _among("codec", wish.codec, offer.codecs)
    _among("size", wish.size, offer.sizes)
    _known(wish.identity, offer)
    steps = wish.steps or offer.default_steps
    settings = StreamSettings(wish.identity, wish.size, wish.seed, steps, wish.expression_scale)
    return settings, Delivery(wish.delivery == "every", min(wish.credit, max_credit), wish.codec, wish.row_order)


def changed(settings: StreamSettings, wish: Control, offer: Offer) -> StreamSettings:
    """The settings with a CONTROL's changes. Raises ProtocolError for what the offer does not have."""
    if wish.identity is not None:
        _known(wish.identity, offer)
    steps = offer.default_steps if wish.steps == 0 else wish.steps
    wishes = {"identity": wish.identity, "seed": wish.seed, "steps": steps, "expression_scale": wish.expression_scale}
    return replace(settings, **{name: value for name, value in wishes.items() if value is not None})


def brought_into(values: Values, basis: str, target: str) -> np.ndarray:
    """Curves of `basis` as float32 in the order of `target`, which begins with the same names; the rest is 0."""
    ordered = in_order(values, basis)
    filled = np.zeros(len(BASES[target]), np.float32)
    filled[: len(ordered)] = ordered
    return filled


def _among(what: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        listed = ", ".join(map(str, choices))
        raise ProtocolError(ErrorCode.unsupported, f"{what} {value!r} is not to be had here; there is {listed}")


def _known(identity: str, offer: Offer) -> None:
    if identity not in offer.identities:
        listed = ", ".join(offer.identities)
        raise ProtocolError(ErrorCode.unknown_identity, f"no identity {identity!r}; there are {listed}")
