"""What this machine has for a model: cores and memory, as far as this process may use them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import psutil

from senter.components.models.footprint import MIB, needed_mb
from senter.components.models.gguf import model_name
from senter.components.models.settings import ModelSettings
from senter.errors import ModelUnavailable

SHORT_MEMORY_BYTES = 8.6e9
"""A machine fitted with 8 GB tells up to 8 GiB."""
_CPUS = Path("/sys/devices/system/cpu")
_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")


@lru_cache(maxsize=1)
def physical_cores() -> int:
    """Cores for this process, at least one. Two threads of one core do not count twice."""
    if not hasattr(os, "sched_getaffinity"):
        return psutil.cpu_count(logical=False) or 1
    cores = {_siblings(cpu) for cpu in os.sched_getaffinity(0)}
    return max(1, min([len(cores), *_core_quotas()]))


@lru_cache(maxsize=1)
def memory_bytes() -> int:
    """What the machine is fitted with, or less where this process may not have it all."""
    limits = (int(limit) for limit in _group_limits("memory.max") if limit.isdigit())
    return min([psutil.virtual_memory().total, *limits])


def spares_memory(setting: str) -> bool:
    """Whether weights are to take no second place in memory: where that is set, or there is little of it."""
    return memory_bytes() <= SHORT_MEMORY_BYTES if setting == "auto" else setting == "yes"


@lru_cache(maxsize=1)
def machine() -> str:
    """Its processor and how much of it there is: a speed measured on one machine does not hold on another."""
    return f"{_processor()}, {physical_cores()} cores"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _siblings(cpu: int) -> str:
    with suppress(OSError):
        return (_CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text("ascii").strip()
    return str(cpu)


def _core_quotas() -> Iterator[int]:
    """Whole cores that the time given to a container makes, from cgroup v2's `cpu.max`."""
    for limit in _group_limits("cpu.max"):
        quota, _, period = limit.partition(" ")
        if quota.isdigit() and period.isdigit():
            yield -(-int(quota) // int(period))


def _group_limits(name: str) -> Iterator[str]:
    """What the control groups of this process say, from its own to the outermost."""
    with suppress(OSError):
        own = _OWN_GROUP.read_text("ascii").strip().rpartition(":")[2].strip("/")
        for group in (_GROUPS / own, *(_GROUPS / own).parents):
            if not group.is_relative_to(_GROUPS):
                return
            with suppress(OSError):
                yield (group / name).read_text("ascii").strip()


def check_room(file: Path, settings: ModelSettings) -> None:
    """Raises `ModelUnavailable` where file and context, each once, take more memory than the machine has."""
    needed, there = needed_mb(file, settings, laid_out=1) * MIB, memory_bytes()
    if needed > there:
        raise ModelUnavailable(
            f"{model_name(file)} with room for {settings.slots} × {settings.context_tokens:,} tokens takes "
            f"{needed / 1e9:.1f} GB of memory; this machine has {there / 1e9:.1f}.",
            "Set context_tokens or slots to less, or take a smaller model with: senter models use",
        )
