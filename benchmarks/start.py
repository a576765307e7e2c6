"""From nothing to a first picture: a whole process that loads a model, draws one face and ends.

    python benchmarks/start.py [--model compact] [--rounds 5]

Baseline: a process that imports torch and ends, which most programs of this kind do first. What is converted once after
an installation is converted before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

FIRST_PICTURE = """if True:
    import sys
    import numpy as np
    from generator.face_generator import ModelOptions, StreamSettings, load_generator
    from protocol.blendshapes import BASES
    generator = load_generator(sys.argv[1], ModelOptions())
    stream = generator.open_stream(StreamSettings(generator.identities[0], generator.sizes[0]))
    generator.render([(stream, np.full(len(BASES[generator.basis]), 0.1, np.float32))])
"""
PEAK = """
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", default="compact")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    peak = PEAK if sys.platform == "linux" else ""
    told = _process(FIRST_PICTURE + peak, args.model)[1]
    ours, baseline = [], []
    for _ in range(args.rounds):
        ours.append(_process(FIRST_PICTURE, args.model)[0])
        baseline.append(_process("import torch")[0])
    ratio = median(own / bare for own, bare in zip(ours, baseline, strict=True))
    table = Table("", "median s", "least", "most", title=f"from nothing to a first picture of {args.model}")
    for name, times in (("a first picture", ours), ("import torch", baseline)):
        table.add_row(name, *(f"{value:.2f}" for value in (median(times), min(times), max(times))))
    console = Console()
    console.print(table, f"ratio {ratio:.2f}", f"{int(told) / 1024:.0f} MB at most" if told else "")
    if args.json:
        kept = {"model": args.model, "first_picture_s": ours, "import_torch_s": baseline, "ratio": ratio}
        args.json.write_text(json.dumps(kept | ({"peak_mb": int(told) / 1024} if told else {}), indent=1) + "\n")


def _process(script: str, *arguments: str) -> tuple[float, str]:
    """Seconds that it took, and what it said."""
    began = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", script, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - began, ran.stdout


if __name__ == "__main__":
    main()
