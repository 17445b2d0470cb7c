"""Reminders of every kind over 366 simulated days in four zones: told as a plain reference says, each once.

Prints JSON. They are snoozed, done and left out for a day at random, the machine sleeps now and then, and the scheduler
is opened anew, or ends while it decides. `--days` and `--seed` change them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import structlog

from measuring.report import Report, run_figure
from tests.support.reminder_lives import ZONES, compare_lives

ERRORS = 40


def main() -> Report:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ERRORS))
    report = Report("reminders", "reminders through a year, against a plain reference")
    missed = doubled = wrong = 0
    for zone in ZONES:
        with tempfile.TemporaryDirectory(prefix="sb") as folder:
            begun = time.perf_counter()
            found = compare_lives(Path(folder), zone, asked.days, asked.seed)
        report.single(f"told {zone}", found.told, "tellings")
        report.single(f"snoozed {zone}", found.snoozed, "times")
        report.single(f"left out {zone}", found.left_out, "days")
        report.single(f"took {zone}", time.perf_counter() - begun, "s")
        missed, doubled = missed + found.missed.total(), doubled + found.doubled.total()
        wrong += found.misread + found.untold
    report.at_most("missed", missed, 0)
    report.at_most("doubled", doubled, 0)
    report.at_most("snoozes, dones and days left out taken otherwise, and tellings not announced", wrong, 0)
    return report


if __name__ == "__main__":
    run_figure(main, limit_seconds=900)
