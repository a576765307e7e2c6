"""Name mapping: a curve fed from others, in shares."""

from typing import Any

import numpy as np

from bridge.performance.channels import COUNT
from bridge.performance.settings import as_curve, as_number, as_table

MOST = 10.0


def read_remap(given: Any, where: str) -> np.ndarray | None:
    """A table of curves, each the name of the one it is fed from or a table of names and shares → (61, 61).

    A curve that is not named stays as it is; an empty table silences it. ConfigError tells of names and shares.
    """
    table = as_table(given, where)
    if not table:
        return None
    matrix = np.eye(COUNT)
    for name, fed in table.items():
        shares = {fed: 1.0} if isinstance(fed, str) else as_table(fed, f"{where}.{name}")
        row = np.zeros(COUNT)
        for source, share in shares.items():
            row[as_curve(source, f"{where}.{name}")] = as_number(share, f"{where}.{name}.{source}", -MOST, MOST)
        matrix[as_curve(name, where)] = row
    matrix.setflags(write=False)
    return matrix


def remap(matrix: np.ndarray | None, values: np.ndarray) -> np.ndarray:
    """Every curve as the weighted sum of those that feed it; all sums are of what came, none of another sum."""
    return values if matrix is None else matrix @ values
