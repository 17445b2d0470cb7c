"""What bin/senter adds to running the program in its environment directly, once that is made.

Runs `senter --version` both ways in turns. Prints JSON; times are in milliseconds, the goal is under 20 added.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAUNCHER = (str(ROOT / "bin" / "senter"), "--version")
DIRECT = (str(ROOT / ".venv" / "bin" / "python"), "-P", "-m", "senter", "--version")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=40)
    runs: int = options.parse_args().runs
    times: dict[str, list[float]] = {"launcher": [], "direct": []}
    for _ in range(runs):
        times["launcher"].append(_timed(LAUNCHER))
        times["direct"].append(_timed(DIRECT))
    medians = {name: round(statistics.median(found), 2) for name, found in times.items()}
    spread = {name: [round(min(found), 2), round(max(found), 2)] for name, found in times.items()}
    added = round(medians["launcher"] - medians["direct"], 2)
    print(json.dumps({"figure": "launcher", "runs": runs, "median_ms": medians, "range_ms": spread, "added_ms": added}))


def _timed(command: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1_000


main()
