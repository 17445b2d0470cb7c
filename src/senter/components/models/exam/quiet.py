"""Whether anybody asks a model anything now. An exam's questions are put meanwhile only, and withdrawn at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from senter.clock import Clock
from senter.messages.message import ComponentName
from senter.messages.model import ModelLoad

T = TypeVar("T")

BELIEVED_SECONDS = 10.0
"""A worker says every few seconds how busy it is; one that fell silent may have died."""
LOOK_AGAIN_SECONDS = 0.5


class Quiet:
    """Knows how busy this worker is, by `busy`, and the others, by what they say."""

    def __init__(self, busy: Callable[[], bool], clock: Clock) -> None:
        self._busy = busy
        self._clock = clock
        self._others: dict[ComponentName, float] = {}
        self._stirred = asyncio.Event()
        self._since = clock.monotonic()

    @property
    def now(self) -> bool:
        oldest = self._clock.monotonic() - BELIEVED_SECONDS
        return not self._busy() and all(heard < oldest for heard in self._others.values())

    @property
    def seconds(self) -> float:
        """How long nobody has asked anything."""
        return self._clock.monotonic() - self._since if self.now else 0.0

    def heard(self, worker: ComponentName, load: ModelLoad) -> None:
        """How busy another worker is."""
        if load.active or load.waiting:
            self._others[worker] = self._clock.monotonic()
            self.stir()
        else:
            self._others.pop(worker, None)

    def stir(self) -> None:
        """Somebody asks or has asked something: what is being put is withdrawn."""
        if self.now:
            return
        self._since = self._clock.monotonic()
        self._stirred.set()

    async def during(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Put a question once it is quiet, and again where somebody comes while it is answered."""
        while True:
            await self._return()
            asked, stirred = asyncio.ensure_future(ask()), asyncio.ensure_future(self._stirred.wait())
            try:
                await asyncio.wait((asked, stirred), return_when=asyncio.FIRST_COMPLETED)
                if asked.done():
                    return asked.result()
            finally:
                for task in (asked, stirred):
                    task.cancel()
                await asyncio.wait((asked, stirred))

    async def _return(self) -> None:
        """Wait until it is quiet."""
        while not self.now:
            self._since = self._clock.monotonic()
            await self._clock.sleep(LOOK_AGAIN_SECONDS)
        self._stirred.clear()
