"""The socket that a server listens on."""

from typing import Any

import zmq

from bridge.config import Config
from bridge.guard import Guard
from bridge.keepalive import watch

TURN = 64  # messages that wait to be read, of one client
PARTS = 3  # of a message that are kept: one more than any message has, for its ERROR
LARGEST = 4  # times max_message: up to there a message gets its ERROR, beyond it the connection is cut


def listen(context: zmq.Context[zmq.Socket[bytes]], config: Config, guard: Guard | None) -> zmq.Socket[bytes]:
    """A ROUTER, behind a lock where there is a guard. Raises OSError where the address cannot be had."""
    router = context.socket(zmq.ROUTER)
    limits = config.limits
    router.linger = 0
    router.router_mandatory = True  # a vanished client is an error here, not silence
    router.router_handover = False  # and nobody takes the place of another
    router.maxmsgsize = LARGEST * limits.max_message
    router.rcvhwm = TURN
    router.sndhwm = limits.max_streams * limits.max_credit + TURN  # credit bounds the pictures, this the replies
    router.handshake_ivl = 3000
    watch(router)
    router.ipv6 = config.bind.startswith("tcp://[")
    if guard:
        guard.lock(context, router)
    try:
        router.bind(config.bind)
    except zmq.ZMQError as error:
        router.close()
        if guard:
            guard.close()
        reason = zmq.strerror(error.errno or 0)
        raise OSError(f"cannot listen on {config.bind}: {reason}; is another server running there?") from error
    return router


def receive(router: Any, keys: bool) -> tuple[bytes, str, list[bytes]]:
    """Who has sent something, with which public key if clients have `keys`, and what. Raises zmq.Again for nothing."""
    origin = router.recv(zmq.NOBLOCK, copy=False)
    parts: list[bytes] = []
    while router.getsockopt(zmq.RCVMORE):
        part = router.recv(zmq.NOBLOCK)
        if len(parts) < PARTS:
            parts.append(part)
    return origin.bytes, str(origin.get("User-Id")) if keys else "", parts
