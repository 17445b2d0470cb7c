"""Questions to the assistant: asked again when it comes back, withdrawn when nobody waits for the answer.

The assistant answers; here is only what lies between one HTTP request and one `UserQuery`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Final

import structlog

from senter.bus.bus import Bus, QueueLimit
from senter.clock import Clock
from senter.components.api.comeback import Comeback
from senter.components.api.in_flight import InFlight
from senter.components.api.settings import ApiSettings
from senter.errors import BusUnavailable, DeadlineExceeded, NoResponder, ResponderDied, SenterError, Unavailable
from senter.messages.model import ModelDelta
from senter.messages.query import CancelQuery, QueryAnswer, QueryId, UserQuery

DeltaListener = Callable[[ModelDelta], Awaitable[None]]

CANCEL_TIMEOUT_SECONDS: Final = 5.0


class Asking:
    """Every question between its arrival and its answer."""

    def __init__(
        self,
        bus: Bus,
        settings: ApiSettings,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
        in_flight: InFlight,
    ) -> None:
        self._bus = bus
        self._settings = settings
        self._clock = clock
        self._log = log
        self._in_flight = in_flight
        self._comeback = Comeback(bus, clock)
        self._askers: Counter[QueryId] = Counter()
        self._withdrawals: set[asyncio.Task[None]] = set()

    def start(self, query: UserQuery, on_delta: DeltaListener | None = None) -> asyncio.Task[QueryAnswer]:
        """Begin to ask; `on_delta` sees the answer's pieces as they come.

        Cancelling the task withdraws the question. Raises `Busy` when too many wait already.
        """
        return self._in_flight.start(self._ask(query, on_delta))

    async def finish(self) -> None:
        """Wait until the withdrawals are sent."""
        if self._withdrawals:
            await asyncio.wait(self._withdrawals, timeout=CANCEL_TIMEOUT_SECONDS)

    async def _ask(self, query: UserQuery, on_delta: DeltaListener | None) -> QueryAnswer:
        deadline = self._clock.monotonic() + self._settings.query_timeout_seconds
        with self._counted(query.query_id):
            try:
                async with self._heard(query.query_id, on_delta):
                    return await self._until_answered(query, deadline)
            except asyncio.CancelledError:
                self._withdraw(query.query_id)
                raise
            except DeadlineExceeded:
                self._withdraw(query.query_id)
                raise DeadlineExceeded("The question", self._settings.query_timeout_seconds) from None

    @asynccontextmanager
    async def _heard(self, query_id: QueryId, on_delta: DeltaListener | None) -> AsyncGenerator[None]:
        if on_delta is None:
            yield
            return
        limit = QueueLimit(messages=self._settings.event_queue_length)
        subscription = await self._bus.listen(ModelDelta, on_delta, key=query_id, limit=limit)
        try:
            yield
        finally:
            await subscription.close()

    @contextmanager
    def _counted(self, query_id: QueryId) -> Generator[None]:
        self._askers[query_id] += 1
        try:
            yield
        finally:
            self._askers[query_id] -= 1
            if not self._askers[query_id]:
                del self._askers[query_id]

    async def _until_answered(self, query: UserQuery, deadline: float) -> QueryAnswer:
        """Ask, and ask again under the same id each time the assistant went away and comes back."""
        for interruptions in count():
            left = deadline - self._clock.monotonic()
            if left <= 0:
                break
            try:
                return await self._bus.request(query, timeout_seconds=left)
            except (NoResponder, ResponderDied, BusUnavailable) as lost:
                self._log.info("query_interrupted", query_id=query.query_id, code=lost.code)
            except Unavailable as refused:
                # Either something it needs is not there, or it is itself being restarted.
                if not await self._comeback.is_away(query.receiver):
                    raise
                self._log.info("query_interrupted", query_id=query.query_id, code=refused.code)
            await self._comeback.wait_for(query.receiver, deadline, interruptions)
        raise DeadlineExceeded("The question", self._settings.query_timeout_seconds)

    def _withdraw(self, query_id: QueryId) -> None:
        if self._askers[query_id] > 1:
            return  # somebody else waits for the same answer
        if self._in_flight.stopping:
            return  # not the asker left, but the API: the answer is kept for when the question comes again
        task = asyncio.create_task(self._cancel(query_id))
        self._withdrawals.add(task)
        task.add_done_callback(self._withdrawals.discard)

    async def _cancel(self, query_id: QueryId) -> None:
        try:
            await self._bus.request(CancelQuery(query_id=query_id), timeout_seconds=CANCEL_TIMEOUT_SECONDS)
        except SenterError as error:
            self._log.info("query_not_cancelled", query_id=query_id, code=error.code)
