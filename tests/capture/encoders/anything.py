"""Bytes for property tests: noise, and good packets with something amiss."""

from hypothesis import strategies as st


def spoilt(*good: bytes) -> st.SearchStrategy[bytes]:
    """Any bytes, or one of `good` cut short, grown, or with some of its bytes replaced."""
    chosen = st.sampled_from(good)
    cut = st.tuples(chosen, st.integers(0, 4000)).map(lambda pair: pair[0][: pair[1]])
    grown = st.tuples(chosen, st.binary(min_size=1, max_size=64)).map(lambda pair: pair[0] + pair[1])
    places = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=12)
    return st.one_of(st.binary(max_size=3000), cut, grown, st.builds(_replaced, chosen, places))


def _replaced(packet: bytes, places: list[tuple[int, int]]) -> bytes:
    changed = bytearray(packet)
    for at, byte in places:
        if changed:
            changed[at % len(changed)] = byte
    return bytes(changed)
