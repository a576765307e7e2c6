"""The asyncio client: the same as the other, and many tasks at once."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bridge.client import RefusedError
from bridge.client_async import AsyncFaceBridgeClient, AsyncStream
from generator.face_generator import StreamSettings
from tests.bridge.frames import shown

if TYPE_CHECKING:
    from bridge.server import Server
    from tests.bridge.conftest import GatedCard

Serving = Callable[..., "Server"]


async def drawn(stream: AsyncStream, frames: int) -> list[int]:
    """Send and fetch so many frames, each side in its own task."""

    async def send() -> None:
        for frame in range(frames):
            while not stream.room:
                await asyncio.sleep(0)
            await stream.send(np.full(55, frame / frames))

    async def fetch() -> list[int]:
        received = [await stream.receive(timeout=20) for _ in range(frames)]
        return [one.sequence for one in received if one is not None]

    _, sequences = await asyncio.gather(send(), fetch())
    return sequences


def test_a_picture_comes_back(serving: Serving) -> None:
    async def perform(address: str) -> None:
        async with AsyncFaceBridgeClient(address, timeout=20) as client:
            stream = await client.open(client.identities[0], size=64, codec="rgb24")
            await stream.send({"jawOpen": 0.0}, timecode="01:02:03:04")
            received = await stream.receive(timeout=20)
            assert received is not None
            assert received.timecode == "01:02:03:04"
            expected = shown(StreamSettings(stream.granted.identity, 64), np.zeros(55, np.float32))
            assert np.array_equal(received.pixels, expected)
            await stream.close()
            assert (await client.stats()).streams == 0

    asyncio.run(perform(serving().address))


def test_tasks_share_a_client(serving: Serving) -> None:
    async def perform(address: str) -> list[list[int]]:
        async with AsyncFaceBridgeClient(address, timeout=20) as client:
            streams = [await client.open(identity, delivery="every", size=64) for identity in client.identities]
            return await asyncio.gather(*(drawn(stream, 50) for stream in streams))

    assert asyncio.run(perform(serving().address)) == [list(range(50))] * 4


def test_errors_are_those_of_the_other_client(serving: Serving, gated: "GatedCard") -> None:
    gated.refuses = lambda values: values[0] == 1

    async def perform(address: str) -> None:
        async with AsyncFaceBridgeClient(address, timeout=20) as client:
            with pytest.raises(RefusedError, match="unknown_identity"):
                await client.open("nobody")
            stream = await client.open("teal", delivery="every", credit=1)
            with pytest.raises(ValueError, match="did you mean 'jawOpen'"):
                await stream.send({"jawopen": 1})
            assert await stream.receive(timeout=0) is None
            await stream.send(np.ones(55))
            with pytest.raises(RefusedError, match="generator_failed"):
                await stream.receive(timeout=20)
            assert (await stream.control(seed=9, reference_scale=0.5)).reference_scale == 0.5
            assert client.capabilities == ("expression", "light", "alpha")

    asyncio.run(perform(serving(gated).address))


def test_a_server_that_stops_wakes_every_task_that_waits(serving: Serving) -> None:
    server = serving()

    async def perform() -> None:
        async with AsyncFaceBridgeClient(server.address, timeout=20) as client:
            streams = [await client.open("teal") for _ in range(2)]
            waiting = [asyncio.create_task(stream.receive(timeout=None)) for stream in streams]
            await asyncio.sleep(0)
            await asyncio.to_thread(server.stop)
            for task in waiting:
                with pytest.raises(ConnectionError, match="server_closing"):
                    await task

    asyncio.run(perform())


def test_no_server_is_told_with_what_to_do() -> None:
    async def perform() -> None:
        async with AsyncFaceBridgeClient("tcp://127.0.0.1:1", timeout=0.1):
            pass

    with pytest.raises(ConnectionError, match=r"no facebridge server answers at tcp://127\.0\.0\.1:1"):
        asyncio.run(perform())


def test_closing_twice_is_no_fault(serving: Serving) -> None:
    async def perform(address: str) -> None:
        client = AsyncFaceBridgeClient(address)
        await client.close()
        await client.connect()
        await client.close()
        await client.close()

    asyncio.run(perform(serving().address))
