"""What a passage ignores, as one sentence for the person whose stream it is."""

import numpy as np

from generator.mappings.mapping import BlendshapeMap
from protocol.blendshapes import ARKIT52, FLAME55

HOW = "`facebridge models pull mappings` gets a fuller one for `--map DIR`"
GROUPS = {
    "brow": "brows", "eyeBlink": "blinks", "eyeSquint": "squint", "eyeWide": "wide eyes", "cheek": "cheeks",
    "nose": "nose", "mouth": "lips", "jaw": "jaw",
}  # fmt: skip
"""Beginnings of ARKit names that a mapping can carry; gaze and tongue are not here, as FLAME55 has neither."""


def to_flame(source: str, mapping: BlendshapeMap) -> str:
    """What of an ARKit stream FLAME will not show through this mapping."""
    still = {curve for curve, row in zip(ARKIT52, mapping.matrix(), strict=True) if not row.any()}
    ignored = [name for start, title in GROUPS.items() for name in _named(start, title, still)]
    lacking = ["gaze", "tongue", *(["head turns"] if source == "arkit55" else [])]
    beyond = f"{_listed(lacking)} have no place among FLAME's curves"
    return f"{_ignores(mapping, ignored)}; {beyond}" if ignored else beyond


def to_arkit(mapping: BlendshapeMap) -> str:
    """What of a FLAME stream ARKit curves will not show through this mapping; "" if nothing."""
    still = ~np.any(mapping.matrix(), axis=0)
    silent = int(still[:50].sum())
    ignored = [f"{silent} of the 50 expression coefficients" if silent < 50 else "the expression"] if silent else []
    ignored += [name for name, unmoved in zip(FLAME55[50:], still[50:], strict=True) if unmoved]
    return _ignores(mapping, ignored) if ignored else ""


def _ignores(mapping: BlendshapeMap, ignored: list[str]) -> str:
    return f"the mapping '{mapping.name}' ignores {_listed(ignored)} ({HOW})"


def _named(start: str, title: str, still: set[str]) -> list[str]:
    """The group's title if all of it is still, else the names of those that are."""
    group = [name for name in ARKIT52 if name.startswith(start)]
    ignored = [name for name in group if name in still]
    return [title] if len(ignored) == len(group) else ignored


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
