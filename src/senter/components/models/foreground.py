"""Lets people's requests go before background work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from typing import TypeVar

from senter.clock import Clock
from senter.messages.model import ModelLoad

# A busy worker says so again every few seconds; one that fell silent may have died.
BELIEVED_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.25

T = TypeVar("T")


class ForegroundPriority:
    """Knows whether the worker that answers people is busy, and waits while it is."""

    def __init__(self, clock: Clock, limit_seconds: float) -> None:
        self._clock = clock
        self._limit_seconds = limit_seconds
        self._heard_at = 0.0
        self._free = asyncio.Event()
        self._free.set()
        self._come = asyncio.Event()

    def heard(self, load: ModelLoad) -> None:
        self._heard_at = self._clock.monotonic()
        if load.active or load.waiting:
            self._free.clear()
            self._come.set()
        else:
            self._free.set()
            self._come.clear()

    @property
    def people_wait(self) -> bool:
        return not self._free.is_set() and self._clock.monotonic() - self._heard_at < BELIEVED_SECONDS

    async def between(
        self,
        work: Callable[[], Coroutine[None, None, T]],
        *,
        waiting: Callable[[], AbstractAsyncContextManager[None]],
        in_the_way: Callable[[], bool],
    ) -> T:
        """The result of `work`, done while no person is answered.

        A person who comes while it is `in_the_way` ends it, and it is done anew. It gives way for no longer than the
        limit in all, so that background work gets done; then it goes on beside people's.
        """
        left_seconds = self._limit_seconds
        while True:
            began = self._clock.monotonic()
            if self.people_wait:
                async with waiting():
                    await self._wait_for_people(left_seconds)
            left_seconds -= self._clock.monotonic() - began
            if left_seconds <= 0:
                return await work()
            if done := await self._unless_people_come(asyncio.create_task(work()), in_the_way):
                return done.result()

    async def _unless_people_come(
        self, doing: asyncio.Task[T], in_the_way: Callable[[], bool]
    ) -> asyncio.Task[T] | None:
        """The task when it is done; none where it was ended for a person."""
        try:
            while not doing.done():
                self._come.clear()
                await self._first_of(doing)
                if self.people_wait and not doing.done() and in_the_way():
                    return None
            return doing
        finally:
            doing.cancel()
            await asyncio.wait({doing})

    async def _first_of(self, doing: asyncio.Task[T]) -> None:
        """Return when the work is done or a person comes; one who is answered comes again every few seconds."""
        coming = asyncio.create_task(self._come.wait())
        try:
            await asyncio.wait({doing, coming}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            coming.cancel()

    async def _wait_for_people(self, limit_seconds: float) -> None:
        ends_at = self._clock.monotonic() + limit_seconds
        while self.people_wait and self._clock.monotonic() < ends_at:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._free.wait()
