"""Dead zone: what trembles about zero is zero."""

import numpy as np

from bridge.performance.channels import WEIGHTS


def quieten(zone: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Nothing up to ±zone, and from there on from 0, so that nothing jumps. Weights are stretched so that 1 stays 1;
    rotations, which have no 1, come out smaller by the zone.
    """
    left = np.maximum(np.abs(values) - zone, 0.0)
    left[WEIGHTS] /= 1.0 - zone[WEIGHTS]
    return np.copysign(left, values)
