"""How long `senter start` takes, the whole command, until every component is ready; with the embedded model.

Each run has a new home. A worker is ready when it takes requests; how long until its model is loaded too is
given beside it, because the first question waits for that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from measuring.homes import SOURCE, scratch_home, wait_for_model
from measuring.report import Report, run_figure
from tests.support.scratch import ScratchDaemon

SENTER = (sys.executable, "-P", "-m", "senter")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10)
    runs: int = options.parse_args().runs
    run_figure(lambda: measure(runs), limit_seconds=300)


def measure(runs: int) -> Report:
    report = Report("start_to_ready", "senter start in an empty home, until all components are ready")
    ready: list[float] = []
    loaded: list[float] = []
    for _ in range(runs):
        begun, ended, model = _one_start()
        ready.append(ended - begun)
        loaded.append(model - begun)
    report.measured("ready", ready, "s")
    report.measured("model_loaded", loaded, "s")
    report.at_most("ready: slowest run", max(ready), 2.5, "s")
    return report


def _one_start() -> tuple[float, float, float]:
    """When it began, when the command ended, when the model was loaded."""
    with scratch_home() as home:
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "SENTER_HOME": str(home), "SENTER_API__PORT": "0"}
        started = ScratchDaemon(home)
        try:
            begun = time.perf_counter()
            subprocess.run((*SENTER, "start"), env=environment, check=True, stdout=subprocess.DEVNULL)
            ended = time.perf_counter()
            wait_for_model(started)
            loaded = time.perf_counter()
            started.stop()
        finally:
            started.end()
    return begun, ended, loaded


if __name__ == "__main__":
    main()
