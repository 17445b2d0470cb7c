"""What a process costs: CPU, memory, threads, open files.

Memory is the proportional set size where the system tells it (Linux, /proc/PID/smaps_rollup), because
forked components share most of their pages; elsewhere it is the resident set size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """One reading. `memory_mb` in MiB, `cpu_percent` of one core since the reading before."""

    cpu_percent: float = 0.0
    memory_mb: float = 0.0
    threads: int = 0
    open_files: int = 0


class UsageReader:
    """Reads processes again and again; each remembers its last CPU time."""

    def __init__(self) -> None:
        self._processes: dict[int, psutil.Process] = {}

    def read(self, pids: Iterable[int]) -> dict[int, ResourceUsage]:
        """A reading of each process; zeros where it is gone."""
        before, self._processes = self._processes, {}
        return {pid: self._read(pid, before.get(pid)) for pid in pids}

    def _read(self, pid: int, known: psutil.Process | None) -> ResourceUsage:
        try:
            process = self._processes[pid] = known or psutil.Process(pid)
            with process.oneshot():
                return ResourceUsage(
                    cpu_percent=max(0.0, process.cpu_percent()),
                    memory_mb=round(_memory_bytes(process) / 1_048_576, 1),
                    threads=process.num_threads(),
                    open_files=process.num_fds() if hasattr(process, "num_fds") else 0,
                )
        except (psutil.Error, OSError):
            return ResourceUsage()


def _memory_bytes(process: psutil.Process) -> int:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return int(process.memory_info().rss)
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)
