"""What this machine has for drawing faces: processor, accelerators, and OpenGL without a screen for training data."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import openvino


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor as the inference runtime sees it; `bfloat16` says that this is faster than float32."""

    name: str
    cores: int  # that this process may use
    bfloat16: bool


def processor() -> Processor:
    """Raises ImportError or RuntimeError where OpenVINO does not start."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return Processor(_name(), cores, half_pays())


def has_bfloat16() -> bool:
    """Whether OpenVINO computes in bfloat16 here. Asked for it elsewhere, it computes in float32 as it likes."""
    return "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def half_pays() -> bool:
    """Whether the processor is faster in bfloat16 than in float32, as far as `ONEDNN_MAX_CPU_ISA` lets it: by far with
    tiles (AMX), and 1.7 times with AVX-512's instructions for bfloat16 as AMD builds them; as Intel does, it is slower.
    """
    if not has_bfloat16():
        return False
    wide = _allowed("AVX512_CORE_BF16", "AVX512_CORE_FP16", "AVX10") and _name().startswith("AMD")
    return wide or (_allowed() and _tiles())


def _tiles() -> bool:
    """Whether the processor multiplies matrices of bfloat16 tile by tile (AMX). torch knows, too, but takes seconds to
    load; no Mac does.
    """
    if sys.platform == "linux":
        return "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    if sys.platform != "win32":
        return False
    import torch

    return torch.cpu._is_amx_tile_supported()


def _allowed(*below: str) -> bool:
    """Whether oneDNN may use AMX, or what one of `below`, lesser instruction sets, begins the name of."""
    held_to = os.environ.get("ONEDNN_MAX_CPU_ISA", "ALL").upper()
    return held_to in ("ALL", "DEFAULT") or "AMX" in held_to or held_to.startswith(below)


def _name() -> str:
    """The processor's, as OpenVINO knows it on every system."""
    return _core().get_property("CPU", "FULL_DEVICE_NAME").strip()


@cache
def _core() -> "openvino.Core":
    import openvino

    return openvino.Core()


def accelerators() -> tuple[str, ...]:
    """The GPUs that PyTorch can use, by name; () if there are none."""
    import torch

    if torch.cuda.is_available():
        return tuple(torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count()))
    return ("Apple GPU (Metal)",) if torch.backends.mps.is_available() else ()


def renderer() -> str:
    """The OpenGL that draws training heads without a screen, by name. Raises RuntimeError saying what is missing.

    Tried in a process of its own: software OpenGL and torch each bring an LLVM, and may crash when they meet.
    """
    tried = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
    if tried.returncode:
        last = (tried.stderr.strip() or f"it ended with status {tried.returncode}").splitlines()[-1]
        raise RuntimeError(last.removeprefix("RuntimeError: "))
    return tried.stdout.strip()


def _renderer_here() -> str:
    try:
        import moderngl
    except ImportError:
        raise RuntimeError("the package moderngl is not installed") from None
    backend: dict[str, Any] = {"backend": "egl"} if sys.platform == "linux" else {}
    try:
        context = moderngl.create_context(standalone=True, require=330, **backend)
    except Exception as error:  # moderngl raises bare Exception
        raise RuntimeError(f"OpenGL 3.3 without a screen does not start: {error}") from None
    return context.info["GL_RENDERER"]


if __name__ == "__main__":
    print(_renderer_here())
