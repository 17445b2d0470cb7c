"""Lets people's requests go before background work."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from senter.clock import Clock
from senter.messages.model import ModelLoad

# A busy worker says so again every few seconds; one that fell silent may have died.
BELIEVED_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.25


class ForegroundPriority:
    """Knows whether the worker that answers people is busy, and waits while it is."""

    def __init__(self, clock: Clock, limit_seconds: float) -> None:
        self._clock = clock
        self._limit_seconds = limit_seconds
        self._heard_at = 0.0
        self._free = asyncio.Event()
        self._free.set()

    def heard(self, load: ModelLoad) -> None:
        self._heard_at = self._clock.monotonic()
        if load.active or load.waiting:
            self._free.clear()
        else:
            self._free.set()

    @property
    def people_wait(self) -> bool:
        return not self._free.is_set() and self._clock.monotonic() - self._heard_at < BELIEVED_SECONDS

    async def wait_for_foreground(self) -> None:
        """Return when nobody waits, or after the limit, so that background work gets done at all."""
        ends_at = self._clock.monotonic() + self._limit_seconds
        while self.people_wait and self._clock.monotonic() < ends_at:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._free.wait()
