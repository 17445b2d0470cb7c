"""Chats that programs keep themselves: each is answered as a person's question is, and none of it is stored; what it
makes is made.

One chat is one task of its own, so that whoever asks again under the same id waits for the same answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from senter.clock import Clock
from senter.component.models import ModelClient
from senter.components.assistant.answering import Answering
from senter.components.assistant.ask_model import WHOLE, PutQuestion
from senter.components.assistant.chat_saying import (
    ChatNotes,
    as_response,
    asked_about,
    is_said,
    said_before,
    spoken_of,
    spoken_of_together,
    with_context,
)
from senter.components.assistant.conversations import INTERRUPTED
from senter.components.assistant.guarded_answer import GuardedAnswer, Show, next_attempt
from senter.components.assistant.prompt import with_tools
from senter.components.assistant.saying import Saying, language_after
from senter.components.assistant.settings import AssistantSettings
from senter.errors import BusFull, Cancelled, Unavailable
from senter.messages.envelope import continuing
from senter.messages.model import ModelDelta, ModelRequest, ModelResponse
from senter.messages.query import ContinueChat, QueryId


class Chats:
    """The chats in hand."""

    def __init__(
        self, model: ModelClient, answering: Answering, show: Show, settings: AssistantSettings, clock: Clock
    ) -> None:
        self._model = model
        self._answering = answering
        self._show = show
        self._settings = settings
        self._clock = clock
        self._acted: list[ChatNotes] = []
        self._in_hand: dict[QueryId, asyncio.Task[ModelResponse]] = {}
        self._stopping = False

    @property
    def in_hand(self) -> int:
        return len(self._in_hand)

    async def go_on(self, chat: ContinueChat) -> ModelResponse:
        """The assistant's answer. Raises `Cancelled` when it was withdrawn, `Unavailable` when Senter stops."""
        answer = self._in_hand.get(chat.query_id) or self._start(chat)
        await asyncio.wait([answer])
        if answer.cancelled():
            raise Unavailable(INTERRUPTED) if self._stopping else Cancelled("The chat was withdrawn.")
        return answer.result()

    def cancel(self, query_id: QueryId) -> None:
        """Stop working on a chat. One that is not in hand is left as it is."""
        if answer := self._in_hand.get(query_id):
            answer.cancel()

    async def finish(self, grace_seconds: float) -> None:
        """Take no more, and wait for those in hand, at most so long."""
        self._stopping = True
        if self._in_hand:
            await asyncio.wait(self._in_hand.values(), timeout=grace_seconds)
        await self.close()

    async def close(self) -> None:
        self._stopping = True
        for answer in self._in_hand.values():
            answer.cancel()
        if self._in_hand:
            await asyncio.wait(self._in_hand.values())

    def _start(self, chat: ContinueChat) -> asyncio.Task[ModelResponse]:
        if self._stopping:
            raise Unavailable("Senter is stopping.", "Ask again when it runs: senter start")
        if len(self._in_hand) >= self._settings.max_queries:
            raise BusFull("assistant")
        with continuing(chat.query_id):
            answer = asyncio.create_task(self._answer(chat), name=f"chat {chat.query_id}")
        self._in_hand[chat.query_id] = answer
        answer.add_done_callback(partial(self._forget, chat.query_id))
        return answer

    def _forget(self, query_id: QueryId, answer: asyncio.Task[ModelResponse]) -> None:
        del self._in_hand[query_id]
        if not answer.cancelled():
            answer.exception()  # whoever asked has it, if anyone still waits

    async def _answer(self, chat: ContinueChat) -> ModelResponse:
        if not is_said(chat.request):
            return await self._ask(chat.request, GuardedAnswer("", guarded=False))
        saying = await self._saying(chat)
        written: list[ModelResponse] = []
        shown = GuardedAnswer(saying.text)

        async def ask(put: PutQuestion) -> ModelResponse:
            nonlocal shown
            changes = {"least": put.least, "first_attempt": next_attempt(shown, chat.request.first_attempt)}
            request = _with_beside(chat.request, put.beside).model_copy(update=changes)
            answer = GuardedAnswer(put.only or saying.text, put)
            if put.only is None:
                shown = answer
            written.append(await self._ask(request, answer, put))
            return written[-1]

        made = await self._answering.answer(saying, ChatNotes(saying, self._acted), ask)
        return as_response(made, written)

    async def _saying(self, chat: ContinueChat) -> Saying:
        """The last message; what was asked back before it is found by reading the one before it again."""
        messages, now = chat.request.messages, self._clock.now()
        things, said = await self._answering.things(), said_before(messages)
        saying = Saying(
            chat.query_id,
            messages[-1].content,
            now,
            latest=spoken_of(messages, things),
            together=spoken_of_together(messages, things),
            since_done=tuple(said[:1]),
            after_text_of_others=len(messages) > 1,
            language=language_after(said, self._settings.user_language),
        )
        if (before := asked_about(messages)) is None:
            return saying
        question = (await self._answering.understand(replace(saying, text=before.content))).question
        asked = question if question and question.question in messages[-2].content else None
        return replace(saying, asked=asked, before=before.content)

    async def _ask(self, request: ModelRequest, answer: GuardedAnswer, put: PutQuestion = WHOLE) -> ModelResponse:
        request = request.model_copy(update={"use_system_prompt": True})
        asked = with_context(request, await self._answering.context())
        if put.only is not None:
            last = asked.messages[-1].model_copy(update={"content": put.only})
            asked = asked.model_copy(update={"messages": [*asked.messages[:-1], last], "stream": False})
        seconds = self._settings.answer_timeout_seconds
        if put.tool_round:
            asked = with_tools(asked, put.tool_round)
            seconds = min(seconds, put.tool_round.left_seconds)

        async def hear(delta: ModelDelta) -> None:
            if shown := answer.take(delta):
                await self._show(shown)

        response = await self._model.ask(asked, timeout_seconds=seconds, on_delta=hear if asked.stream else None)
        return await answer.finish(response)


def _with_beside(request: ModelRequest, beside: str) -> ModelRequest:
    """The last message with what is told beside it."""
    *earlier, last = request.messages
    told = last.model_copy(update={"content": f"{last.content}\n\n{beside}"}) if beside else last
    return request.model_copy(update={"messages": [*earlier, told]})
