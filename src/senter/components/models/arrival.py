"""The default model on its way: a worker that has a lesser one asks for it, and people's questions wait a little."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from senter.clock import Clock
from senter.components.models.deltas import DeltaSender
from senter.errors import CommunicationError
from senter.messages.weights import BrainOutlook
from senter.weights.progress import bar

COMING = "A better model is being fetched; until it is here a small one answers."
LOOK_SECONDS = 1.0
MOST_SECONDS_LEFT = 120.0
"""A question waits while no more than this is left, by the speed so far."""
MEASURED_AFTER_SECONDS = 10.0
"""The first bytes take a while: names are looked up, and one source may fail before the next is asked."""
MOST_SECONDS = 150.0
"""A question waits no longer, whatever the speed so far promised."""
TAKE_UP_SECONDS = 60.0
"""How long a loaded file may take; then the lesser model answers."""


class BrainArrival:
    """What is known of the default model, and who waits for it."""

    def __init__(self, ask: Callable[[], Awaitable[BrainOutlook]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._asked_for = False
        self._outlook: BrainOutlook | None = None
        self._first: tuple[float, int] | None = None
        self._taken_up = asyncio.Event()

    @property
    def wanted(self) -> bool:
        """Whether it may come, as far as is known."""
        return self.unknown or (self._outlook is not None and self._outlook.state == "coming")

    @property
    def unknown(self) -> bool:
        """Whether it was asked for, and nobody has answered yet."""
        return self._asked_for and self._outlook is None

    @property
    def lesser(self) -> str:
        """Why a lesser model answers meanwhile; empty where none is to come."""
        if self._outlook is None or self._outlook.state != "coming":
            return ""
        return f"A better model is missing. {self._outlook.why_not}" if self._outlook.why_not else COMING

    async def look(self) -> None:
        """Have it fetched, and see how far it is."""
        self._asked_for = True
        with suppress(CommunicationError):
            self._outlook = await self._ask()
            if self._first is None or self._outlook.why_not:
                self._first = self._clock.monotonic(), self._outlook.done_bytes

    def taken_up(self) -> None:
        """It is here, and loaded where it is to be used."""
        self._outlook, self._asked_for = None, False
        self._taken_up.set()

    async def wait(self, deltas: DeltaSender, most_seconds: float = MOST_SECONDS) -> None:
        """Return when it is loaded, when that would take too long, or when it cannot be fetched now."""
        until = self._clock.monotonic() + min(most_seconds, MOST_SECONDS)
        await self.look()
        async with deltas.waiting(self._words, every_seconds=LOOK_SECONDS):
            while self.lesser == COMING and not self._too_slow() and self._clock.monotonic() < until:
                await self._clock.sleep(LOOK_SECONDS)
                await self.look()
            if self._outlook and self._outlook.state == "here":
                with suppress(TimeoutError):
                    async with asyncio.timeout(TAKE_UP_SECONDS):
                        await self._taken_up.wait()

    def _too_slow(self) -> bool:
        if self._outlook is None or self._first is None:
            return False
        left = self._outlook.size_bytes - self._outlook.done_bytes
        measured = self._clock.monotonic() - self._first[0] >= MEASURED_AFTER_SECONDS
        return measured and left > self._bytes_a_second() * MOST_SECONDS_LEFT

    def _bytes_a_second(self) -> float:
        if self._outlook is None or self._first is None:
            return 0.0
        since, first = self._first
        return (self._outlook.done_bytes - first) / max(self._clock.monotonic() - since, 1e-3)

    def _words(self) -> str:
        if self._outlook is None or self._outlook.state != "coming":
            return "Loading the model ..."
        how_far = bar(self._outlook.done_bytes, self._outlook.size_bytes, self._bytes_a_second())
        return f"Fetching a better model: {how_far}"
