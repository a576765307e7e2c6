"""Whom the compact model can draw: the people it comes with, and those enrolled with its own encoder."""

from __future__ import annotations

from generator.identities import Enrolled
from generator.identity_file import Identity


class CompactPeople:
    """A `People`. Somebody enrolled stands in for a built-in person of the same name."""

    def __init__(self, built_in: dict[str, Identity], enrolled: Enrolled) -> None:
        self._built_in, self._enrolled = built_in, enrolled

    def names(self) -> tuple[str, ...]:
        """The built-in people in their order, then the enrolled."""
        return tuple(dict.fromkeys((*self._built_in, *self._enrolled.names())))

    def read(self, name: str) -> Identity:
        """Raises ValueError for somebody who is not there, or was enrolled for another model."""
        if name in self._enrolled.store.names() or name not in self._built_in:
            return self._enrolled.read(name, also=tuple(self._built_in))
        return self._built_in[name]
