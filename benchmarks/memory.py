"""The most memory in use during a block: of the card on CUDA, else resident memory of this process."""

import resource
import sys
import threading
from pathlib import Path
from types import TracebackType

import torch

INTERVAL = 0.02  # s


class Peak:
    """`with Peak(device) as peak: ...`, then `peak.gigabytes`. Sampled on Linux, elsewhere the peak so far."""

    def __init__(self, device: str) -> None:
        self._cuda = device == "cuda"
        self._done = threading.Event()
        self.gigabytes = 0.0

    def __enter__(self) -> "Peak":
        if self._cuda:
            torch.cuda.reset_peak_memory_stats()
        else:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._cuda:
            self.gigabytes = torch.cuda.max_memory_allocated() / 1e9
            return
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.gigabytes = max(self.gigabytes, resident() / 1e9)
            if self._done.wait(INTERVAL):
                return


def resident() -> float:
    """Bytes."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
