"""Whether the default model has room on this machine, now: memory and disk.

Standard library, because the first command asks before the environment is made; where the system does not tell it
memory, psutil is asked, which is there by the time the daemon asks.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from senter.weights.catalogue import MIDDLE

LEAST_MEMORY_BYTES = 4 * 10**9
MIDDLE_MEMORY_BYTES = 2 * 10**9
LEAST_DISK_BYTES = 3 * 10**9
ELSEWHERE = "For better answers name a server: docs/guides/models.md"
GROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, for people, and what they can do."""

    reason: str
    hint: str


def what_lacks(folder: Path) -> Lack | None:
    """Why the default model is not for this machine; `folder` is the cache. None where it is."""
    memory = available_memory_bytes()
    if memory is None:
        return Lack("how much memory is free is not known yet", ELSEWHERE)
    if memory < LEAST_MEMORY_BYTES:
        reason = f"{memory / 1e9:.1f} GB of memory are free; the better one wants {LEAST_MEMORY_BYTES / 1e9:.0f}"
        has_middle = memory >= MIDDLE_MEMORY_BYTES
        return Lack(reason, f"Fetch one in between with: senter models get {MIDDLE}" if has_middle else ELSEWHERE)
    disk = shutil.disk_usage(_nearest(folder)).free
    if disk < LEAST_DISK_BYTES:
        reason = f"{disk / 1e9:.1f} GB are free on the disk of {folder}; the better one wants"
        return Lack(
            f"{reason} {LEAST_DISK_BYTES / 1e9:.0f}", "Free some, or set models.folder to a folder on another disk."
        )
    return None


def available_memory_bytes(machine: Path = Path("/proc"), groups: Path = GROUPS) -> int | None:
    """What a new process could use without pushing out others, within the bounds of its container.

    None where it is not known.
    """
    if sys.platform == "linux":
        with suppress(OSError, ValueError, StopIteration):
            return min([_of_the_machine(machine), *_of_groups(machine, groups)])
    with suppress(ImportError):
        import psutil

        return psutil.virtual_memory().available
    return None


def _of_the_machine(machine: Path) -> int:
    lines = (machine / "meminfo").read_text("ascii").splitlines()
    return 1_024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))


def _of_groups(machine: Path, groups: Path) -> list[int]:
    """What each control group around this process has left; none where nothing bounds them."""
    own = (machine / "self/cgroup").read_text("utf-8").rpartition("0::/")[2].strip()
    around = PurePosixPath(own)
    return [left for group in (around, *around.parents) if (left := _left_in(groups / group)) is not None]


def _left_in(group: Path) -> int | None:
    with suppress(OSError, ValueError, StopIteration):
        most = int((group / "memory.max").read_text("ascii"))  # "max" where it has no bound
        used = int((group / "memory.current").read_text("ascii"))
        lines = (group / "memory.stat").read_text("ascii").splitlines()
        return most - used + next(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
    return None


def _nearest(folder: Path) -> Path:
    """The folder, or what there is of the way to it."""
    return next(place for place in (folder, *folder.parents) if place.exists())
