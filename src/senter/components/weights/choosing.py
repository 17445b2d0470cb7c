"""Whether the default model fits this machine, now, by memory and disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

LEAST_MEMORY_BYTES = 4 * 10**9
LEAST_DISK_BYTES = 3 * 10**9


def why_not(folder: Path) -> str:
    """Why the default model is not for this machine; empty where it is."""
    memory = psutil.virtual_memory().available
    if memory < LEAST_MEMORY_BYTES:
        return f"{memory / 1e9:.1f} GB of memory are free; it wants {LEAST_MEMORY_BYTES / 1e9:.0f}"
    disk = shutil.disk_usage(_nearest(folder)).free
    if disk < LEAST_DISK_BYTES:
        return f"{disk / 1e9:.1f} GB are free on the disk of {folder}; it wants {LEAST_DISK_BYTES / 1e9:.0f}"
    return ""


def _nearest(folder: Path) -> Path:
    """The folder, or what there is of the way to it."""
    return next(place for place in (folder, *folder.parents) if place.exists())
