"""A preset: every setting of the chain, from a TOML file, checked once and frozen."""

import tomllib
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bridge.config import ConfigError
from bridge.performance.clamp import Clamp
from bridge.performance.head import Head
from bridge.performance.loss import Loss
from bridge.performance.neutral import Calibration
from bridge.performance.remap import read_remap
from bridge.performance.resampling import Output
from bridge.performance.settings import as_text, by_curve, checked, fill, hint, section, switch, text
from bridge.performance.smoothing import Smoothing

SHIPPED = Path(__file__).parent / "presets"


@dataclass(frozen=True, slots=True, eq=False)
class Preset:
    """The steps in their order; as it stands here each is off, and the chain changes nothing. Arrays are (61,)."""

    about: str = field(**text(""))
    """For whom or what it is, in a sentence."""
    remap: np.ndarray | None = field(**checked(None, read_remap))
    calibration: Calibration = field(**section(Calibration))
    gain: np.ndarray = field(**by_curve({"face": 1.0, "head": 1.0, "eyes": 1.0}, -10.0, 10.0))
    offset: np.ndarray = field(**by_curve({}, -2.0, 2.0))
    dead_zone: np.ndarray = field(**by_curve({}, 0.0, 0.9))
    clamp: Clamp = field(**section(Clamp))
    mirror: bool = field(**switch(False))
    head: Head = field(**section(Head))
    smoothing: Smoothing = field(**section(Smoothing))
    loss: Loss = field(**section(Loss))
    output: Output = field(**section(Output))


OFF = fill(Preset, {})
STEPS = tuple(setting.name for setting in fields(Preset) if setting.name != "about")
"""The settings that are steps, in the order of the chain."""


def read_preset(name: str | Path) -> Preset:
    """A preset that ships, by its name, or one of your own, by its path. ConfigError names the file and the setting."""
    path = preset_path(name)
    try:
        return fill(Preset, _settings(path))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def preset_path(name: str | Path) -> Path:
    """Where a preset lies; ConfigError if there is none."""
    path = Path(name)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return path
    if path.name not in shipped():
        near = hint(path.name, shipped())
        end = "" if near.endswith("?") else "."
        raise ConfigError(f"there is no preset {str(name)!r}; {near}{end} Your own is named by its file, mine.toml")
    return SHIPPED / f"{path.name}.toml"


def shipped() -> list[str]:
    """The names of the presets that ship."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def only(preset: Preset, *steps: str) -> Preset:
    """The preset with all but these of its `STEPS` off."""
    return replace(OFF, **{step: getattr(preset, step) for step in steps})


def takes(preset: Preset, step: str) -> bool:
    """Whether one of the `STEPS` of a preset is set to anything but off."""
    return not _same(getattr(preset, step), getattr(OFF, step))


def _same(one: Any, other: Any) -> bool:
    if is_dataclass(one):
        return all(_same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return bool(np.array_equal(one, other))


def _settings(path: Path) -> dict[str, Any]:
    """The file's settings, over those of the shipped preset that it says it is `like`."""
    settings = _read(path)
    like = settings.pop("like", None)
    if like is None:
        return settings
    if as_text(like, "like") not in shipped() or SHIPPED / f"{like}.toml" == path:
        raise ConfigError(f"like must be one of the presets that ship, got {like!r}; {hint(like, shipped())}")
    return _over(_settings(SHIPPED / f"{like}.toml"), settings)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(error.strerror or str(error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not TOML: {error}") from None


def _over(below: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Table into table; a curve that is fed anew is fed from that alone."""
    merged = below | given
    for name in below.keys() & given.keys():
        low, high = below[name], given[name]
        if isinstance(low, dict) and isinstance(high, dict):
            merged[name] = low | high if name == "remap" else _over(low, high)
    return merged
