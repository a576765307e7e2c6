"""Messages of iFacialMocap and Facemotion3D."""

from collections.abc import Iterable, Mapping

from protocol.blendshapes import ARKIT52

Curves = Mapping[str, float]
Angles = tuple[float, float, float]
STILL = (0.0, 0.0, 0.0)


def version1(curves: Curves, head: Angles = STILL, right: Angles = STILL, left: Angles = STILL) -> bytes:
    """iFacialMocap's first: `mouthSmile_R-12`, whole percents."""
    return _message((f"{_sided(name)}-{curves.get(name, 0.0) * 100:.0f}" for name in ARKIT52), head, right, left)


def version2(curves: Curves, head: Angles = STILL, right: Angles = STILL, left: Angles = STILL) -> bytes:
    """iFacialMocap's second: `mouthSmile_R&12.5`, may be negative."""
    return _message((f"{_sided(name)}&{curves.get(name, 0.0) * 100!r}" for name in ARKIT52), head, right, left)


def facemotion3d(curves: Curves, head: Angles = STILL, right: Angles = STILL, left: Angles = STILL) -> bytes:
    """ARKit's names, and the app's own expressions among them."""
    fields = [*(f"{name}&{round(curves.get(name, 0.0) * 100)}" for name in ARKIT52), "FM_SAD&0", "FM_VF&30"]
    return _message(fields, head, right, left)


def _message(fields: Iterable[str], head: Angles, right: Angles, left: Angles) -> bytes:
    poses = [f"=head#{_numbers(*head)},0.1,0.2,-0.5", f"rightEye#{_numbers(*right)}", f"leftEye#{_numbers(*left)}"]
    return "|".join([*fields, *poses, ""]).encode()


def _sided(name: str) -> str:
    for side in ("Left", "Right"):
        if name.endswith(side) and name not in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
            return f"{name.removesuffix(side)}_{side[0]}"
    return name


def _numbers(*values: float) -> str:
    return ",".join(repr(value) for value in values)
