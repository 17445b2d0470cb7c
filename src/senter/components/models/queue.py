"""The line in front of a worker: bounded, first come first served, a few served at the same time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from senter.components.models.deltas import DeltaSender
from senter.errors import BusFull
from senter.messages.message import ComponentName


class Queue:
    """`slots` are served at once, at most `limit` wait, one more is refused with `BusFull`."""

    def __init__(self, worker: ComponentName, slots: int, limit: int, changed: Callable[[], None]) -> None:
        self._worker = worker
        self._slots = slots
        self._limit = limit
        self._changed = changed
        self._line: OrderedDict[asyncio.Event, None] = OrderedDict()
        self.active = 0
        self._held = False
        self._holding = asyncio.Lock()
        self._empty = asyncio.Event()

    @property
    def waiting(self) -> int:
        return len(self._line)

    @asynccontextmanager
    async def turn(self, deltas: DeltaSender) -> AsyncGenerator[None]:
        """Wait for a slot and hold it during the block."""
        if self._held or self.active >= self._slots or self._line:
            await self._stand_in_line(deltas)
        else:
            self.active += 1
            self._changed()
        try:
            yield
        finally:
            self._leave()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Let nobody begin, and wait until nobody is served; who comes during the block waits in line."""
        async with self._holding:
            self._held = True
            try:
                while self.active:
                    self._empty.clear()
                    await self._empty.wait()
                yield
            finally:
                self._held = False
                self._call_next()
                self._changed()

    def _leave(self) -> None:
        self.active -= 1
        if not self.active:
            self._empty.set()
        self._call_next()
        self._changed()

    async def _stand_in_line(self, deltas: DeltaSender) -> None:
        """Returns with a slot taken: whoever calls the next one takes it for them."""
        if self.waiting >= self._limit:
            raise BusFull(self._worker)
        called = asyncio.Event()
        self._line[called] = None
        self._changed()
        try:
            async with deltas.waiting(lambda: self._ahead_of(called)):
                await called.wait()
        except asyncio.CancelledError:
            if called.is_set():
                self._leave()
            elif self._line.pop(called, True) is None:
                self._changed()
            raise

    def _call_next(self) -> None:
        while self._line and self.active < self._slots and not self._held:
            called, _ = self._line.popitem(last=False)
            self.active += 1
            called.set()

    def _ahead_of(self, called: asyncio.Event) -> str:
        ahead = list(self._line).index(called) if called in self._line else 0
        return f"Waiting for {ahead + self.active} earlier request{'s' if ahead + self.active != 1 else ''} ..."
