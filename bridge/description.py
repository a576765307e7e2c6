"""A loaded model in a few words, for start-up lines and the doctor."""

from generator.face_generator import FaceGenerator


def described(generator: FaceGenerator) -> str:
    """Its name, what it draws, and how: "compact, 128x128, OpenVINO 2026.4.1, bfloat16"."""
    sizes = ", ".join(f"{size}x{size}" for size in generator.sizes)
    runtime = getattr(generator, "runtime", None)  # the test card draws without one
    return f"{generator.name}, {sizes}" + (f", {runtime.label}" if runtime else "")
