"""What `facebridge doctor` looks at: one function a subject, each saying how it stands and what to do about it."""

from collections.abc import Callable
from pathlib import Path

from bridge.checkup import accelerators, drawing, machine, published
from bridge.checkup.drawing import AS_IT_IS
from bridge.checkup.finding import Finding
from generator.checkpoint import CheckpointError
from generator.errors import Explained
from generator.face_generator import ModelOptions

__all__ = ["Finding", "checks", "examine"]


def checks(model: str, options: ModelOptions = AS_IT_IS) -> dict[str, Callable[[], Finding]]:
    """Every check by subject, in the order to run them; each takes up to a few seconds, with a full-size model more."""
    store = Path(options.store) if options.store else None
    return {
        "Python": machine.python,
        "packages": machine.packages,
        "processor": machine.processor,
        "GPU": accelerators.gpu,
        "onnxruntime": accelerators.onnx,
        "OpenCV": machine.opencv,
        "model": lambda: drawing.drawing(model, options),
        "published": lambda: published.release(model, options.base),
        "people": lambda: published.people(store),
        "connection": drawing.connection,
        "port": machine.port,
        "folder": machine.folder,
        "films": machine.films,
        "training": machine.training,
    }


def examine(check: Callable[[], Finding]) -> Finding:
    """The check's finding; that a check breaks is a finding too."""
    try:
        return check()
    except CheckpointError as error:
        return Finding("fail", str(error), "name another with --model, or fetch the files again")
    except Explained as error:
        return Finding("fail", str(error))
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return Finding("fail", text, "`python3 run.py setup --fresh` installs every package anew")
