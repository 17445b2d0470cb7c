"""The shell in a pseudo-terminal: from its start to the prompt, from a key to its echo while an answer streams, and
what it holds in memory after many turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from measuring.costs import sum_of_pss_mib
from measuring.homes import SOURCE, daemon, scripted_models
from measuring.report import Report, quantile, run_figure
from measuring.scripted import scripted_server
from tests.support.terminals import Terminal, terminal

SHELL = [sys.executable, "-P", "-m", "senter", "shell"]
PROMPT = "[general] >"
KEY_SECONDS = 0.05
EARLY_TURNS = 100


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--starts", type=int, default=20)
    options.add_argument("--keys", type=int, default=200)
    options.add_argument("--turns", type=int, default=1_000)
    given = options.parse_args()
    run_figure(lambda: measure(given.starts, given.keys, given.turns), limit_seconds=900)


def measure(starts: int, keys: int, turns: int) -> Report:
    report = Report("shell", "senter shell in a pseudo-terminal of 80 columns, with a daemon that runs")
    with scripted_server() as server, daemon(scripted_models(server)) as started:
        home = started.paths.home
        starting = [_start(home) for _ in range(starts)]
        report.measured("start to prompt", starting)
        report.at_most("start to prompt: median", statistics.median(starting), 400, "ms")
        echoes = _echoes(home, keys)
        report.measured("key to echo while an answer streams", echoes)
        report.at_most("key to echo: p95", quantile(echoes, 95), 30, "ms")
        early, late = _memory(home, turns)
        report.single(f"memory after {EARLY_TURNS} turns", early, "MiB")
        report.single(f"memory after {turns} turns", late, "MiB")
        report.at_most(f"memory after {turns} turns", late, 60, "MB")
        report.at_most("growth between", late - early, 2, "MiB")
    return report


@contextmanager
def _shell(home: Path) -> Generator[Terminal]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
    environment = {**inherited, "PYTHONPATH": str(SOURCE), "SENTER_HOME": str(home), "TERM": "xterm-256color"}
    with terminal(SHELL, environment) as opened:
        yield opened


def _start(home: Path) -> float:
    begun = time.perf_counter()
    with _shell(home) as shell:
        shell.wait_for_prompt(PROMPT)
        return (time.perf_counter() - begun) * 1_000


def _echoes(home: Path, keys: int) -> list[float]:
    """Milliseconds from each key to when the terminal was sent it."""
    words = int(keys * KEY_SECONDS / 0.02 * 1.5)
    echoes: list[float] = []
    with _shell(home) as shell:
        shell.wait_for_prompt(PROMPT)
        shell.enter(f"Please write {words} words about the sea.")
        shell.wait_for("word")
        for number in range(keys):
            key = "abcdefghijklmnopqrstuvwxyz"[number % 26]
            echoes.append(_echo(shell, key))
            shell.read_for(KEY_SECONDS)
    return echoes


def _echo(shell: Terminal, key: str) -> float:
    """It is shown where the line of what is typed ends with it."""
    begun = time.perf_counter()
    shell.type(key)
    while not any(key in line.rpartition(" > ")[2] for line in shell.screen_lines()[-3:] if " > " in line):
        shell.read_some()
    return (time.perf_counter() - begun) * 1_000


def _memory(home: Path, turns: int) -> tuple[float, float]:
    """MiB of both processes after some turns, and after all of them."""
    early = 0.0
    with _shell(home) as shell:
        shell.wait_for_prompt(PROMPT)
        for number in range(1, turns + 1):
            shell.enter_and_wait(f"Tell me story {number}.", PROMPT)
            if number == EARLY_TURNS:
                early = sum_of_pss_mib(shell.pids())
        return early, sum_of_pss_mib(shell.pids())


if __name__ == "__main__":
    main()
