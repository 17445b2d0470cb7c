"""Paths of results as tasks.db keeps them: from the data folder where they lie in it, so that a home may be moved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from senter.components.task_engine.journal.records import TEXTS


def from_data(paths: Iterable[str], data: Path) -> tuple[str, ...]:
    """As they are kept."""
    return tuple(_from(Path(path), data) for path in paths)


def whole_paths(kept: str, data: Path) -> tuple[str, ...]:
    """As people are shown them, of what the database holds."""
    return tuple(str(data / path) for path in TEXTS.validate_json(kept))


def _from(path: Path, data: Path) -> str:
    return path.relative_to(data).as_posix() if path.is_relative_to(data) else str(path)
