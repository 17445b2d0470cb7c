"""Waits for something to happen, but not for ever."""

from __future__ import annotations

import asyncio

from senter.clock import Clock


async def set_within(event: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Return when `event` is set or `seconds` have passed on `clock`, whichever comes first."""
    waits = {asyncio.create_task(event.wait()), asyncio.create_task(clock.sleep(max(0.0, seconds)))}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)
