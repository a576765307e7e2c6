"""What a passage ignores, as one sentence for the person whose stream it is."""

from generator.mappings.mapping import BlendshapeMap
from protocol.blendshapes import ARKIT52, FLAME55

HOW = "`facebridge models pull mappings` fetches a fuller one for the `--map` of whatever serves"
GROUPS = {
    "brow": "brows", "eyeSquint": "squint", "eyeWide": "wide eyes", "eyeBlink": "blinks", "cheek": "cheeks",
    "nose": "nose", "mouth": "lips", "jaw": "jaw",
}  # fmt: skip
"""Beginnings of ARKit names that a mapping can carry, and what they are called here."""
LACKING = ["gaze", "tongue"]
"""What FLAME55 has no place for, whatever the mapping."""


def to_flame(source: str, mapping: BlendshapeMap) -> str:
    """What of an ARKit stream FLAME will not show through this mapping."""
    still = {curve for curve, row in zip(ARKIT52, mapping.matrix(), strict=True) if not row.any()}
    ignored = [name for start, title in GROUPS.items() for name in _named(start, title, still)]
    lacking = LACKING + (["head turns"] if source == "arkit55" else [])
    beyond = f"{_listed(lacking)} are ignored, as FLAME's curves have no place for them"
    return f"{_ignores(mapping, ignored)}, and {beyond}" if ignored else beyond


def to_arkit(mapping: BlendshapeMap) -> str:
    """What of a FLAME stream ARKit curves will not show through this mapping; "" if nothing."""
    still = [name for name, column in zip(FLAME55, mapping.matrix().T, strict=True) if not column.any()]
    expression = [name for name in still if name.startswith("expression")]
    if len(expression) == 50:
        return _ignores(mapping, ["the expression coefficients", *still[50:]])
    some = [f"{len(expression)} of the 50 expression coefficients"] if expression else []
    ignored = some + still[len(expression) :]
    return _ignores(mapping, ignored) if ignored else ""


def between_arkit(source: str) -> str:
    """What is lost from one ARKit basis to the other."""
    return "head turns are ignored, as the model has no head angles" if source == "arkit55" else ""


def _ignores(mapping: BlendshapeMap, ignored: list[str]) -> str:
    how = "" if mapping.group("expression").any() else f" ({HOW})"
    return f"the mapping '{mapping.name}' ignores {_listed(ignored)}{how}"


def _named(start: str, title: str, still: set[str]) -> list[str]:
    """The group's title if all of it is still, else the names of one or two; the sentence has to stay short."""
    group = [name for name in ARKIT52 if name.startswith(start)]
    ignored = [name for name in group if name in still]
    if len(ignored) == len(group):
        return [title]
    return ignored if len(ignored) <= 2 else [f"{title} in part"]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
