"""SPEC.md says what the code does: its tables name every field, error and limit, and its example decodes."""

import json
import re
from dataclasses import MISSING
from pathlib import Path

import pytest

from bridge.config import Limits
from generator.face_generator import CAPABILITIES
from protocol import messages
from protocol.blendshapes import BASES
from protocol.codec import TABLES, decode, encode
from protocol.errors import ErrorCode
from protocol.fields import Choice, Prose, Real, Text, Whole
from protocol.messages import NAMES, StatsRequest
from protocol.registry import CODECS, LIMITS, REGISTRY
from protocol.vectors.make import DEFAULTS

SPEC = (Path(messages.__file__).parent / "SPEC.md").read_text("utf-8")
SYMBOLS = {2**63 - 1: "2⁶³−1", 2**32 - 1: "2³²−1"}
MESSAGES = [message for message in NAMES if message is not StatsRequest]
EXAMPLE = SPEC.partition("## A whole exchange")[2].partition("## Appendix")[0]


def number(value: float) -> str:
    return SYMBOLS.get(int(value), f"{value:g}")


def rows(text: str) -> list[list[str]]:
    """The cells of the first table in `text`, its head left out."""
    lines = [line for line in f"\n{text}".split("\n\n|", 1)[1].split("\n\n", 1)[0].splitlines() if "|" in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def section(title: str) -> str:
    """What stands under a heading of SPEC.md, up to the next one of its level."""
    mark = title.split(" ", 1)[0]
    found = re.search(rf"^{re.escape(title)}\n(.*?)(?=^{mark} |^## |\Z)", SPEC, re.DOTALL | re.MULTILINE)
    assert found, f"SPEC.md has no section {title!r}"
    return found[1]


def range_of(kind: object) -> str:
    """A field's range as the tables write it; "" for the kinds that are told in words."""
    match kind:
        case Whole() | Real():
            return f"{number(kind.low)} .. {number(kind.high)}"
        case Text():
            return f"{kind.low} .. {kind.high} bytes"
        case Prose():
            return f"0 .. {kind.high} bytes"
        case Choice():
            return ", ".join(f"`{name}`" for name in kind.names)
    return ""


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: NAMES[message])
def test_the_table_of_a_message(message: type) -> None:
    told = rows(section(f"### {NAMES[message]}"))
    assert [row[0].strip("`") for row in told] == [field.name for field in TABLES[message]]
    for (_, _, limits, required, meaning), field in zip(told, TABLES[message], strict=True):
        assert (required == "yes") == (field.default is MISSING)
        assert range_of(field.kind) in (limits, "")
        assert meaning


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: NAMES[message])
def test_the_defaults_of_a_message(message: type) -> None:
    told = {row[0].strip("`"): row[3].removeprefix("no: ").strip("`") for row in rows(section(f"### {NAMES[message]}"))}
    optional = {field.name: field.default for field in TABLES[message] if field.default is not MISSING}
    stated = {name: None if told[name] == "unchanged" else json.loads(told[name]) for name in optional}
    assert {name: as_json(value) for name, value in optional.items()} == stated
    assert stated == DEFAULTS.get(NAMES[message], {})


def test_the_table_of_errors() -> None:
    told = [(int(row[0]), row[1].strip("`"), row[2]) for row in rows(section("## Errors"))]
    assert told == [(code.value, code.name, code.sentence) for code in ErrorCode]


def test_the_table_of_limits() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(section("## Limits"))}
    assert told == {name: SYMBOLS.get(value, f"{value:.10g}") for name, value in LIMITS.items()}


def test_the_table_of_the_servers_own_limits() -> None:
    told = {row[0].strip("`"): float(row[1]) for row in rows(section("## Limits").partition("of its own")[2])}
    assert told == {name: getattr(Limits(), name) for name in told}
    assert "max_errors" in told


def test_the_tables_of_bases_and_codecs() -> None:
    assert [row[0].strip("`") for row in rows(section("## Curves"))] == list(BASES)
    assert [row[0].strip("`") for row in rows(section("## Pictures"))] == list(CODECS)


def test_the_table_of_capabilities() -> None:
    told = [row[0].strip("`") for row in rows(section("### WELCOME").partition("The capabilities")[2])]
    assert told == REGISTRY["capabilities"] == list(CAPABILITIES)


def test_the_example_says_what_its_bytes_say() -> None:
    steps = re.findall(r"```hex\n([^`]*)```\n```json\n([^`]*)```(?:\n\nPart 1[^`]*```hex\n([^`]*)```)?", EXAMPLE)
    assert len(steps) == EXAMPLE.count("**") // 2 > 10
    for head, told, pixels in steps:
        parts = [bytes.fromhex(head)] + ([bytes.fromhex(pixels)] if pixels else [])
        message = decode(parts)
        fields = json.loads(told)
        assert NAMES[type(message)] == fields.pop("t")
        assert {name: as_json(getattr(message, name)) for name in fields} == fields
        assert decode(encode(message)) == message


def as_json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_its_links_lead_somewhere() -> None:
    titles = re.findall(r"^##+ (.*)$", SPEC, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\(#([\w-]+)\)", SPEC)) <= anchors
