"""How long `senter status --json` takes, the whole command, beside `supervisorctl status` in the same run.

Starts one daemon and one supervisord with as many programs as the daemon has processes, then runs both
commands in turns. `supervisorctl status` has no JSON form; its plain text is the nearest thing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from measuring.homes import SOURCE, daemon, scratch_home
from measuring.report import Report, run_figure
from measuring.supervisord import supervisord

SENTER_STATUS = (sys.executable, "-P", "-m", "senter", "status", "--json")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=30)
    runs: int = options.parse_args().runs
    run_figure(lambda: measure(runs), limit_seconds=180)


def measure(runs: int) -> Report:
    report = Report("status_command", "senter status --json, the whole command, beside supervisorctl status")
    senter: list[float] = []
    peer: list[float] = []
    with daemon() as started, scratch_home() as folder:
        programs = {f"p{number}": "sleep 3600" for number in range(len(started.pids()))}
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "SENTER_HOME": str(started.paths.home)}
        with supervisord(folder, programs) as running:
            for _ in range(runs):
                senter.append(_timed(SENTER_STATUS, environment))
                peer.append(_timed((*running.supervisorctl, "status"), os.environ))
    report.measured("senter", senter)
    report.measured("supervisorctl", peer)
    report.at_most("senter status --json: median", statistics.median(senter), 90, "ms")
    report.at_least(
        "supervisorctl's median in Senter's", statistics.median(peer) / statistics.median(senter), 1, "times"
    )
    return report


def _timed(command: Sequence[str], environment: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1_000


if __name__ == "__main__":
    main()
