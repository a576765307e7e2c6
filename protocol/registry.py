"""The well-known values of the protocol, read once from registry.json, which every language is checked against."""

import json
from pathlib import Path
from typing import Any

REGISTRY: dict[str, Any] = json.loads(Path(__file__).with_name("registry.json").read_text("utf-8"))

VERSION: int = REGISTRY["version"]
LIMITS: dict[str, Any] = REGISTRY["limits"]
CODECS: dict[str, int] = {name: codec["bytes_per_pixel"] for name, codec in REGISTRY["codecs"].items()}
"""Bytes per pixel of each codec; 0 where pictures are compressed and their size is not known beforehand."""
ROW_ORDERS: tuple[str, ...] = tuple(REGISTRY["row_orders"])
DELIVERIES: tuple[str, ...] = tuple(REGISTRY["deliveries"])
