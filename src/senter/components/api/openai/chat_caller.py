"""Who answers a chat of /v1: the assistant, or the model workers themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeAlias

from senter.bus.bus import Bus
from senter.bus.limits import QueueLimit
from senter.bus.owned_tasks import OwnedTasks
from senter.component.asking import Asker
from senter.component.models import PRIMARY, RESEARCH, ModelClient, deltas_to
from senter.components.api.query_caller import CANCEL_TIMEOUT_SECONDS
from senter.components.api.settings import ApiSettings
from senter.errors import DeadlineExceeded, SenterError
from senter.messages.envelope import continuing
from senter.messages.model import ModelDelta, ModelRequest, ModelResponse, Priority
from senter.messages.query import AnswerDelta, CancelQuery, ContinueChat, QueryId

ASSISTANT: Final = "senter"
MODELS: Final = (ASSISTANT, PRIMARY, RESEARCH)
OnPiece: TypeAlias = Callable[[ModelDelta | AnswerDelta], Awaitable[None]]
"""Sees the pieces of an answer as they come: the assistant's, or a model's own."""
PRIORITIES: Final = {PRIMARY: Priority.LATENCY, RESEARCH: Priority.THROUGHPUT}


class ChatCaller:
    """Every chat between its arrival and its answer. Cancelling an ask withdraws it."""

    def __init__(self, bus: Bus, asker: Asker, models: ModelClient, settings: ApiSettings) -> None:
        self._bus = bus
        self._asker = asker
        self._models = models
        self._settings = settings
        self._withdrawals = OwnedTasks()

    async def finish(self) -> None:
        """Wait until the withdrawals are sent."""
        await self._withdrawals.finish(CANCEL_TIMEOUT_SECONDS)

    async def ask(self, model: str, request: ModelRequest, query_id: str, on_delta: OnPiece | None) -> ModelResponse:
        """The answer of one of `MODELS`; `on_delta` sees its pieces as they come."""
        with continuing(query_id):
            if model == ASSISTANT:
                response = await self._ask_assistant(request, QueryId(query_id), on_delta)
            else:
                response = await self._ask_workers(request, model, on_delta)
        return _with_logprobs_missed(request, response)

    async def _ask_workers(self, request: ModelRequest, group: str, on_delta: OnPiece | None) -> ModelResponse:
        bare = request.model_copy(update={"use_system_prompt": False, "priority": PRIORITIES[group]})
        seconds = self._settings.query_timeout_seconds
        return await self._models.ask(bare, group, timeout_seconds=seconds, on_delta=on_delta)

    async def _ask_assistant(self, request: ModelRequest, query_id: QueryId, on_delta: OnPiece | None) -> ModelResponse:
        """The chat goes with each try: an assistant that comes back knows nothing of it."""
        attempt = 0

        async def hear(delta: AnswerDelta) -> None:
            nonlocal attempt
            attempt = max(attempt, delta.attempt)
            if on_delta:
                await on_delta(delta)

        def once(seconds: float) -> Coroutine[Any, Any, ModelResponse]:
            chat = ContinueChat(query_id=query_id, request=request.model_copy(update={"first_attempt": attempt + 1}))
            return self._bus.request(chat, timeout_seconds=seconds)

        limit = QueueLimit(messages=self._settings.event_queue_length)
        seconds = self._settings.query_timeout_seconds
        try:
            async with deltas_to(AnswerDelta, hear if on_delta else None, self._bus, query_id, limit):
                return await self._asker.until_answered(once, "assistant", seconds, what="The chat")
        except (asyncio.CancelledError, DeadlineExceeded):
            self._withdrawals.start(self._withdraw(query_id))
            raise

    async def _withdraw(self, query_id: QueryId) -> None:
        with suppress(SenterError):  # an assistant that is away has dropped it
            await self._bus.request(CancelQuery(query_id=query_id), timeout_seconds=CANCEL_TIMEOUT_SECONDS)


def _with_logprobs_missed(request: ModelRequest, response: ModelResponse) -> ModelResponse:
    """A server may pass over in silence that it was to tell of its tokens; the caller is told."""
    if request.options.top_logprobs is None or response.logprobs is not None or not response.text:
        return response
    return response.model_copy(update={"left_out": (*response.left_out, "logprobs")})
