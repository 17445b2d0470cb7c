"""A clock whose time passes when told to, also for tests that do not run on a bus."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class HandClock:
    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        ends_at = self._seconds + seconds
        while self._seconds < ends_at:
            await asyncio.sleep(0.001)

    def pass_time(self, seconds: float) -> None:
        self._seconds += seconds
