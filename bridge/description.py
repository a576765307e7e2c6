"""A loaded model in a few words, for start-up lines and the doctor."""

from collections.abc import Sequence

from generator.face_generator import CAPABILITIES, FaceGenerator

WITHOUT = {
    "expression": "no expression: curves do not move the face",
    "reference": "no reference: people are drawn from their identity alone",
    "light": "no light: people stand in the light the model was made with",
    "alpha": "no alpha: pictures have the model's own backdrop",
}
"""What the absence of each capability means."""
MOST = 12  # names in a row; nobody reads on


def described(generator: FaceGenerator) -> str:
    """Its name, what it draws, and how: "compact, 128x128, OpenVINO 2026.4.1, bfloat16"."""
    sizes = ", ".join(f"{size}x{size}" for size in generator.sizes)
    label = getattr(generator, "label", "")  # the test card runs in nothing
    return f"{generator.name}, {sizes}" + (f", {label}" if label else "")


def able_to(generator: FaceGenerator) -> str:
    """What it heeds, and what not: "expression; no reference: people are drawn from their identity alone"."""
    able = ", ".join(name for name in CAPABILITIES if name in generator.capabilities)
    lacks = [WITHOUT[name] for name in CAPABILITIES if name not in generator.capabilities]
    return "; ".join([able, *lacks] if able else lacks)


def listed(names: Sequence[str]) -> str:
    """The names, or the first of many: "ann, ben, cleo ... and 30 more"; "none" without any."""
    more = f" ... and {len(names) - MOST} more" if len(names) > MOST else ""
    return (", ".join(names[:MOST]) or "none") + more
