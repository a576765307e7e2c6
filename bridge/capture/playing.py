"""A source that sends nothing by itself, a camera or a take, played in a thread of its own."""

import threading
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from rich.console import RenderableType

from bridge.capture.feed import Feed
from bridge.capture.sample import Sample
from bridge.clock import now


class Player(Protocol):
    """`frames` waits until the next is due, and ends when all are over or `stop` was called."""

    def frames(self) -> Iterator[Sample]: ...
    def stop(self) -> None: ...


@runtime_checkable
class Shows(Protocol):
    """A player with something to show in the terminal."""

    def panel(self) -> RenderableType: ...


class Playing:
    """From `start` to `stop`; one that ends by itself or fails says so in its tally."""

    def __init__(self, player: Player, feed: Feed, name: str) -> None:
        self._player = player
        self._feed = feed
        self._thread = threading.Thread(target=self._run, name=f"facebridge-{name}", daemon=True)

    @property
    def panel(self) -> RenderableType:
        """What it shows beside the table, "" for most."""
        return self._player.panel() if isinstance(self._player, Shows) else ""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return not self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._player.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            for sample in self._player.frames():
                self._feed.play(sample, now())
        except Exception as error:  # a camera that was pulled out, a take that cannot be read
            self._feed.tally.end(str(error) or type(error).__name__)
        else:
            self._feed.tally.end()
