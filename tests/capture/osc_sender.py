"""OSC packets as python-osc writes them."""

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder


def message(address: str, *values: object) -> bytes:
    return _built(address, values).dgram


def bundle(*messages: tuple[object, ...]) -> bytes:
    """Each message as its address and its values."""
    builder = OscBundleBuilder(IMMEDIATELY)
    for address, *values in messages:
        builder.add_content(_built(str(address), tuple(values)))
    return builder.build().dgram


def _built(address: str, values: tuple[object, ...]):
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)  # pyright: ignore[reportArgumentType]
    return builder.build()
