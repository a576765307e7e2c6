"""Mappings on disk: a manifest with numbers beside it or inside it, or the published MediaPipe→FLAME matrices.

A manifest is JSON:

    {"facebridge_mapping": 1, "name": "…", "source": "arkit52", "target": "flame55", "sources": "…", "licence": "…",
     "curves": ["jawOpen", …], "numbers": "mapping.safetensors"}

`numbers` names a file beside it, with rows in the order of `curves`: .safetensors with `expression` (n, 50), `eyelids` (n, 2),
`jaw` (n, 3) and `gaze` (n, 6), or .npy with those 61 columns in that order. Or it holds the numbers, by FLAME55's names, and
`curves` is left out: `{"jawOpen": {"jawX": 0.45}, …}`.
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
MANIFEST = "mapping.json"
TEXTS = ("name", "sources", "licence")


def load_map(source: str = "") -> BlendshapeMap:
    """The bundled jaw and lids for "", else a folder with bs2*.npy or mapping.json, or a manifest. MappingError."""
    path = Path(source) if source else BUNDLED
    if not path.is_dir():
        return _read_manifest(path)
    if (path / MANIFEST).is_file():
        return _read_manifest(path / MANIFEST)
    if any((path / name).is_file() for name in PUBLISHED):
        return read_published(path)
    if (path / "mappings").is_dir():
        return load_map(str(path / "mappings"))
    raise MappingError(f"{path} holds no mapping: neither {MANIFEST} nor {', '.join(PUBLISHED)}")


def write_map(mapping: BlendshapeMap, folder: Path) -> None:
    """mapping.json and mapping.safetensors in `folder`, which is made if need be. MappingError if that fails."""
    texts = {name: getattr(mapping, name) for name in TEXTS}
    manifest = {"facebridge_mapping": 1, **texts, "source": SOURCE, "target": TARGET, "curves": mapping.curves}
    text = json.dumps(manifest | {"numbers": "mapping.safetensors"}, indent=1, ensure_ascii=False)
    groups = {name: np.ascontiguousarray(mapping.group(name)) for name in WIDTHS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(groups, folder / "mapping.safetensors")
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    except (OSError, SafetensorError) as error:
        raise MappingError(f"cannot write the mapping to {folder}: {error}") from None


def _read_manifest(path: Path) -> BlendshapeMap:
    manifest = _read_json(path)
    for name, value in (("facebridge_mapping", 1), ("source", SOURCE), ("target", TARGET)):
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
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MappingError(f"there is no mapping at {path}: name a folder with {MANIFEST} or bs2*.npy") from None
    except OSError as error:
        raise MappingError(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise MappingError(f"{path} is no mapping's manifest, which is JSON: {error}") from None
    if not isinstance(manifest, dict):
        raise MappingError(f"{path} is no mapping's manifest: it holds a {type(manifest).__name__}, not an object")
    return manifest


def _numbers(path: Path, manifest: dict[str, Any]) -> tuple[tuple[str, ...], np.ndarray]:
    numbers = manifest.get("numbers")
    if isinstance(numbers, dict):
        return tuple(numbers), _written_out(path, numbers)
    curves = manifest.get("curves")
    if not isinstance(numbers, str) or not isinstance(curves, list) or not all(isinstance(c, str) for c in curves):
        raise MappingError(f"{path}: 'numbers' has to name a file and 'curves' to list its rows by name")
    return tuple(curves), _beside(path.with_name(numbers), len(curves))


def _written_out(path: Path, numbers: dict[str, Any]) -> np.ndarray:
    rows = np.zeros((len(numbers), WIDTH), np.float32)
    for row, (curve, moves) in zip(rows, numbers.items(), strict=True):
        if not isinstance(moves, dict):
            raise MappingError(f"{path}: the row of {curve} has to name what it moves, as in {{'jawX': 0.45}}")
        for column, value in moves.items():
            if column not in COLUMNS:
                raise MappingError(f"{path}: {curve} moves {column!r}, which FLAME does not have")
            if not isinstance(value, int | float):
                raise MappingError(f"{path}: {curve} moves {column} by {value!r}, which is no number")
            row[COLUMNS.index(column)] = value
    return rows


def _beside(path: Path, count: int) -> np.ndarray:
    if path.suffix == ".npy":
        return check_shape(path, read_array(path), count, WIDTH)
    if path.suffix != ".safetensors":
        raise MappingError(f"{path}: a mapping's numbers are .npy or .safetensors")
    try:
        groups = load_file(path)
    except FileNotFoundError:
        raise MappingError(f"the mapping's numbers are missing: {path}") from None
    except (OSError, SafetensorError) as error:
        raise MappingError(f"{path} is damaged: {error}") from None
    missing = [name for name in WIDTHS if name not in groups]
    if missing:
        raise MappingError(f"{path} lacks {missing[0]!r}; it has {', '.join(groups) or 'nothing'}")
    checked = [check_shape(path, groups[name], count, width, f"{name!r} ") for name, width in WIDTHS.items()]
    return np.concatenate(checked, axis=1)
