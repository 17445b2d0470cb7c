"""How much memory a process could still use, on the machine and in its container."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from senter.weights.room import available_memory_bytes

GB = 10**9


class Machine:
    """A machine with 10 GB of memory, as Linux tells it."""

    def __init__(self, folder: Path) -> None:
        self.processes = folder / "proc"
        self.groups = folder / "groups"
        (self.processes / "self").mkdir(parents=True)
        (self.processes / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable:   {10 * GB // 1024} kB\n")
        (self.processes / "self/cgroup").write_text("4:memory:/old\n0::/outer/inner\n")

    def bound(self, group: str, most: str, used: int, cached: int = 0) -> None:
        folder = self.groups / group
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "memory.max").write_text(f"{most}\n")
        (folder / "memory.current").write_text(f"{used}\n")
        (folder / "memory.stat").write_text(f"anon 1\ninactive_file {cached}\nactive_file 2\n")

    @property
    def available(self) -> int | None:
        return available_memory_bytes(self.processes, self.groups)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_bounds_it_is_the_machine_s(machine: Machine) -> None:
    assert machine.available == 10 * GB // 1024 * 1024
    machine.bound("outer/inner", "max", GB)
    assert machine.available == 10 * GB // 1024 * 1024


def test_the_narrowest_bound_around_the_process_counts_and_what_is_only_cached_is_free(machine: Machine) -> None:
    machine.bound("outer/inner", str(8 * GB), 2 * GB)
    assert machine.available == 6 * GB
    machine.bound("outer", str(4 * GB), 3 * GB, cached=GB)
    assert machine.available == 2 * GB
    machine.bound("", str(3 * GB), 2 * GB)
    assert machine.available == GB


def test_here_it_is_about_what_others_say() -> None:
    found = available_memory_bytes()
    assert found is not None
    assert 0 < found <= psutil.virtual_memory().total


@pytest.mark.skipif(sys.platform != "linux", reason="stands in for a system that does not tell it as Linux does")
def test_where_the_system_tells_nothing_psutil_is_asked(tmp_path: Path) -> None:
    assert available_memory_bytes(tmp_path, tmp_path)
