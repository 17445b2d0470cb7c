"""What processes cost: processor time and memory. Linux only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Time its threads have run so far; the scheduler counts in nanoseconds. A thread that ended is not counted."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text("ascii").split()[0])
    return total / 1e9


def pss_mib(pid: int) -> float:
    """Its memory, with pages it shares divided among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no Pss of {pid}")


def sum_of_pss_mib(pids: Iterable[int]) -> float:
    return sum(pss_mib(pid) for pid in pids)
