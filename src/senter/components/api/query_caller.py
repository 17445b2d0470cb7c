"""Questions to the assistant: asked again when it comes back, withdrawn when nobody waits for the answer; and turns,
which are followed and never withdrawn.

The assistant answers; here is only what lies between one HTTP request and the answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from senter.bus.bus import Bus
from senter.bus.limits import QueueLimit
from senter.bus.owned_tasks import OwnedTasks
from senter.component.asking import Asker
from senter.component.models import deltas_to
from senter.components.api.answer_feed import AnswerFeed
from senter.components.api.in_flight import InFlight
from senter.components.api.settings import ApiSettings
from senter.errors import DeadlineExceeded, SenterError
from senter.messages.query import AnswerDelta, CancelQuery, QueryAnswer, QueryId, UserQuery
from senter.messages.turns import ASSISTANT, AwaitTurn, GetTurn, TurnReply

CANCEL_TIMEOUT_SECONDS: Final = 5.0

OnAnswerDelta = Callable[[AnswerDelta], Awaitable[None]]


class QueryCaller:
    """Every question between its arrival and its answer."""

    def __init__(
        self, bus: Bus, asker: Asker, settings: ApiSettings, log: structlog.stdlib.BoundLogger, in_flight: InFlight
    ) -> None:
        self._bus = bus
        self._asker = asker
        self._settings = settings
        self._log = log
        self._in_flight = in_flight
        self._askers: Counter[QueryId] = Counter()
        self._withdrawals = OwnedTasks()

    def start(self, query: UserQuery, on_delta: OnAnswerDelta | None = None) -> asyncio.Task[QueryAnswer]:
        """Begin to ask; `on_delta` sees the answer's pieces as they come.

        Cancelling the task withdraws the question. Raises `Busy` when too many wait already.
        """
        return self._in_flight.start(self._ask(query, on_delta))

    def follow(self, turn_id: QueryId, feed: AnswerFeed) -> asyncio.Task[TurnReply]:
        """Wait for a turn's end; the feed has what there is of its answer, then the pieces as they come.

        Cancelling the task stops nothing. Raises `Busy` when too many wait already.
        """
        return self._in_flight.start(self._follow(turn_id, feed))

    async def finish(self) -> None:
        """Wait until the withdrawals are sent."""
        await self._withdrawals.finish(CANCEL_TIMEOUT_SECONDS)

    async def _ask(self, query: UserQuery, on_delta: OnAnswerDelta | None) -> QueryAnswer:
        limit = QueueLimit(messages=self._settings.event_queue_length)
        self._askers[query.query_id] += 1
        try:
            async with deltas_to(AnswerDelta, on_delta, self._bus, query.query_id, limit):
                return await self._asker.ask(query, self._settings.query_timeout_seconds, what="The question")
        except (asyncio.CancelledError, DeadlineExceeded):
            self._withdraw(query.query_id)
            raise
        finally:
            self._askers -= Counter([query.query_id])

    async def _follow(self, turn_id: QueryId, feed: AnswerFeed) -> TurnReply:
        limit, seconds = QueueLimit(messages=self._settings.event_queue_length), self._settings.query_timeout_seconds

        async def once(left_seconds: float) -> TurnReply:
            ended = self._bus.request(AwaitTurn(turn_id=turn_id), timeout_seconds=left_seconds)
            return (await asyncio.gather(ended, self._join(turn_id, feed, left_seconds)))[0]

        async with deltas_to(AnswerDelta, feed.take, self._bus, turn_id, limit):
            return await self._asker.until_answered(once, ASSISTANT, seconds, what="The answer")

    async def _join(self, turn_id: QueryId, feed: AnswerFeed, left_seconds: float) -> None:
        turn = await self._bus.request(GetTurn(turn_id=turn_id), timeout_seconds=left_seconds)
        if turn.id == turn_id:  # or else there is no such turn, and waiting for it says so
            feed.join(turn.attempt, turn.response)

    def _withdraw(self, query_id: QueryId) -> None:
        if self._askers[query_id] > 1:
            return  # somebody else waits for the same answer
        if self._in_flight.stopping:
            return  # not the asker left, but the API: the answer is kept for when the question comes again
        self._withdrawals.start(self._cancel(query_id))

    async def _cancel(self, query_id: QueryId) -> None:
        try:
            await self._bus.request(CancelQuery(query_id=query_id), timeout_seconds=CANCEL_TIMEOUT_SECONDS)
        except SenterError as error:
            self._log.info("query_not_cancelled", query_id=query_id, code=error.code)
