"""The expression controls of a MetaHuman rig → ARKit curves, with loss.

A phone in MetaHuman mode names some 250 controls, `CTRL_expressions_mouthCornerPullL`. Each ARKit curve takes the mean
of the controls that make the same movement; the rest (lashes, teeth, neck, sticky lips, most of the tongue) is lost.
The pairs follow from the names of the rig's controls; how strongly the two agree has not been measured.
"""

from bridge.capture.spelling import plain
from protocol.blendshapes import INDEX

_SIDED = {
    "eyeBlink": "eyeBlink*",
    "eyeLookDown": "eyeLookDown*",
    "eyeLookUp": "eyeLookUp*",
    "eyeSquint": "eyeSquintInner*",
    "eyeWide": "eyeWiden*",
    "mouthSmile": "mouthCornerPull*",
    "mouthFrown": "mouthCornerDepress*",
    "mouthDimple": "mouthDimple*",
    "mouthStretch": "mouthStretch*",
    "mouthPress": "mouthPressU* mouthPressD*",
    "mouthLowerDown": "mouthLowerLipDepress*",
    "mouthUpperUp": "mouthUpperLipRaise*",
    "browDown": "browDown*",
    "browOuterUp": "browRaiseOuter*",
    "cheekSquint": "eyeCheekRaise*",
    "noseSneer": "noseWrinkle*",
}
_WHOLE = {
    "eyeLookInLeft": "eyeLookRightL",
    "eyeLookOutLeft": "eyeLookLeftL",
    "eyeLookInRight": "eyeLookLeftR",
    "eyeLookOutRight": "eyeLookRightR",
    "jawForward": "jawFwd",
    "jawLeft": "jawLeft",
    "jawRight": "jawRight",
    "jawOpen": "jawOpen",
    "mouthClose": "mouthLipsTogetherUL mouthLipsTogetherUR mouthLipsTogetherDL mouthLipsTogetherDR",
    "mouthFunnel": "mouthFunnelUL mouthFunnelUR mouthFunnelDL mouthFunnelDR",
    "mouthPucker": "mouthLipsPurseUL mouthLipsPurseUR mouthLipsPurseDL mouthLipsPurseDR",
    "mouthLeft": "mouthLeft",
    "mouthRight": "mouthRight",
    "mouthRollLower": "mouthLowerLipRollInL mouthLowerLipRollInR",
    "mouthRollUpper": "mouthUpperLipRollInL mouthUpperLipRollInR",
    "mouthShrugLower": "jawChinRaiseDL jawChinRaiseDR",
    "mouthShrugUpper": "jawChinRaiseUL jawChinRaiseUR",
    "browInnerUp": "browRaiseInL browRaiseInR",
    "cheekPuff": "mouthCheekBlowL mouthCheekBlowR",
    "tongueOut": "tongueOut",
}

TABLE: dict[str, tuple[str, ...]] = {
    **{f"{curve}Left": tuple(rig.replace("*", "L").split()) for curve, rig in _SIDED.items()},
    **{f"{curve}Right": tuple(rig.replace("*", "R").split()) for curve, rig in _SIDED.items()},
    **{curve: tuple(rig.split()) for curve, rig in _WHOLE.items()},
}
"""Each ARKit curve and the controls it is the mean of."""


PREFIX = "ctrlexpressions"


def is_control(name: str) -> bool:
    """Whether a name is of the rig, `CTRL_expressions_…`."""
    return plain(name).startswith(PREFIX)


def control_name(name: str) -> str:
    """`CTRL_expressions_browDownL` and `CTRL_expressions.browDownL` → `browdownl`."""
    return plain(name).removeprefix(PREFIX)


def _by_control() -> dict[str, list[tuple[int, float]]]:
    parts: dict[str, list[tuple[int, float]]] = {}
    for curve, rig in TABLE.items():
        for control in rig:
            parts.setdefault(plain(control), []).append((INDEX[curve], 1 / len(rig)))
    return parts


METAHUMAN: dict[str, list[tuple[int, float]]] = _by_control()
"""A control's plain name → the curves it adds to: (place in ARKIT52, weight)."""
