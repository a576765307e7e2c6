"""Every peer the server knows: its clients, and a bounded number of those who are none."""

from collections import OrderedDict

from bridge.session import House, Session
from bridge.transitions import State

STRANGERS = 1024  # remembered at once, so that who was cut off stays so; the oldest is forgotten first


class Guests:
    """Sessions by peer. Strangers take little memory and cannot push out a client."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clients: dict[bytes, Session] = {}
        self._strangers: OrderedDict[bytes, Session] = OrderedDict()

    def session(self, peer: bytes, now: int) -> Session:
        """The session of a peer, a new one where it is not known."""
        return self._clients.get(peer) or self._strangers.get(peer) or Session(self._house, now)

    def client(self, peer: bytes) -> Session | None:
        """The session of a client."""
        return self._clients.get(peer)

    def clients(self) -> list[tuple[bytes, Session]]:
        """All clients, now."""
        return list(self._clients.items())

    def file(self, peer: bytes, session: Session) -> None:
        """Put a session where its state belongs."""
        if session.state is State.CLIENT:
            self._strangers.pop(peer, None)
            self._clients[peer] = session
            return
        self._clients.pop(peer, None)
        self._strangers[peer] = session
        if len(self._strangers) > STRANGERS:
            self._strangers.popitem(last=False)
