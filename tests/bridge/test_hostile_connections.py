"""What a peer does to its connection, below the messages, ends no server."""

import os
import socket
import subprocess
import sys

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
        dealer(context, router.getsockopt_string(zmq.LAST_ENDPOINT)) as client,
    ):
        client.send(b"")
        at_server = router.recv(copy=False)
        router.send_multipart([at_server.bytes, b""])
        for end in (at_server, client.recv(copy=False)):
            with socket.socket(fileno=os.dup(end.get(zmq.SRCFD))) as connection:
                assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000
