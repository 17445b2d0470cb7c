"""Answers being worked on for people: so many at once, and at the end each finishes or is told."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from senter.errors import Busy, Stopping

ResultT = TypeVar("ResultT")

AFTERMATH_SECONDS: Final = 1.0


class InFlight:
    """Tasks that a caller waits for, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: set[asyncio.Task[object]] = set()
        self.stopping = False
        self.turned_away = 0

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, ResultT]) -> asyncio.Task[ResultT]:
        """Begin the work. Raises `Busy` when too much waits already, `Stopping` at the end."""
        if refusal := self._refusal():
            work.close()
            raise refusal
        task = asyncio.create_task(self._unless_stopped(work))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    async def drain(self, grace_seconds: float) -> None:
        """Start nothing new; let what runs end within the grace, then raise `Stopping` in the rest."""
        self.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_seconds)
        rest = tuple(self._tasks)
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=AFTERMATH_SECONDS)

    def _refusal(self) -> Busy | Stopping | None:
        if self.stopping:
            return Stopping()
        if len(self._tasks) < self._limit:
            return None
        self.turned_away += 1
        return Busy(f"{len(self._tasks)} questions are already waiting.", "Try again in a moment.")

    async def _unless_stopped(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        try:
            return await work
        except asyncio.CancelledError:
            if self.stopping:
                raise Stopping from None
            raise

    def _forget(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # its caller may be gone: nobody else would look at it
