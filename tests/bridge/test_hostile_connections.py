"""What a peer does to its connection, below the messages, ends no server."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import pytest
import zmq

from bridge.client import dealer
from bridge.config import Config
from bridge.listening import listen


def test_a_connection_that_breaks_while_much_of_it_is_unread_costs_the_server_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bridge.broken_connection"], capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "200\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="how long a connection may be silent is read as Linux keeps it")
def test_both_ends_of_a_connection_are_watched_by_the_kernel() -> None:
    with (
        zmq.Context() as context,
        listen(context, Config(bind="tcp://127.0.0.1:*"), None) as router,
        ExitStack() as ends,
    ):
        client, _ = map(ends.enter_context, dealer(context, router.getsockopt_string(zmq.LAST_ENDPOINT)))
        client.send(b"")
        at_server = router.recv(copy=False)
        router.send_multipart([at_server.bytes, b""])
        for end in (at_server, client.recv(copy=False)):
            with socket.socket(fileno=os.dup(end.get(zmq.SRCFD))) as connection:
                assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000


def test_a_client_listens_for_the_end_of_its_connection_before_there_is_one() -> None:
    """Or it would miss the one time that a server which asks for other keys cuts it."""
    done: list[str] = []

    class Noting(zmq.Socket[bytes]):
        def get_monitor_socket(self, *events: Any, **where: Any) -> Any:
            done.append("monitor")
            return super().get_monitor_socket(*events, **where)

        def connect(self, addr: str) -> Any:
            done.append(addr.partition(":")[0])
            return super().connect(addr)

    with zmq.Context() as context:
        context._socket_class = Noting  # type: ignore[assignment]
        for end in reversed(dealer(context, "tcp://127.0.0.1:9")):
            end.close(linger=0)
    assert done == ["monitor", "inproc", "tcp"]
