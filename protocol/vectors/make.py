"""Write the vectors from their tables: `python -m protocol.vectors.make`."""

import json
import struct
from pathlib import Path

from protocol.errors import ErrorCode
from protocol.vectors.invalid_table import INVALID, Invalid
from protocol.vectors.samples import Content, joined
from protocol.vectors.valid_table import NEWER, VALID, Valid

HERE = Path(__file__).parent

SAFE = 2**53
"""Beyond this a JSON reader that keeps numbers as doubles would lose digits: such integers are written as strings."""

DEFAULTS: dict[str, Content] = {
    "HELLO": {"client": "", "bases": [], "codecs": []},
    "WELCOME": {"capabilities": []},
    "OPEN": {
        "codec": "jpeg",
        "row_order": "top",
        "delivery": "newest",
        "credit": 2,
        "seed": 0,
        "steps": 0,
        "expression_scale": 1.0,
        "reference_scale": 0.8,
        "light": [],
        "backdrop": "",
    },
    "OPENED": {"reference_scale": 0.8, "notice": "", "light": [], "backdrop": ""},
    "CONTROL": {
        "identity": None,
        "expression_scale": None,
        "steps": None,
        "seed": None,
        "reset": False,
        "reference_scale": None,
        "light": None,
        "backdrop": None,
    },
    "ERROR": {"stream": -1, "sequence": -1, "fatal": False},
    "BYE": {"reason": ""},
}
"""What a field is where the message leaves it out."""

Files = dict[str, bytes]


def valid_files(row: Valid) -> Files:
    """The files of one good message, by their path under this folder."""
    parts = [row.raw or joined(row.content), *([row.pixels] if row.pixels else [])]
    name = str(row.content["t"])
    told = {key: value for key, value in row.content.items() if key != "t" and key not in NEWER}
    about: Content = {"message": name, "sender": row.sender, "parts": len(parts), "canonical": row.canonical}
    left_out = {key: value for key, value in DEFAULTS.get(name, {}).items() if key not in told}
    about["fields"] = {key: plain(value) for key, value in (told | left_out).items()}
    return files(f"valid/{row.name}", parts, about)


def invalid_files(row: Invalid) -> Files:
    """The files of one broken message, by their path under this folder."""
    head = row.content if isinstance(row.content, bytes) else joined(row.content)
    parts = [head, *row.more]
    return files(
        f"invalid/{row.name}", parts, {"error": row.error, "code": ErrorCode[row.error].value, "parts": len(parts)}
    )


def files(stem: str, parts: list[bytes], about: Content) -> Files:
    """A file for each part, and the JSON about them."""
    parts_by_path = {f"{stem}.{number}.bin": part for number, part in enumerate(parts)}
    return parts_by_path | {f"{stem}.json": written(about).encode("utf-8")}


def plain(value: object) -> object:
    """A field's value as JSON has it: floats for their bytes, strings for large integers."""
    if isinstance(value, bytes):
        return list(struct.unpack(f"<{len(value) // 4}f", value))
    if type(value) is int and abs(value) > SAFE:
        return str(value)
    return value


def written(about: Content) -> str:
    """JSON with one field a line, so that a reader without a JSON library can do with lines."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in about.items() if key != "fields"]
    if "fields" in about:
        fields: Content = about["fields"]  # pyright: ignore[reportAssignmentType]
        inner = [f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
        lines.append('  "fields": {\n' + ",\n".join(inner) + "\n  }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def all_files() -> Files:
    """Every file of the vectors, by its path under this folder."""
    written_files: Files = {}
    for made in (*map(valid_files, VALID), *map(invalid_files, INVALID)):
        if written_files.keys() & made.keys():
            raise ValueError(f"two vectors are called {next(iter(made))}")
        written_files |= made
    return written_files


def main() -> None:
    """Replace the committed files by those the tables make."""
    for folder in ("valid", "invalid"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).iterdir():
            old.unlink()
    for path, content in all_files().items():
        (HERE / path).write_bytes(content)


if __name__ == "__main__":
    main()
