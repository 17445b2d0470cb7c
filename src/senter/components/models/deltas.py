"""Tells whoever listens how an answer grows, and what it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from senter.clock import Clock
from senter.messages.model import ModelDelta, ModelRequest

PROGRESS_SECONDS = 5.0


class DeltaSender:
    """The deltas of one request, or of none, which nobody is sent. Pieces that came together are sent together; none
    waits."""

    def __init__(
        self, send: Callable[[ModelDelta], Awaitable[None]], clock: Clock, request: ModelRequest | None
    ) -> None:
        self._send_delta = send
        self._clock = clock
        self._is_heard = request is not None and request.stream
        self._offset = 0
        self._attempt = request.first_attempt if request else 1

    @property
    def begun(self) -> bool:
        """Whether text of this attempt was sent."""
        return self._offset > 0

    async def text(self, piece: str) -> None:
        await self._send(text=piece)
        self._offset += len(piece)

    def start_over(self) -> None:
        """What was sent of this attempt is void; if nothing was, the attempt goes on."""
        if self._offset:
            self._attempt += 1
            self._offset = 0

    @asynccontextmanager
    async def waiting(
        self, reason: Callable[[], str], after_seconds: float = 0.0, every_seconds: float = PROGRESS_SECONDS
    ) -> AsyncGenerator[None]:
        """Say why while the block runs: after `after_seconds`, then every few seconds, unless `reason` is empty."""
        saying = asyncio.create_task(self._say(reason, after_seconds, every_seconds), name="say what is waited for")
        try:
            yield
        finally:
            saying.cancel()
            await asyncio.wait([saying])

    async def _say(self, reason: Callable[[], str], after_seconds: float, every_seconds: float) -> None:
        began = self._clock.monotonic()
        if after_seconds:
            await self._clock.sleep(after_seconds)
        while True:
            waited = self._clock.monotonic() - began
            if line := reason():
                await self._send(progress=line + (f" ({waited:.0f} s)" if waited >= 1 else ""))
            await self._clock.sleep(every_seconds)

    async def _send(self, *, text: str = "", progress: str = "") -> None:
        if not self._is_heard:
            return
        await self._send_delta(ModelDelta(offset=self._offset, text=text, attempt=self._attempt, progress=progress))
