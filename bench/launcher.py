"""What bin/senter adds to running the program in its environment directly, once that is made.

Runs `senter --version` both ways in turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from measuring.homes import ROOT, SOURCE
from measuring.report import Report, run_figure

LAUNCHER = (str(ROOT / "bin" / "senter"), "--version")
DIRECT = (sys.executable, "-P", "-m", "senter", "--version")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=40)
    runs: int = options.parse_args().runs
    run_figure(lambda: measure(runs), limit_seconds=120)


def measure(runs: int) -> Report:
    report = Report("launcher", "bin/senter, against the program it runs")
    launcher: list[float] = []
    direct: list[float] = []
    for _ in range(runs):
        launcher.append(_timed(LAUNCHER))
        direct.append(_timed(DIRECT))
    report.measured("launcher", launcher)
    report.measured("direct", direct)
    report.at_most("added", statistics.median(launcher) - statistics.median(direct), 20, "ms")
    return report


def _timed(command: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(SOURCE)}, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1_000


if __name__ == "__main__":
    main()
