"""The rims of the eyelids: the ribbons that lashes are painted on, and the curve each lid makes over the eyeball."""

from __future__ import annotations

import numpy as np

from generator.training.head.rig import Rig

BAND, FIRST = 0.16596, 0.0136  # six ribbons an eye lie one above the other in the texture: three lower, three upper


def ribbons(rig: Rig) -> np.ndarray:
    """(v, 3) for lash vertices, else 0: along the lid 0..1, root to tip 0..1, ribbon 0..5."""
    out = np.zeros((len(rig.neutral), 3), np.float32)
    lashes = rig.vertices["lashes"]
    u, v = rig.uv[lashes].T
    band = np.clip(np.floor((v - FIRST) / BAND), 0, 5)
    out[lashes] = np.stack([(u % 1.0 - 0.5097) / 0.4786, (FIRST + 0.1404 + band * BAND - v) / 0.1398, band], 1)
    return out


class LidCurves:
    """Where the lids of a posed head are, from the roots of the lashes."""

    def __init__(self, rig: Rig) -> None:
        ribbon = ribbons(rig)
        root = np.zeros(len(ribbon), bool)
        root[rig.vertices["lashes"]] = True
        root &= np.abs(ribbon[:, 1]) < 0.1
        left = rig.neutral[:, 0] > 0
        upper = ribbon[:, 2] >= 3
        self.roots = {
            f"{side}_{lid}": np.flatnonzero(root & on_side & on_lid)
            for side, on_side in (("left", left), ("right", ~left))
            for lid, on_lid in (("upper", upper), ("lower", ~upper))
        }

    def fit(self, vertices: np.ndarray, centres: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Per lid (3,): height over the eye's centre as 1, x, x², both in cm and unturned; `centres` by side."""
        out = {}
        for name, roots in self.roots.items():
            x, y, _ = (vertices[roots] - centres[name.split("_")[0]]).T
            powers = np.stack([np.ones_like(x), x, x * x], 1)
            out[name] = np.linalg.lstsq(powers, y, rcond=None)[0]
        return out
