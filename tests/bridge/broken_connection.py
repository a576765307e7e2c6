"""Run by test_hostile_connections.py, as a process that may die: a server's socket, and a peer that breaks with it."""

import socket
import struct
import sys
import time

import zmq

from bridge.config import Config
from bridge.listening import listen, receive
from tests.protocol.test_plain_tcp import PlainClient, framed

SENT = 200  # more than the socket holds unread
BREAK = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # linger on, for 0 s: no FIN but a RST


def read_all(router: "zmq.Socket[bytes]") -> int:
    count = 0
    while router.poll(500):
        receive(router, keys=False)
        count += 1
    return count


with zmq.Context() as context, listen(context, Config(bind="tcp://127.0.0.1:*"), None) as router:
    peer = PlainClient(int(router.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2]))
    peer.frame()  # READY
    peer.socket.sendall(framed(b"x") * SENT)
    time.sleep(0.3)
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, BREAK)
    peer.socket.close()
    time.sleep(1.5)  # whatever a timer of a second would do is done
    print(read_all(router))
