"""The one client of a running Senter, for the command line and for programs.

Standard library only, and what is slow to import is imported when used: `senter status` must not pay
for more than it needs. For the same reason it reads the clock and sleeps by itself; it has no event
loop and no component around it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from senter.client.client import Client, Piece, ProgressLine
    from senter.client.control import call_control

__all__ = ["Client", "Piece", "ProgressLine", "call_control"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    module = "control" if name == "call_control" else "client"
    return getattr(import_module(f"{__name__}.{module}"), name)
