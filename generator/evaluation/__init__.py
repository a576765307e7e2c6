"""Measures a compact model, and its rivals, against renders of people and performances it never saw."""
