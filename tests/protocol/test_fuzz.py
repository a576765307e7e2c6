"""Mutated vectors: `decode` gives a message, which can be sent again, or raises ProtocolError, and nothing else."""

import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from protocol.codec import decode, encode
from protocol.errors import ProtocolError
from protocol.vectors.make import VALID, valid_files

ROOT = Path(__file__).parents[2]
SEEDS = range(8)
ROUNDS = 3000
INTERESTING = bytes([0x00, 0x7F, 0x80, 0x8F, 0x90, 0xA0, 0xC0, 0xC1, 0xC4, 0xC6, 0xC9, 0xCA, 0xCB, 0xCF, 0xD3])
INTERESTING += bytes([0xD4, 0xD6, 0xD9, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xFF])


def parts_of_every_vector() -> list[list[bytes]]:
    return [[part for path, part in valid_files(row).items() if path.endswith(".bin")] for row in VALID]


def flip(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def plant(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] = rng.choice(INTERESTING)


def cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def remove(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    del data[start : start + rng.randrange(1, 9)]


def insert(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    data[start:start] = bytes(rng.choices(INTERESTING, k=rng.randrange(1, 9)))


def repeat(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    data[start:start] = data[start : start + rng.randrange(1, 64)] * rng.randrange(1, 200)


MUTATIONS = [flip, plant, cut, remove, insert, repeat]


def mutated(part: bytes, rng: random.Random) -> bytes:
    data = bytearray(part)
    for _ in range(rng.randrange(1, 4)):
        if data:
            rng.choice(MUTATIONS)(data, rng)
    return bytes(data)


def survives(parts: list[bytes]) -> bool:
    """Whether the parts are a message. Anything but a message or a ProtocolError ends the test."""
    try:
        message = decode(parts)
    except ProtocolError as error:
        assert 0 < len(error.text) < 1000
        return False
    assert decode(encode(message)) == message
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_mutations(seed: int) -> None:
    rng = random.Random(seed)
    vectors = parts_of_every_vector()
    outcomes = set()
    for _ in range(ROUNDS):
        head, *more = rng.choice(vectors)
        outcomes.add(survives([mutated(head, rng), *more]))
    assert outcomes == {True, False}


def test_parts_are_mixed_up() -> None:
    rng = random.Random(99)
    pool = [part for parts in parts_of_every_vector() for part in parts] + [b""]
    assert {survives(rng.choices(pool, k=rng.randrange(1, 4))) for _ in range(ROUNDS)} == {True, False}


def test_noise() -> None:
    rng = random.Random(7)
    assert not any(survives([rng.randbytes(rng.randrange(200))]) for _ in range(ROUNDS))


def test_mutations_take_little_memory() -> None:
    rng = random.Random(5)
    vectors = parts_of_every_vector()
    tracemalloc.start()
    try:
        for _ in range(ROUNDS // 4):
            survives([mutated(rng.choice(vectors)[0], rng)])
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_the_protocol_loads_neither_sockets_nor_models() -> None:
    code = "import sys, protocol.codec; print(sorted({'zmq', 'torch', 'bridge', 'generator'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
