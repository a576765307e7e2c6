"""Recorded performances: reading and writing Live Link Face CSV files, and the one that comes with the package."""

from pathlib import Path

from bridge.takes.live_link_csv import read_take, write_take
from bridge.takes.take import EYE_ROTATIONS, RowProblem, Take, TakeError

FIRST_MINUTE = Path(__file__).parent / "bundled" / "first_minute.csv"

__all__ = ["EYE_ROTATIONS", "FIRST_MINUTE", "RowProblem", "Take", "TakeError", "read_take", "write_take"]
