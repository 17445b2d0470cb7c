"""All reading of time and all waiting go through a `Clock`.

Wall times are aware and in UTC. Durations are measured on the monotonic clock, in seconds. The fake
clock for tests is `senter.component.testing.FakeClock`.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a component may ask about time."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of monotonic time."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def utc_now() -> datetime:
    """The wall time for stamps that no behaviour depends on, such as a message's `sent_at`."""
    return datetime.now(UTC)


async def set_within(event: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Return when `event` is set or `seconds` have passed on `clock`, whichever comes first."""
    waits = {asyncio.create_task(event.wait()), asyncio.create_task(clock.sleep(max(0.0, seconds)))}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)
