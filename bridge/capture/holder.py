"""Who performs at a source: the first device to speak, until it has been silent for a while."""

from dataclasses import dataclass

SILENCE = 5_000_000  # µs


@dataclass(slots=True)
class Holder:
    """Times are µs of `bridge.clock.now`."""

    who: str = ""
    sender: str = ""
    """The address that it last spoke from; a phone's changes when its app starts again."""
    _heard: int = 0

    def admits(self, who: str, sender: str, now: int) -> bool:
        """Whether this device may perform now; from then on nobody else may."""
        if self.is_held(now) and who != self.who:
            return False
        self.who, self.sender, self._heard = who, sender, now
        return True

    def release(self, sender: str) -> None:
        """Its connection has ended: whoever comes next may perform at once."""
        if sender == self.sender:
            self.who = self.sender = ""

    def is_held(self, now: int) -> bool:
        """Whether somebody performs, or did a moment ago."""
        return bool(self.who) and now - self._heard < SILENCE
