"""The client for asyncio: the names of `bridge.client`, with await.

On Windows, ZeroMQ needs the selector event loop: `asyncio.run(main(), loop_factory=asyncio.SelectorEventLoop)`.
"""

import asyncio
from typing import Unpack

import zmq
import zmq.asyncio

from bridge.client import ADDRESS, FAREWELL, ConnectionFacts, StreamFacts, dealer
from bridge.clock import now
from bridge.curve_names import CurveInput
from bridge.exchange import Exchange, Steps, T
from bridge.keys import ClientKeys
from bridge.open_stream import Changes, OpenStream, Wishes
from bridge.received import ReceivedPicture
from protocol.messages import Opened, Stats


class AsyncFaceBridgeClient(ConnectionFacts):
    """A connection for one event loop, whose tasks may share it: `async with AsyncFaceBridgeClient(address) as client`.

    Errors and time-outs are those of FaceBridgeClient.
    """

    def __init__(
        self, address: str = ADDRESS, name: str = "python", timeout: float = 5.0, keys: ClientKeys | None = None
    ) -> None:
        self._exchange = Exchange(address, timeout, keys=keys is not None)
        self._address = address
        self._keys = keys
        self._name = name
        self._news = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect and greet; `async with` does it."""
        self._socket, self._monitor = dealer(zmq.asyncio.Context.instance(), self._address, self._keys)
        self._listener = asyncio.create_task(self._listen())
        try:
            self.welcome = await self._run(self._exchange.greet(self._name))
        except BaseException:
            await self.close()
            raise

    async def open(self, identity: str, **wishes: Unpack[Wishes]) -> "AsyncStream":
        """One performer, drawn as one identity. Delivery "newest" may drop frames, "every" draws each."""
        return AsyncStream(self, await self._run(self._exchange.open(identity, wishes)))

    async def stats(self) -> Stats:
        """The server's counters."""
        return await self._run(self._exchange.stats())

    async def close(self) -> None:
        """Say BYE and end. Closing twice is no fault."""
        if self._listener is None or self._socket.closed:
            return
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)
        self._exchange.leave()
        await self._flush()
        self._tell()
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=FAREWELL)

    async def __aenter__(self) -> "AsyncFaceBridgeClient":
        await self.connect()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _run(self, steps: Steps[T]) -> T:
        """Take the steps of an operation, and wait where it waits."""
        while True:
            news = self._news  # before the step, so that none is missed
            try:
                deadline = next(steps)
            except StopIteration as done:
                return done.value
            finally:
                await self._flush()
            try:
                await asyncio.wait_for(news.wait(), max(0, deadline - now()) / 1e6)
            except TimeoutError:
                continue  # the operation knows what its deadline means

    async def _listen(self) -> None:
        """Take in what arrives, until the connection is lost."""
        poller = zmq.asyncio.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._monitor, zmq.POLLIN)
        lost = False
        while not lost:
            lost = self._monitor in dict(await poller.poll())
            while await self._socket.poll(0):
                self._exchange.hear(await self._socket.recv_multipart(zmq.NOBLOCK), now())
            if lost:
                self._exchange.break_off()
            await self._flush()
            self._tell()

    def _tell(self) -> None:
        """Wake every operation that waits."""
        self._news.set()
        self._news = asyncio.Event()

    async def _flush(self) -> None:
        while self._exchange.outbox and not self._socket.closed:
            try:
                await self._socket.send_multipart(self._exchange.outbox.popleft(), zmq.NOBLOCK)
            except zmq.Again:
                self._exchange.stall()


class AsyncStream(StreamFacts):
    """A performer who is being drawn."""

    def __init__(self, client: AsyncFaceBridgeClient, stream: OpenStream) -> None:
        self._client = client
        self._stream = stream

    async def send(
        self, values: CurveInput, *, sequence: int | None = None, captured: int | None = None, timecode: str = ""
    ) -> int:
        """One frame, as names or as an array of the basis; returns its sequence number. See `client.Stream.send`."""
        return await self._client._run(self._client._exchange.send(self._stream, values, sequence, captured, timecode))

    async def receive(self, timeout: float | None = 1.0) -> ReceivedPicture | None:
        """The next picture, or None after `timeout` seconds; None waits for ever. It is acknowledged by this."""
        return await self._client._run(self._client._exchange.receive_picture(self._stream, timeout))

    async def control(self, **changes: Unpack[Changes]) -> Opened:
        """Change identity, steps, seed or one of the scales; `reset` starts fresh. Returns what is in force."""
        return await self._client._run(self._client._exchange.control(self._stream, changes))

    async def close(self) -> None:
        """End the stream; frames that still wait are not drawn."""
        await self._client._run(self._client._exchange.close(self._stream))
