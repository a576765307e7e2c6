"""Who may come in: the keys of a server, and ZeroMQ's questions about each client answered (ZAP, its RFC 27).

All of it happens in the thread that owns the sockets.
"""

import logging
from pathlib import Path
from typing import Any

import zmq
from zmq.utils import z85

from bridge.allow_list import AllowList
from bridge.config import Security
from bridge.keys import read_pair

ASKED_AT = "inproc://zeromq.zap.01"  # where libzmq asks, in the context of the socket that is knocked at
DOMAIN = b"facebridge"
TURN = 64  # questions answered before other things are looked after

log = logging.getLogger("facebridge")


class Guard:
    """Raises KeyFileError at once for keys that cannot be used."""

    def __init__(self, security: Security) -> None:
        self.own = read_pair(Path(security.key))
        self.list = AllowList(Path(security.clients))

    def lock(self, context: "zmq.Context[Any]", router: Any) -> None:
        """Let only those on the list through to a socket that is not bound yet."""
        self.socket: Any = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ASKED_AT)
        router.curve_server = True
        router.curve_publickey, router.curve_secretkey = self.own.public, self.own.secret
        router.zap_domain = DOMAIN
        router.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)  # with nobody to ask, nobody comes in

    def answer(self) -> None:
        """Say of each who knocks whether it may come in."""
        for _ in range(TURN):
            try:
                question = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self.list.refresh()
            self.socket.send_multipart(self._answer(question))

    def admits(self, key: str) -> bool:
        """Whether a client with this public key may be here; the server's own sources have the server's."""
        return key in self.list.names or key == self.own.public.decode()

    def close(self) -> None:
        self.socket.close()

    def _answer(self, question: list[bytes]) -> list[bytes]:
        version, request, _, address, _, mechanism, *credentials = question
        key = z85.encode(credentials[0]).decode() if mechanism == b"CURVE" else ""
        if self.admits(key):
            return [version, request, b"200", b"OK", key.encode(), b""]
        log.info("a client at %s is turned away: its key %s is not on the list", address.decode(), key)
        return [version, request, b"400", b"not on the list", b"", b""]
