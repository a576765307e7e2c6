"""One client of the server without a socket, the test card behind it, and words for what it sends and gets."""

import itertools
from typing import Any

import numpy as np

from bridge.config import Limits
from bridge.effects import Effect, Send
from bridge.offer import offer_of
from bridge.orders import Began, Frame, Painted
from bridge.session import House, Session
from bridge.stats import Statistics
from generator.blendshape_map import load_map
from generator.face_generator import FaceGenerator
from generator.testcard import TestCard
from protocol.messages import Curves, Hello, Open

STILL = np.zeros(55, np.float32)
KEY = 1


def session(generator: FaceGenerator | None = None, **limits: Any) -> Session:
    offer = offer_of(generator or TestCard(), load_map())
    return Session(House(offer, Limits(**limits), Statistics(0), itertools.count(KEY)), begun=0)


def live(delivery: str = "newest", credit: int = 2, **limits: Any) -> Session:
    """A client with stream 4 open."""
    client = session(**limits)
    client.receive(Hello(1, 1, "me"), 0)
    client.receive(Open(4, "", "teal", "arkit52", 64, delivery=delivery, credit=credit), 0)
    client.finish(Began(KEY), 0)
    return client


def curves(sequence: int, values: Any = STILL[:52]) -> Curves:
    return Curves(4, sequence, 1000 + sequence, "01:02:03:04", values)


def painted(sequence: int, received: int = 0) -> Painted:
    frame = Frame(sequence, 1000 + sequence, "01:02:03:04", received, STILL)
    return Painted(KEY, frame, 7, 20, 30, 64, 64, False, b"jpeg")


def said(effects: list[Effect]) -> Any:
    """The one message among the effects."""
    (message,) = [effect.message for effect in effects if isinstance(effect, Send)]
    return message
