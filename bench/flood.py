"""How asks fare in a flood of 100,000 durable and 1,000,000 volatile messages, and whether memory stays.

Two components from participants flood the bus and take the flood in, as fast as they can, at nice 10 as background
work is. Asks go on at a steady pace, with an instant scripted model, before, during and after. The flood
is over when everything was sent and every durable message was taken in, exactly once.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from measuring.costs import pss_mib
from measuring.homes import daemon, facts, scripted_models
from measuring.http import Caller, over_unix
from measuring.report import Report, quantile, run_figure
from measuring.scripted import scripted_server
from tests.support.scratch import ScratchDaemon

PACKAGES = Path(__file__).parent / "participants" / "flood"
FLOODER, FLOODED = "flooder", "flooded"
QUESTION = {"text": "What is Python?"}
WARM_UP = 100
IDLE_ASKS = 300
PAUSE_SECONDS = 0.02
LOOK_EVERY_SECONDS = 1.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--durable", type=int, default=100_000)
    options.add_argument("--volatile", type=int, default=1_000_000)
    options.add_argument("--limit-seconds", type=int, default=900)
    chosen = options.parse_args()
    run_figure(lambda: measure(chosen.durable, chosen.volatile), limit_seconds=chosen.limit_seconds)


def measure(durable: int, volatile: int) -> Report:
    report = Report("flood", f"asks while {durable:,} durable and {volatile:,} volatile messages flood the bus")
    report.note("flooder and flooded run at nice 10, as background components do")
    section = f"[flooder]\ndurable = {durable}\nvolatile = {volatile}\n"
    with (
        scripted_server() as server,
        daemon(scripted_models(server) + section, packages=PACKAGES) as started,
        over_unix(started) as caller,
    ):
        _asks(caller, WARM_UP)
        watch = _Watch(started, durable, volatile)
        idle = _asks(caller, IDLE_ASKS)
        begun = time.monotonic()
        os.kill(started.pid(FLOODER), signal.SIGUSR1)
        flooded = _asks_while(caller, watch.flood_goes_on)
        report.single("flood", time.monotonic() - begun, "s")
        idle += _asks(caller, IDLE_ASKS)
        watch.look_at_memory()
        sent, taken = watch.numbers(FLOODER), watch.numbers(FLOODED)
    report.measured("idle", idle)
    report.measured("flooded", flooded)
    for name in ("durable", "refused", "volatile", "dropped"):
        report.single(f"sent_{name}", sent[name], "messages")
    for name in ("durable", "volatile", "dropped"):
        report.single(f"taken_{name}", taken[name], "messages")
    for name, grown in watch.growth().items():
        report.single(f"most_growth_{name}", grown, "MiB")
    report.single("p50_ratio", statistics.median(flooded) / statistics.median(idle), "times")
    report.at_most("asks' p95 in the flood, against idle", quantile(flooded, 95) / quantile(idle, 95), 1.5, "times")
    report.at_most("memory growth at its peak, the two floods' own processes apart", watch.most_growth, 20, "MiB")
    report.at_least("durable messages taken in", taken["durable"], durable)
    report.at_most("durable messages taken in twice", taken["durable"] - durable, 0)
    return report


class _Watch:
    """How far the flood is, and what the daemon's processes take meanwhile."""

    def __init__(self, started: ScratchDaemon, durable: int, volatile: int) -> None:
        self._started = started
        self._expected = (durable, volatile)
        self._pids = started.pids()
        self._before = {name: pss_mib(pid) for name, pid in self._pids.items()}
        self._most = dict(self._before)
        self._looked_at = time.monotonic()
        self.most_growth = 0.0

    def flood_goes_on(self) -> bool:
        """Looks once in a while only: looking costs time, too."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return True
        self.look_at_memory()
        self._looked_at = time.monotonic()
        durable, volatile = self._expected
        return self.numbers(FLOODER)["volatile"] < volatile or self.numbers(FLOODED)["durable"] < durable

    def look_at_memory(self) -> None:
        now = {name: pss_mib(pid) for name, pid in self._pids.items()}
        self._most = {name: max(now[name], most) for name, most in self._most.items()}
        own = [name for name in now if name not in (FLOODER, FLOODED)]
        self.most_growth = max(self.most_growth, sum(now[name] - self._before[name] for name in own))

    def growth(self) -> dict[str, float]:
        return {name: most - self._before[name] for name, most in self._most.items()}

    def numbers(self, name: str) -> dict[str, float]:
        """What a component counted, as of its last heartbeat."""
        return {key: float(str(value)) for key, value in facts(self._started, name).items() if value is not None}


def _asks(caller: Caller, count: int) -> list[float]:
    left = iter(range(count))
    return _asks_while(caller, lambda: next(left, None) is not None)


def _asks_while(caller: Caller, condition: Callable[[], bool]) -> list[float]:
    """One ask after the other, with a pause between."""
    found: list[float] = []
    while condition():
        found.append(caller.timed_post("/api/query", QUESTION))
        time.sleep(PAUSE_SECONDS)
    return found


if __name__ == "__main__":
    main()
