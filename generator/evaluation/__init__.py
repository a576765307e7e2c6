"""Measures a compact model against the renders of the same faces: `python -m generator.evaluation`."""
