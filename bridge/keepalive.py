"""How a connection that leads nowhere any more is noticed."""

from typing import Any

SILENCE = 3  # seconds in which the other side's machine answers nothing


def watch(socket: Any) -> None:
    """Let the kernel probe the connections of a ZeroMQ socket each second, and end one that is silent.

    ZeroMQ's own heartbeats would do that too, but libzmq 4.3.5 aborts the process with them ("!_io_error"): a peer
    that breaks the connection while as many of its messages wait as RCVHWM allows is sent one more, by the timer.
    """
    socket.tcp_keepalive = 1
    socket.tcp_keepalive_idle = socket.tcp_keepalive_intvl = 1
    socket.tcp_keepalive_cnt = SILENCE
    socket.tcp_maxrt = SILENCE * 1000
