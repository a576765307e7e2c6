"""Where a model's files lie, and the error of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

from generator.errors import Explained

WEIGHTS = Path(__file__).parent / "weights"
BUILT_IN = {"compact": "compact", "compact-s": "compact"}  # name → folder of WEIGHTS
SMALL = "compact-s"  # drawn at the smaller size unless somebody asks for the larger one


class CheckpointError(Explained):
    """A model folder that cannot be used; says which file and why."""


def model_folder(model: str) -> Path:
    """The folder of a built-in model by name, or `model` as a path."""
    return WEIGHTS / BUILT_IN[model] if model in BUILT_IN else Path(model)
