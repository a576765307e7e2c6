"""Mappings on disk: a manifest with numbers beside it or inside it, or the published MediaPipe→FLAME matrices.

A manifest is JSON:

    {"facebridge_mapping": 1, "name": "…", "source": "arkit52", "target": "flame55", "sources": "…", "licence": "…",
     "curves": ["jawOpen", …], "numbers": "mapping.safetensors"}

`numbers` names a file beside it with a row for each of `curves`: .safetensors with `expression` (n, 50), `eyelids`
(n, 2), `jaw` (n, 3) and `gaze` (n, 6), or .npy with those 61 columns in that order. Or it holds the numbers, by the
names of FLAME55, and `curves` is left out: `{"jawOpen": {"jawX": 0.45}, …}`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from generator.mappings.arrays import check_shape, read_array
from generator.mappings.mapping import COLUMNS, SOURCE, TARGET, WIDTH, WIDTHS, BlendshapeMap, MappingError
from generator.mappings.published import PUBLISHED, read_published

BUNDLED = Path(__file__).parent / "jaw_and_lids.json"
MANIFEST, NUMBERS = "mapping.json", "mapping.safetensors"
FORMAT = {"facebridge_mapping": 1, "source": SOURCE, "target": TARGET}
TEXTS = ("name", "sources", "licence")


def load_map(source: str = "") -> BlendshapeMap:
    """The bundled jaw and lids for "", else a folder with mapping.json or bs2*.npy, or a manifest. MappingError."""
    path = Path(source) if source else BUNDLED
    if not path.is_dir():
        return _read_manifest(path)
    if (path / MANIFEST).is_file():
        return _read_manifest(path / MANIFEST)
    if any((path / name).is_file() for name in PUBLISHED):
        return read_published(path)
    inner = f"; {path / 'mappings'} may be meant" if (path / "mappings").is_dir() else ""
    raise MappingError(f"{path} holds no mapping: neither {MANIFEST} nor {', '.join(PUBLISHED)}{inner}")


def write_map(mapping: BlendshapeMap, folder: Path) -> None:
    """mapping.json and mapping.safetensors in `folder`, which is made if need be. MappingError if that fails."""
    texts = {name: getattr(mapping, name) for name in TEXTS}
    manifest = FORMAT | texts | {"curves": mapping.curves, "numbers": NUMBERS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({name: np.ascontiguousarray(mapping.group(name)) for name in WIDTHS}, folder / NUMBERS)
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    except (OSError, SafetensorError) as error:
        raise MappingError(f"cannot write the mapping to {folder}: {error}") from None


def _read_manifest(path: Path) -> BlendshapeMap:
    manifest = _read_json(path)
    for name, value in FORMAT.items():
        if manifest.get(name) != value:
            raise MappingError(f"{path}: {name!r} is {manifest.get(name)!r}, expected {value!r}")
    for name in TEXTS:
        if not isinstance(manifest.get(name), str) or not manifest[name]:
            raise MappingError(f"{path}: {name!r} has to be a text")
    curves, rows = _numbers(path, manifest)
    try:
        return BlendshapeMap(manifest["name"], curves, rows, manifest["sources"], manifest["licence"])
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"), parse_int=float)
    except FileNotFoundError:
        raise MappingError(f"there is no mapping at {path}; name a folder with {MANIFEST} or bs2*.npy") from None
    except OSError as error:
        raise MappingError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise MappingError(f"{path} is no mapping's manifest, which is JSON: {error}") from None
    if not isinstance(manifest, dict):
        raise MappingError(f"{path} is no mapping's manifest, which is a JSON object")
    return manifest


def _numbers(path: Path, manifest: dict[str, Any]) -> tuple[tuple[str, ...], np.ndarray]:
    """The curves' names and their rows, out of the manifest or the file it names."""
    numbers, curves = manifest.get("numbers"), manifest.get("curves")
    if isinstance(numbers, dict):
        return tuple(numbers), _written_out(path, numbers)
    if not isinstance(curves, list) or not all(isinstance(curve, str) for curve in curves):
        raise MappingError(f"{path}: 'curves' has to list the rows by name")
    if not isinstance(numbers, str) or not numbers or Path(numbers).name != numbers:
        raise MappingError(f"{path}: 'numbers' is {numbers!r}, expected the name of a file beside it")
    return tuple(curves), _beside(path.with_name(numbers), len(curves))


def _written_out(path: Path, numbers: dict[str, Any]) -> np.ndarray:
    rows = np.zeros((len(numbers), WIDTH))
    for row, (curve, moves) in zip(rows, numbers.items(), strict=True):
        if not isinstance(moves, dict):
            raise MappingError(f"{path}: {curve} has to name what it moves, as in {{'jawX': 0.45}}")
        for column, value in moves.items():
            if column not in COLUMNS:
                raise MappingError(f"{path}: {curve} moves {column!r}, which FLAME does not have")
            if not isinstance(value, float):
                raise MappingError(f"{path}: {curve} moves {column} by {value!r}, which is no number")
            row[COLUMNS.index(column)] = value
    return rows.astype(np.float32)


def _beside(path: Path, count: int) -> np.ndarray:
    """float32 (count, 61) out of a .npy or .safetensors file."""
    if path.suffix == ".npy":
        return check_shape(path, read_array(path), count, WIDTH)
    if path.suffix != ".safetensors":
        raise MappingError(f"{path}: a mapping's numbers are .npy or .safetensors")
    groups = _tensors(path)
    missing = [name for name in WIDTHS if name not in groups]
    if missing:
        raise MappingError(f"{path} lacks {missing[0]}; it has {', '.join(groups) or 'nothing'}")
    return np.concatenate(
        [check_shape(path, groups[name], count, width, f"{name} ") for name, width in WIDTHS.items()], axis=1
    )


def _tensors(path: Path) -> dict[str, np.ndarray]:
    try:
        return load_file(path)
    except FileNotFoundError:
        raise MappingError(f"{path} is missing") from None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise MappingError(f"{path} is no whole .safetensors file of floats: {error}") from None
