"""A preset file that somebody edits while it is in use."""

from pathlib import Path

from bridge.config import ConfigError
from bridge.performance.preset import preset_path, read_preset


class WatchedPreset:
    """The preset of a file, read again when the file changes. ConfigError if it cannot be read at the start."""

    def __init__(self, name: str | Path) -> None:
        self._path = preset_path(name)
        self._seen = self._state()
        self.preset = read_preset(self._path)
        """The last one that was good."""
        self.problem = ""
        """What is wrong with the file as it is now; "" if nothing is."""

    def look(self) -> bool:
        """Whether there is a new preset. For every second or so; costs no more than a look at the file's date."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        try:
            self.preset, self.problem = read_preset(self._path), ""
        except ConfigError as error:
            self.problem = f"{error}; the last good one stays"
        return not self.problem

    def _state(self) -> tuple[int, int, int] | None:
        """What changes when the file is written or replaced; None while it is not there."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
