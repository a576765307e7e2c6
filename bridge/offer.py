"""What the server offers with the generator it has, and what it grants to one OPEN or CONTROL."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bridge.backdrop import PLAIN, TRANSPARENT, in_force
from bridge.description import listed
from bridge.image_codec import CODECS, WITH_ALPHA
from bridge.orders import Delivery
from generator.blendshape_map import BlendshapeMap, Passage, passage
from generator.errors import Explained
from generator.face_generator import FaceGenerator, StreamSettings
from protocol.blendshapes import BASES
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import Control, Open
from protocol.registry import LIMITS

log = logging.getLogger("facebridge")


UNMOVED = "this model is without its Expression Adapter: it draws the person, and no curve moves the face"


class NobodyError(Explained):
    """A model without a single person to draw."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices of WELCOME, the generator's own basis first; `passages` carry the curves of each basis into that.

    `people` tells whom the generator can draw now: asked anew each time, for somebody may enrol while the server runs.
    """

    model: str
    bases: tuple[str, ...]
    codecs: tuple[str, ...]
    sizes: tuple[int, ...]
    capabilities: tuple[str, ...]
    default_steps: int
    passages: Mapping[str, Passage]
    people: Callable[[], tuple[str, ...]]


def offer_of(generator: FaceGenerator, mapping: BlendshapeMap) -> Offer:
    """The offer of a generator. Every basis can be had: what is not its own is carried over by `mapping`.

    NobodyError for a generator that has nobody to draw.
    """
    if not generator.identities:
        raise NobodyError(
            f"{generator.name} has nobody to draw yet: enrol someone first, `facebridge enroll PHOTO --name NAME`"
        )
    bases = (generator.basis, *(basis for basis in BASES if basis != generator.basis))
    return Offer(
        model=generator.name,
        bases=bases,
        codecs=CODECS,
        sizes=generator.sizes,
        capabilities=generator.capabilities,
        default_steps=generator.default_steps,
        passages={basis: _way(basis, generator, mapping) for basis in bases},
        people=partial(_people, generator),
    )


def _way(basis: str, generator: FaceGenerator, mapping: BlendshapeMap) -> Passage:
    """How a basis is brought to the model; where the model heeds no curves, that is all there is to say of it."""
    way = passage(basis, generator.basis, mapping)
    return way if "expression" in generator.capabilities else replace(way, notice=UNMOVED)


def granted(wish: Open, offer: Offer, max_credit: int) -> tuple[StreamSettings, Delivery]:
    """The settings and the delivery an OPEN gets. Raises ProtocolError for what the offer does not have."""
    _among("basis", wish.basis, offer.bases)
    _among("codec", wish.codec, offer.codecs)
    _among("size", wish.size, offer.sizes)
    _known(wish.identity, offer)
    settings = StreamSettings(
        identity=wish.identity,
        size=wish.size,
        seed=wish.seed,
        steps=wish.steps or offer.default_steps,
        expression_scale=wish.expression_scale,
        reference_scale=wish.reference_scale,
        light=_light(wish.light, offer),
    )
    backdrop = _backdrop(wish.backdrop, wish.codec, offer)
    return settings, Delivery(
        wish.delivery == "every", min(wish.credit, max_credit), wish.codec, wish.row_order, backdrop
    )


def changed(
    settings: StreamSettings, delivery: Delivery, wish: Control, offer: Offer
) -> tuple[StreamSettings, Delivery]:
    """Both with a CONTROL's changes. Raises ProtocolError for what the offer does not have."""
    if wish.identity is not None:
        _known(wish.identity, offer)
    wishes = {
        "identity": wish.identity,
        "seed": wish.seed,
        "steps": offer.default_steps if wish.steps == 0 else wish.steps,
        "expression_scale": wish.expression_scale,
        "reference_scale": wish.reference_scale,
    }
    settings = replace(settings, **{name: value for name, value in wishes.items() if value is not None})
    if wish.light is not None:
        settings = replace(settings, light=_light(wish.light, offer))
    if wish.backdrop is not None:
        delivery = replace(delivery, backdrop=_backdrop(wish.backdrop, delivery.codec, offer))
    return settings, delivery


def without_effect(wish: Open | Control, codec: str, offer: Offer) -> str:
    """A sentence for each wish that the model or the codec cannot follow; "" where there is none."""
    told = []
    if wish.light and "light" not in offer.capabilities:
        told.append("this model has a light of its own, and `light` has no effect")
    if wish.backdrop and "alpha" not in offer.capabilities:
        told.append("this model draws a backdrop of its own, and `backdrop` has no effect")
    elif wish.backdrop == TRANSPARENT and codec not in WITH_ALPHA:
        told.append(f"{codec} has no alpha: the backdrop is {PLAIN}; the codec {' or '.join(WITH_ALPHA)} has it")
    return "; ".join(told)


def _light(wish: tuple[float, ...], offer: Offer) -> tuple[float, float] | None:
    """The light for the generator; None, the model's own, where that is wished or is all there is."""
    return (wish[0], wish[1]) if wish and "light" in offer.capabilities else None


def _backdrop(wish: str, codec: str, offer: Offer) -> str:
    return in_force(wish, codec in WITH_ALPHA) if "alpha" in offer.capabilities else ""


def _people(generator: FaceGenerator) -> tuple[str, ...]:
    """The identities whose names the wire can hold. Where they cannot be read now, there is nobody new to open."""
    try:
        return tuple(name for name in generator.identities if _fits(name))
    except Exception as error:  # a folder that has gone must not end the streams that run
        log.warning("the identities cannot be read: %s", error)
        return ()


def _fits(name: str) -> bool:
    try:
        return 0 < len(name.encode("utf-8")) <= LIMITS["name_bytes"]
    except UnicodeEncodeError:
        return False


def _among(what: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        there = listed([str(choice) for choice in choices])
        raise ProtocolError(ErrorCode.unsupported, f"{what} {value!r} is not to be had here; there is {there}")


def _known(identity: str, offer: Offer) -> None:
    people = offer.people()
    if identity not in people:
        raise ProtocolError(ErrorCode.unknown_identity, f"no identity {identity!r}; there are {listed(people)}")
