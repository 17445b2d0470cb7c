"""The one client of a running Senter, for the command line and for programs.

Standard library only, and what is slow to import is imported when used: `senter status` must not pay
for more than it needs. For the same reason it reads the clock and sleeps by itself; it has no event
loop and no component around it.
"""

from __future__ import annotations

from senter.client.client import Client
from senter.client.control import call_control
from senter.client.results import Piece, ProgressLine

__all__ = ["Client", "Piece", "ProgressLine", "call_control"]
