"""Whether a graphics card that is there is used: by torch, which draws, and by onnxruntime, which reads faces."""

import contextlib
import io
from typing import Any

from bridge.checkup.finding import Finding, install, install_again, version
from bridge.overwritten import overwritten
from generator import hardware
from generator.nvidia import Card, nvidia_cards

CUDA_INDEX = "set PIP_EXTRA_INDEX_URL to the CUDA index that PyTorch's page `Get started` prints"
PROVIDER = "ExecutionProvider"
GIGABYTE = 1e9


def gpu() -> Finding:
    """Every card that the driver tells of, and whether torch computes on it."""
    cards = nvidia_cards()
    if not cards:
        found = ", ".join(hardware.accelerators()) or "none, and none is needed for the compact model"
        return Finding("ok", f"{found}; torch {version('torch')}")
    return _torch_on(cards)


def _torch_on(cards: tuple[Card, ...]) -> Finding:
    import torch

    names = ", ".join(f"{card.name}, {card.memory / GIGABYTE:.0f} GB" for card in cards)
    driver = cards[0].cuda
    text = f"{names}, driver for CUDA {driver[0]}.{driver[1]}, torch {torch.__version__}"
    built = torch.version.cuda
    if built is None:
        advice = f"{CUDA_INDEX}, then `python3 run.py setup --fresh`"
        return Finding("warn", f"{text}, which is built without CUDA: the card stays idle", advice)
    if int(built.partition(".")[0]) > driver[0]:
        text = f"{text} for CUDA {built}, which is too new for the driver: the card stays idle"
        return Finding("warn", text, "install NVIDIA's present driver")
    fault = _fault_of(torch)
    if fault:
        advice = "install NVIDIA's present driver; a card older than torch supports cannot be used"
        return Finding("warn", f"{text} for CUDA {built} does not compute on it: {fault}", advice)
    return Finding("ok", f"{text} for CUDA {built}")


def _fault_of(torch: Any) -> str:
    """Why a small sum on the card fails; "" if it does not."""
    try:
        return "" if float(torch.ones(8, device="cuda").sum()) == 8 else "a sum of eight ones is not 8"
    except (RuntimeError, AssertionError) as error:
        return str(error).strip().splitlines()[0]


def onnx() -> Finding:
    """Where onnxruntime would read photographs, and whether other packages wrote over it."""
    lost = next((name for name in overwritten() if name.startswith("onnxruntime-gpu")), "")
    if lost:
        text = f"{lost.replace('==', ' ')} is not whole: insightface brings onnxruntime, which writes over its files"
        return Finding("warn", text, install_again(lost))
    named = next((f"{name} {version(name)}" for name in ("onnxruntime-gpu", "onnxruntime") if version(name)), "")
    if not named:
        return Finding("ok", "not installed; only photographs need it", f"for photographs: {install('published')}")
    import onnxruntime

    served = [name.removesuffix(PROVIDER) for name in onnxruntime.get_available_providers()]
    text = f"{named}, with {', '.join(served)}"
    if not nvidia_cards():
        return Finding("ok", text)
    if "CUDA" not in served:
        return Finding("warn", f"{text}, although there is a card", f"the build with CUDA: {install('gpu')}")
    fault = _cuda_fault(onnxruntime)
    if fault:
        return Finding("warn", f"{text}, but CUDA does not start: {fault}", f"CUDA 13 and cuDNN 9: {install('gpu')}")
    return Finding("ok", f"{text}; CUDA starts")


def _cuda_fault(onnxruntime: Any) -> str:
    """Why a network of one sum does not run on the card; "" if it does."""
    from onnx import TensorProto, helper

    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "sum", value[:1], value[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnxruntime.set_default_logger_severity(4)  # it complains on the terminal beside raising or falling back
    with contextlib.suppress(AttributeError), contextlib.redirect_stdout(io.StringIO()):
        onnxruntime.preload_dlls()  # CUDA as torch or packages of NVIDIA's brought it
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[f"CUDA{PROVIDER}"])
    except Exception as error:  # onnxruntime has a class of its own for every fault
        return str(error).strip().splitlines()[0]
    return "" if f"CUDA{PROVIDER}" in session.get_providers() else "its libraries, CUDA 13 or cuDNN 9, do not load"
