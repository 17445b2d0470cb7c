"""What a daemon costs that nobody asks anything: processor time over a minute, and memory.

The embedded model of the worker that answers people is loaded, as in everyday use. The daemon is left alone
while it is measured.
"""

from __future__ import annotations

import argparse
import time

from measuring.costs import cpu_seconds, pss_mib
from measuring.homes import daemon, wait_for_model
from measuring.report import Report, run_figure

SETTLE_SECONDS = 5.0
MODEL_WORKERS = "model_"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60.0)
    seconds: float = options.parse_args().seconds
    run_figure(lambda: measure(seconds), limit_seconds=int(seconds) + 120)


def measure(seconds: float) -> Report:
    report = Report("idle_cost", f"an idle daemon for {seconds:g} s: processor time, and memory as sum of PSS")
    with daemon() as started:
        wait_for_model(started)
        pids = started.pids()
        time.sleep(SETTLE_SECONDS)
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        begun = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - begun
        percent = {name: (cpu_seconds(pid) - before[name]) / elapsed * 100 for name, pid in pids.items()}
        memory = {name: pss_mib(pid) for name, pid in pids.items()}
    for name in sorted(pids):
        report.single(f"cpu_{name}", percent[name], "% of one core")
        report.single(f"memory_{name}", memory[name], "MiB")
    light = [name for name in pids if not name.startswith(MODEL_WORKERS)]
    report.single("cpu_without_model_workers", sum(percent[name] for name in light), "% of one core")
    report.single("memory_with_model_workers", sum(memory.values()), "MiB")
    report.at_most("processor time, model workers included", sum(percent.values()), 0.8, "% of one core")
    report.at_most("memory without model workers", sum(memory[name] for name in light), 160, "MiB")
    return report


if __name__ == "__main__":
    main()
