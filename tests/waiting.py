"""Waiting for a condition, with a deadline, instead of sleeping for a time.

Who waits long looks less often: looking costs those who are waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return once `condition` holds; fail after `seconds`."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    while not condition():
        waited = clock() - begun
        assert waited < seconds, "the condition was not met in time"
        await asyncio.sleep(min(max(0.002, waited / 50), 0.05))
