"""What the assistant keeps: conversations and their turns. The only code that touches conversations.db."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from pydantic import JsonValue

from senter.clock import Clock
from senter.components.assistant import queries
from senter.components.assistant.prompt import PastExchange
from senter.errors import InvalidInput, NotFound, SenterError, Unavailable
from senter.messages.conversations import Conversation, ConversationSummary, Turn, TurnState
from senter.messages.query import GENERAL_FOCUS, ConversationId, QueryAnswer, QueryId
from senter.messages.turns import TurnReply, TurnRow
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp
from senter.text import one_line

INTERRUPTED = "Senter was stopped before the answer was complete. Ask again to get one."
REPLY_BYTES = 1_000_000
TITLE_CHARACTERS = 80
# A turn at which so many processes died in a row is not tried again.
TAKEN_UP_AT_MOST = 5
PAGE_TURNS = 50
PRUNED_AT_ONCE = 20
LAST = 2**62


@dataclass(frozen=True, slots=True)
class NewTurn:
    """What is asked, and under which id."""

    query_id: QueryId
    text: str
    conversation_id: ConversationId | None = None


@dataclass(frozen=True)
class StoredTurn:
    """A row of the table `turns`."""

    sequence: int
    query_id: QueryId
    conversation_id: ConversationId
    focus: str
    asked_at: str
    text: str
    state: str
    response: str
    error: str
    model: str
    tokens: int
    latency_seconds: float | None
    degraded: int
    degraded_reason: str
    attempts: int
    """The number of the newest attempt at its answer."""
    cut_off: str
    posted: int
    """Whether it goes on by itself, whoever hangs up and after the end of the process."""
    read: int
    error_code: str
    error_hint: str
    understood: str
    """What it was understood to mean, as JSON; empty where nothing of it is done."""
    origin: QueryId
    """The turn under whose id its acts are done; empty where nothing is."""
    receipts: str
    sources: str
    asks: str
    orders: str
    """What a model had done for it, as JSON."""

    @property
    def answered(self) -> bool:
        return self.state == TurnState.ANSWERED

    @property
    def told(self) -> dict[str, JsonValue]:
        """What goes with the text of its answer."""
        return {name: json.loads(getattr(self, name)) for name in ("receipts", "sources", "asks")}

    def as_answer(self) -> QueryAnswer:
        whole = {**vars(self), **self.told, "latency_seconds": self.latency_seconds or 0.0}
        return QueryAnswer.model_validate(whole)

    def as_turn(self) -> Turn:
        return Turn.model_validate(vars(self))

    def as_reply(self) -> TurnReply:
        return TurnReply.model_validate({**vars(self), **self.told, "id": self.query_id, "attempt": self.attempts})


class ConversationStore:
    """Conversations by id, turns by query id."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def find_turn(self, query_id: QueryId) -> StoredTurn | None:
        return self._database.row(queries.TURN, {"query_id": query_id}, StoredTurn)

    def turn(self, query_id: QueryId) -> StoredTurn:
        """Raises `NotFound`."""
        turn = self.find_turn(query_id)
        if turn is None:
            raise NotFound(f"There is no turn {query_id}.", "Leave the id out for the newest: senter ask --resume")
        return turn

    def begin_turn(self, question: NewTurn, *, posted: bool = False) -> StoredTurn:
        """Store the question, in a new conversation unless it names one. Raises `NotFound`."""
        known = question.conversation_id and self.resolve(question.conversation_id)
        now = self._now()
        with self._database.transaction() as transaction:
            conversation_id = known or ConversationId(uuid4().hex)
            if not known:
                title = one_line(question.text, TITLE_CHARACTERS)
                begun = {"id": conversation_id, "title": title, "focus": GENERAL_FOCUS, "now": now}
                transaction.execute(queries.ADD_CONVERSATION, begun)
            values = {"query_id": question.query_id, "conversation_id": conversation_id, "focus": GENERAL_FOCUS}
            transaction.execute(queries.ADD_TURN, {**values, "now": now, "text": question.text, "posted": posted})
            transaction.execute(queries.TOUCH_CONVERSATION, {"id": conversation_id, "now": now})
        return self.turn(question.query_id)

    def reopen_turn(self, turn: StoredTurn) -> StoredTurn:
        """Try a question again that got no answer."""
        with self._database.transaction() as transaction:
            transaction.execute(queries.REOPEN_TURN, {"query_id": turn.query_id})
            transaction.execute(queries.TOUCH_CONVERSATION, {"id": turn.conversation_id, "now": self._now()})
        return self.turn(turn.query_id)

    def keep_partial(self, query_id: QueryId, response: str, attempts: int) -> None:
        """Keep what there is of an answer and which attempt it is, in case the process is killed."""
        values = {"query_id": query_id, "response": response, "attempts": attempts}
        with self._database.transaction(durable=False) as transaction:
            transaction.execute(queries.KEEP_PARTIAL, values)

    def answer_turn(self, answer: QueryAnswer, announce: Callable[[Transaction], None]) -> None:
        """Store the answer together with what `announce` adds to the same transaction."""
        fields = {"query_id", "response", "model", "tokens", "latency_seconds", "focus"}
        why = {"degraded": int(answer.degraded), "degraded_reason": answer.degraded_reason, "cut_off": answer.cut_off}
        told = {name: json.dumps(answer.model_dump(mode="json")[name]) for name in ("receipts", "sources", "asks")}
        values = answer.model_dump(include=fields) | why | told
        with self._database.transaction() as transaction:
            if transaction.execute(queries.ANSWER_TURN, values) != 1:
                raise NotFound(f"The question {answer.query_id} is not being answered any more.")
            transaction.execute(queries.TOUCH_CONVERSATION, {"id": answer.conversation_id, "now": self._now()})
            announce(transaction)

    def end_turn(self, turn: StoredTurn, state: TurnState, error: SenterError, response: str) -> None:
        """Say why there is no answer, and keep what there is of one."""
        values = {"query_id": turn.query_id, "state": state.value, "response": response}
        values |= {"error": error.message, "error_code": error.code, "error_hint": error.hint}
        with self._database.transaction() as transaction:
            transaction.execute(queries.END_TURN, values)

    def post_turn(self, query_id: QueryId) -> StoredTurn:
        """From now on it goes on by itself."""
        with self._database.transaction() as transaction:
            transaction.execute(queries.POST_TURN, {"query_id": query_id})
        return self.turn(query_id)

    def set_down(self, query_id: QueryId, response: str, attempts: int) -> None:
        """Leave a turn for the next process to take up, at an end that is in order."""
        with self._database.transaction() as transaction:
            values = {"query_id": query_id, "response": response, "attempts": attempts}
            transaction.execute(queries.SET_DOWN, values)

    def take_up(self) -> tuple[list[StoredTurn], int]:
        """The turns that go on, each with a new attempt, the oldest first; and how many others are interrupted now."""
        ended = {"error": INTERRUPTED, "error_code": Unavailable.code, "most": TAKEN_UP_AT_MOST}
        with self._database.transaction() as transaction:
            interrupted = transaction.execute(queries.INTERRUPT_ALL, ended)
            transaction.execute(queries.TAKE_UP_ALL)
        return self._database.rows(queries.TURNS_BEING_ANSWERED, {}, StoredTurn), interrupted

    def mark_read(self, query_id: QueryId) -> None:
        """Does nothing while it is being answered."""
        with self._database.transaction() as transaction:
            transaction.execute(queries.MARK_READ, {"query_id": query_id})

    def posted_turns(self, state: TurnState | None, *, unread: bool, limit: int) -> list[TurnRow]:
        """Turns that go on by themselves, the newest first."""
        values = {"state": state and state.value, "unread": unread, "limit": limit, "characters": TITLE_CHARACTERS}
        return self._database.rows(queries.POSTED_TURNS, values, TurnRow)

    def turn_beginning(self, beginning_of_id: str) -> StoredTurn:
        """The one turn whose id begins so. Raises `NotFound` or, for several, `InvalidInput`."""
        whole = self.find_turn(QueryId(beginning_of_id))
        if whole:
            return whole
        found = self._database.rows(queries.TURN_IDS_BEGINNING_WITH, {"start": beginning_of_id}, QueryId)
        if len(found) > 1:
            raise InvalidInput(f"Several turns begin with {beginning_of_id}.", "Give more of the id.")
        return self.turn(found[0] if found else QueryId(beginning_of_id))

    def exchanges_before(self, turn: StoredTurn, limit: int) -> list[PastExchange]:
        """Answered turns of the same conversation, the newest first.

        Of more than the limit the oldest are left out, several at once, so that the next turns begin with the same.
        """
        values = {"conversation_id": turn.conversation_id, "sequence": turn.sequence}
        count = self._database.row(queries.COUNT_EXCHANGES_BEFORE, values, int) or 0
        at_once = max(1, limit // 2)
        left_out = -(-max(0, count - limit) // at_once) * at_once
        return self._database.rows(queries.EXCHANGES_BEFORE, {**values, "limit": count - left_out}, PastExchange)

    def summaries(self, limit: int) -> list[ConversationSummary]:
        return self._database.rows(queries.SUMMARIES, {"limit": limit}, ConversationSummary)

    def conversation(self, beginning_of_id: str, before: QueryId | None = None) -> Conversation:
        """The conversation with its newest turns, or those before one, as many as a reply may hold."""
        conversation_id = self.resolve(beginning_of_id)
        summary = self._database.row(queries.SUMMARY, {"id": conversation_id}, ConversationSummary)
        if summary is None:
            raise _not_found(conversation_id)
        turns, truncated = self._newest_turns(conversation_id, self.turn(before).sequence if before else LAST)
        return Conversation(summary=summary, turns=turns, truncated=truncated)

    def delete(self, conversation_id: ConversationId) -> None:
        with self._database.transaction() as transaction:
            transaction.execute(queries.DELETE_CONVERSATION, {"id": conversation_id})
            transaction.execute(queries.FORGET_SAID)

    def prune(self, keep: timedelta, keep_bytes: int, in_use: Collection[ConversationId]) -> int:
        """Delete a few of the conversations that are too old or too much; returns how many, 0 when done."""
        oldest = stamp(self._clock.now() - keep)
        limit = PRUNED_AT_ONCE + len(in_use)
        found = self._database.rows(queries.UNCHANGED_SINCE, {"oldest": oldest, "limit": limit}, ConversationId)
        if not found and self._database.size_bytes() > keep_bytes:
            found = self._database.rows(queries.OLDEST_CONVERSATIONS, {"limit": limit}, ConversationId)
        doomed = [conversation_id for conversation_id in found if conversation_id not in in_use][:PRUNED_AT_ONCE]
        if doomed:
            with self._database.transaction() as transaction:
                for conversation_id in doomed:
                    transaction.execute(queries.DELETE_CONVERSATION, {"id": conversation_id})
        return len(doomed)

    def resolve(self, beginning_of_id: str) -> ConversationId:
        """The one conversation whose id begins so. Raises `NotFound` or, for several, `InvalidInput`."""
        found = self._database.rows(queries.IDS_BEGINNING_WITH, {"start": beginning_of_id}, ConversationId)
        if not found:
            raise _not_found(beginning_of_id)
        if len(found) > 1 and found[0] != beginning_of_id:
            raise InvalidInput(f"Several conversations begin with {beginning_of_id}.", "Give more of the id.")
        return found[0]

    def _newest_turns(self, conversation_id: ConversationId, sequence: int) -> tuple[list[Turn], bool]:
        newest_first: list[Turn] = []
        left = REPLY_BYTES
        values = {"conversation_id": conversation_id, "limit": PAGE_TURNS}
        while page := self._database.rows(queries.TURNS_BEFORE, {**values, "sequence": sequence}, StoredTurn):
            for stored in page:
                turn = _shortened(stored.as_turn())
                left -= len(turn.model_dump_json())
                if left < 0:
                    return newest_first[::-1], True
                newest_first.append(turn)
            sequence = page[-1].sequence
        return newest_first[::-1], False

    def _now(self) -> str:
        return stamp(self._clock.now())


def _shortened(turn: Turn) -> Turn:
    """A single turn that is larger than a reply loses the ends of its texts; JSON may write a character as six."""
    if len(turn.model_dump_json()) <= REPLY_BYTES // 2:
        return turn
    limit = REPLY_BYTES // 32
    return turn.model_copy(update={"text": turn.text[:limit], "response": turn.response[:limit]})


def _not_found(conversation_id: str) -> NotFound:
    return NotFound(f"There is no conversation {conversation_id}.", "See them with: senter conversations list")
