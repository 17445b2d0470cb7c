"""The logs: JSON lines, one file per process, and errors once more in health.log.

What is offered here is imported when it is first used: writing needs structlog and settings pydantic, while
`senter.logs.reading` needs only the standard library, because `senter logs` must be quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from senter.logs.settings import LevelName, LogSettings
    from senter.logs.writing import configure, operation

__all__ = ["LevelName", "LogSettings", "configure", "operation"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    module = "settings" if name in ("LevelName", "LogSettings") else "writing"
    return getattr(import_module(f"{__name__}.{module}"), name)
