"""The log files of a home: their names, and what rotation leaves of them."""

from __future__ import annotations

from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
KEPT_FILES = 5
HEALTH_LOG = "health"


def log_files(folder: Path, component: str | None = None) -> list[Path]:
    """The logs to read: one component's, or all but health.log, which only repeats their errors."""
    if component is not None:
        return [folder / f"{component}.log"]
    return sorted(path for path in folder.glob("*.log") if path.stem != HEALTH_LOG)


def rotated(path: Path, number: int) -> Path:
    """The file that was `path` before `number` rotations."""
    return path.with_name(f"{path.name}.{number}")
