"""A token bucket: how often something may happen."""

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """`rate` per second, and `burst` at once. Time is passed in, in µs."""

    rate: float
    burst: float
    updated: int
    tokens: float = -1.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def spend(self, now: int) -> bool:
        """Take one token; False when there is none."""
        self.tokens = min(self.burst, self.tokens + (now - self.updated) * self.rate / 1e6)
        self.updated = now
        if self.tokens < 1.0:
            return False
        self.tokens -= 1.0
        return True
