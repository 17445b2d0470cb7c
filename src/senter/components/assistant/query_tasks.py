"""Queries in hand: each is stored, asked of the model, and its answer or failure stored, exactly once.

One query is one task of its own, so that it ends as it should whoever waits for it, and whoever asks
again under the same id waits for the same task. One that was posted goes on when nobody waits any more, and is taken up
by the next process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from weakref import WeakValueDictionary

import structlog

from senter.clock import Clock
from senter.component.models import ModelClient
from senter.components.assistant.acted_turns import ActedTurns
from senter.components.assistant.answering import Answering
from senter.components.assistant.ask_model import PutQuestion
from senter.components.assistant.conversations import INTERRUPTED, ConversationStore, NewTurn, StoredTurn
from senter.components.assistant.guarded_answer import GuardedAnswer, Show, next_attempt
from senter.components.assistant.prompt import build_prompt, check_fits, cut_question, with_tools
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.turn_outcome import TurnOutcome
from senter.errors import BusFull, Cancelled, Conflict, SenterError, StoreError, Unavailable
from senter.messages.conversations import TurnState
from senter.messages.envelope import continuing
from senter.messages.message import Done
from senter.messages.model import ModelDelta, ModelRequest, ModelResponse
from senter.messages.query import (
    CancelQuery,
    ConversationId,
    QueryAnswer,
    QueryAnswered,
    QueryId,
    UserQuery,
)
from senter.store.database import Transaction

PARTIAL_KEPT_EVERY_SECONDS = 2.0
WITHDRAWN_ACTS = "What was done for it already stays: senter undo takes it back."
EMBEDDED = "embedded"
EMBEDDED_PROMPT_TOKENS = 900
"""As estimated, which is 1.6 times what English takes: the embedded model reads at most 600 before it answers."""

Announce = Callable[[Transaction, QueryAnswered], None]


@dataclass(slots=True)
class _InHand:
    """One query while it is being answered."""

    turn: StoredTurn
    received_at: float
    attempt: int
    """The newest attempt at its answer that is stored."""
    task: asyncio.Task[QueryAnswer] = field(init=False)
    answer: GuardedAnswer = field(init=False)
    kept_at: float = 0.0
    ending: tuple[TurnState, SenterError] | None = None
    """Why it is cancelled, when it is."""

    def __post_init__(self) -> None:
        self.answer = GuardedAnswer(self.turn.text)

    @property
    def newest_attempt(self) -> int:
        return max(self.attempt, self.answer.attempt)

    def as_it_is(self) -> StoredTurn:
        """The turn with what there is of its answer."""
        return replace(self.turn, response=self.answer.text, attempts=self.newest_attempt)


class QueryTasks:
    """Answers queries: those of one conversation in order, those of different ones side by side."""

    def __init__(
        self,
        conversations: ConversationStore,
        acted: ActedTurns,
        answering: Answering,
        model: ModelClient,
        announce: Announce,
        show: Show,
        settings: AssistantSettings,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._conversations = conversations
        self._acted = acted
        self._answering = answering
        self._model = model
        self._announce = announce
        self._show = show
        self._settings = settings
        self._clock = clock
        self._log = log
        self._in_hand: dict[QueryId, _InHand] = {}
        self._lines: WeakValueDictionary[ConversationId, asyncio.Lock] = WeakValueDictionary()
        self._stopping = False
        self._is_embedded = False
        """Whether the model that answered last was the embedded one."""

    @property
    def in_hand(self) -> int:
        return len(self._in_hand)

    def conversations_in_use(self) -> set[ConversationId]:
        return {in_hand.turn.conversation_id for in_hand in self._in_hand.values()}

    async def ask(self, query: UserQuery) -> QueryAnswer:
        """The stored answer, the one that is being made, or a new one."""
        question = NewTurn(query.query_id, query.text, query.conversation_id)
        turn = self._look_up(question)
        if turn and turn.answered:
            return turn.as_answer()
        in_hand = self._in_hand.get(query.query_id) or self._start(question, turn)
        return await asyncio.shield(in_hand.task)

    def post(self, question: NewTurn) -> StoredTurn:
        """Have it answered whoever waits. A posted turn that is there stays as it is, whatever became of it."""
        turn = self._look_up(question)
        if turn is None:
            return self._start(question, None, posted=True).turn
        if not turn.posted and not turn.answered:
            turn = self._conversations.post_turn(turn.query_id)
            in_hand = self._in_hand.get(turn.query_id)
            if in_hand is None:
                return self._start(question, turn).turn
            in_hand.turn = turn
        return self.as_it_is(turn)

    def go_on(self, turns: Iterable[StoredTurn]) -> None:
        """Answer the posted turns that a former process left."""
        for turn in turns:
            self._begin(turn)

    def as_it_is(self, turn: StoredTurn) -> StoredTurn:
        """The turn with what there is of its answer by now."""
        in_hand = self._in_hand.get(turn.query_id)
        return in_hand.as_it_is() if in_hand and not in_hand.task.done() else turn

    async def ended(self, turn: StoredTurn) -> StoredTurn:
        """The turn, when it has ended with an answer or without. Raises why its end cannot be stored or told now."""
        failure: SenterError = Unavailable(INTERRUPTED)
        in_hand = self._in_hand.get(turn.query_id)
        if in_hand:
            try:
                await asyncio.shield(in_hand.task)
            except SenterError as error:
                failure = error
            turn = self._conversations.turn(turn.query_id)
        if turn.state == TurnState.ANSWERING:
            raise failure
        return turn

    async def cancel(self, command: CancelQuery) -> Done:
        """Stop working on a query that nobody waits for. One that goes on by itself, or is not in hand, is left so."""
        in_hand = self._in_hand.get(command.query_id)
        if in_hand and not self._goes_on(in_hand.turn):
            await self.stop(command.query_id)
        return Done()

    async def stop(self, query_id: QueryId) -> None:
        """Stop working on it, whoever waits, and on what is being done for it."""
        acts = bool(self._conversations.turn(query_id).origin)
        withdrawn = Cancelled("The question was withdrawn before it was answered.", WITHDRAWN_ACTS if acts else "")
        await self._end([query_id], TurnState.CANCELLED, withdrawn)
        await self._answering.withdraw(query_id)

    async def cancel_conversation(self, conversation_id: ConversationId) -> None:
        queries = [name for name, one in self._in_hand.items() if one.turn.conversation_id == conversation_id]
        await self._end(queries, TurnState.CANCELLED, Cancelled("The conversation was deleted."))

    async def finish(self, grace_seconds: float) -> None:
        """Take no more queries, and wait for those in hand, at most `grace_seconds`."""
        self._stopping = True
        if self._in_hand:
            all_done = asyncio.ensure_future(asyncio.wait([one.task for one in self._in_hand.values()]))
            time_over = asyncio.ensure_future(self._clock.sleep(grace_seconds))
            await asyncio.wait({all_done, time_over}, return_when=asyncio.FIRST_COMPLETED)
            all_done.cancel()
            time_over.cancel()
        await self.close()

    async def close(self) -> None:
        """Interrupt what is still in hand, and say so in its turn."""
        self._stopping = True
        await self._end(list(self._in_hand), TurnState.INTERRUPTED, Unavailable(INTERRUPTED))

    def _look_up(self, question: NewTurn) -> StoredTurn | None:
        """The turn of this id. Raises `InvalidInput` for a question that is too long, `Conflict` for another one."""
        if self._settings.oversized_question == "refuse":
            check_fits(question.text, self._settings.prompt_tokens)
        turn = self._conversations.find_turn(question.query_id)
        if turn:
            self._refuse_contradiction(question, turn)
        return turn

    def _refuse_contradiction(self, question: NewTurn, turn: StoredTurn) -> None:
        asked = question.conversation_id and self._conversations.resolve(question.conversation_id)
        if question.text != turn.text or (asked and asked != turn.conversation_id):
            raise Conflict(
                f"The request id {question.query_id} was used for another question.",
                "Choose a new request id for a new question.",
            )

    def _start(self, question: NewTurn, turn: StoredTurn | None, *, posted: bool = False) -> _InHand:
        if self._stopping:
            raise Unavailable("Senter is stopping.", "Ask again when it runs: senter start")
        if len(self._in_hand) >= self._settings.max_queries:
            raise BusFull("assistant")
        if turn:
            return self._begin(self._conversations.reopen_turn(turn))
        return self._begin(self._conversations.begin_turn(question, posted=posted))

    def _begin(self, turn: StoredTurn) -> _InHand:
        in_hand = _InHand(turn, self._clock.monotonic(), turn.attempts)
        with continuing(turn.query_id):
            in_hand.task = asyncio.create_task(self._answer(in_hand), name=f"answer {turn.query_id}")
        self._in_hand[turn.query_id] = in_hand
        in_hand.task.add_done_callback(partial(self._forget, turn.query_id))
        return in_hand

    def _forget(self, query_id: QueryId, task: asyncio.Task[QueryAnswer]) -> None:
        del self._in_hand[query_id]
        if not task.cancelled():
            task.exception()  # whoever asked has it, if anyone still waits

    async def _answer(self, in_hand: _InHand) -> QueryAnswer:
        try:
            async with self._line(in_hand.turn.conversation_id):
                made = await self._make_answer(in_hand)
            return self._store(in_hand, made)
        except asyncio.CancelledError:
            state, error = in_hand.ending or (TurnState.INTERRUPTED, Unavailable(INTERRUPTED))
            self._end_turn(in_hand, state, error)
            raise error from None
        except SenterError as error:
            self._end_turn(in_hand, TurnState.FAILED, error)
            raise

    def _line(self, conversation_id: ConversationId) -> asyncio.Lock:
        """The line the conversation's queries wait in; gone when the last has left."""
        return self._lines.setdefault(conversation_id, asyncio.Lock())

    async def _make_answer(self, in_hand: _InHand) -> TurnOutcome:
        turn = in_hand.turn
        ask = partial(self._ask_model, in_hand)
        return await self._answering.answer(self._acted.saying(turn), self._acted.notes(turn), ask)

    async def _ask_model(self, in_hand: _InHand, put: PutQuestion) -> ModelResponse:
        """The whole text, streamed; or only a part of it, of which nothing is shown before the end."""
        turn, settings = in_hand.turn, self._settings
        answer = GuardedAnswer(put.only or turn.text, put)
        first_attempt = next_attempt(in_hand.answer, in_hand.attempt)
        if put.only is None:
            in_hand.answer = answer
        earlier = self._conversations.exchanges_before(turn, settings.history_turns)
        question = cut_question("\n\n".join(filter(None, (put.only or turn.text, put.beside))), settings.prompt_tokens)
        messages = build_prompt(question, earlier, self._prompt_tokens, await self._answering.context())
        request = ModelRequest(messages=messages, first_attempt=first_attempt, stream=put.only is None, least=put.least)
        if put.tool_round:
            request = with_tools(request, put.tool_round)
        seconds = min(settings.answer_timeout_seconds, put.tool_round.left_seconds if put.tool_round else float("inf"))

        async def hear(delta: ModelDelta) -> None:
            if shown := answer.take(delta):
                await self._show(shown)
            if delta.text:
                self._keep_partial(in_hand)

        hearing = hear if request.stream else None
        response = await self._model.ask(request, timeout_seconds=seconds, on_delta=hearing)
        if response.endpoint:  # none where no model could be asked
            self._is_embedded = response.endpoint == EMBEDDED
        return await answer.finish(response)

    @property
    def _prompt_tokens(self) -> int:
        """What a prompt may take, a question of more than that left aside."""
        most = self._settings.prompt_tokens
        return min(most, EMBEDDED_PROMPT_TOKENS) if self._is_embedded else most

    def _keep_partial(self, in_hand: _InHand) -> None:
        """Now and then; at once where the answer is begun again, so that whoever goes on after a crash numbers on."""
        now, attempt = self._clock.monotonic(), in_hand.answer.attempt
        due = now - max(in_hand.kept_at, in_hand.received_at) >= PARTIAL_KEPT_EVERY_SECONDS
        if due or attempt > in_hand.attempt:
            in_hand.kept_at, in_hand.attempt = now, attempt
            with suppress(StoreError):  # the answer itself will say what is wrong with the store
                self._conversations.keep_partial(in_hand.turn.query_id, in_hand.answer.text, attempt)

    def _store(self, in_hand: _InHand, made: TurnOutcome) -> QueryAnswer:
        turn = in_hand.turn
        answer = QueryAnswer(
            query_id=turn.query_id,
            conversation_id=turn.conversation_id,
            response=made.text,
            focus=made.focus,
            model=made.model,
            latency_seconds=round(self._clock.monotonic() - in_hand.received_at, 6),
            degraded=made.degraded,
            degraded_reason=made.degraded_reason,
            tokens=made.tokens,
            cut_off=made.cut_off,
            receipts=made.receipts,
            sources=made.sources,
            asks=made.asks,
        )
        event = QueryAnswered.model_validate(answer.model_dump())
        self._conversations.answer_turn(answer, lambda transaction: self._announce(transaction, event))
        self._log.info("query_answered", query_id=turn.query_id, duration_ms=round(answer.latency_seconds * 1000, 1))
        return answer

    def _end_turn(self, in_hand: _InHand, state: TurnState, error: SenterError) -> None:
        self._log.warning("query_not_answered", query_id=in_hand.turn.query_id, state=state.value, error=error.message)
        turn, response = in_hand.turn, in_hand.answer.text
        try:
            if state is TurnState.INTERRUPTED and self._goes_on(turn):
                self._conversations.set_down(turn.query_id, response, in_hand.newest_attempt)
            else:
                self._conversations.end_turn(turn, state, error, response)
        except StoreError as failure:  # the next start says of this turn that it was interrupted
            self._log.error("turn_not_ended", query_id=in_hand.turn.query_id, error=failure.message)

    def _goes_on(self, turn: StoredTurn) -> bool:
        """Whether the next process takes it up: it was posted, or something of it may be done already."""
        return bool(turn.posted or self._conversations.turn(turn.query_id).origin)

    async def _end(self, query_ids: list[QueryId], state: TurnState, error: SenterError) -> None:
        await asyncio.sleep(0)  # a task that is cancelled before its first step would not get to end its turn
        ended = [self._in_hand[query_id] for query_id in query_ids if query_id in self._in_hand]
        for one in ended:
            one.ending = (state, error)
            one.task.cancel()
        if ended:
            await asyncio.wait([one.task for one in ended])
