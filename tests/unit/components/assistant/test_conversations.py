from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.components.assistant.conversations import REPLY_BYTES, ConversationStore, NewTurn, StoredTurn
from senter.components.assistant.prompt import PastExchange
from senter.errors import InvalidInput, ModelError, NotFound
from senter.messages.conversations import TurnState
from senter.messages.query import ConversationId, QueryAnswer, QueryId
from senter.store.database import Database

DAY_SECONDS = 86_400
MIB = 1024 * 1024


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    with Database.open(
        tmp_path / "conversations.db",
        migrations="senter.components.assistant",
        snapshots=tmp_path,
        clock=clock,
        log=structlog.stdlib.get_logger(),
    ) as opened:
        yield opened


@pytest.fixture
def store(database: Database, clock: FakeClock) -> ConversationStore:
    return ConversationStore(database, clock)


def begin(store: ConversationStore, query_id: str, text: str = "What?", into: str | None = None) -> StoredTurn:
    conversation_id = ConversationId(into) if into else None
    return store.begin_turn(NewTurn(QueryId(query_id), text, conversation_id))


def answer(store: ConversationStore, turn: StoredTurn, response: str = "That.") -> None:
    reply = QueryAnswer(
        query_id=turn.query_id,
        conversation_id=turn.conversation_id,
        response=response,
        focus="general",
        model="scripted",
        latency_seconds=0.5,
        degraded=True,
        degraded_reason="the better one is down",
        tokens=3,
    )
    store.answer_turn(reply, lambda transaction: None)


def test_an_answer_comes_back_as_it_was_stored(store: ConversationStore) -> None:
    turn = begin(store, "q1")
    answer(store, turn, "Because.")
    stored = store.find_turn(turn.query_id)
    assert stored and stored.answered
    reply = stored.as_answer()
    assert (reply.response, reply.degraded, reply.degraded_reason) == ("Because.", True, "the better one is down")
    assert (reply.model, reply.tokens, reply.latency_seconds) == ("scripted", 3, 0.5)


def test_a_question_is_answered_only_once(store: ConversationStore) -> None:
    turn = begin(store, "q1")
    answer(store, turn, "first")
    with pytest.raises(NotFound):
        answer(store, turn, "second")
    assert store.conversation(turn.conversation_id).turns[0].response == "first"


def test_an_answer_whose_announcement_fails_is_not_stored(store: ConversationStore, database: Database) -> None:
    turn = begin(store, "q1")
    reply = QueryAnswer(
        query_id=turn.query_id,
        conversation_id=turn.conversation_id,
        response="x",
        focus="general",
        model="m",
        latency_seconds=0,
        degraded=False,
        tokens=0,
    )

    def fail(_: object) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        store.answer_turn(reply, fail)
    stored = store.find_turn(turn.query_id)
    assert stored and stored.state == TurnState.ANSWERING


def test_only_answered_turns_before_this_one_are_said_again_the_newest_first(store: ConversationStore) -> None:
    first = begin(store, "q1", "one")
    answer(store, first, "1")
    failed = begin(store, "q2", "two", into=first.conversation_id)
    store.end_turn(failed, TurnState.FAILED, ModelError("No model."), "")
    third = begin(store, "q3", "three", into=first.conversation_id)
    answer(store, third, "3")
    other = begin(store, "q4", "elsewhere")
    answer(store, other)
    last = begin(store, "q5", "last", into=first.conversation_id)
    assert store.exchanges_before(last, 10) == [PastExchange("three", "3"), PastExchange("one", "1")]
    assert store.exchanges_before(last, 1) == [PastExchange("three", "3")]
    assert store.exchanges_before(store.reopen_turn(failed), 10) == [PastExchange("one", "1")]


def test_the_oldest_turns_are_left_out_several_at_once(store: ConversationStore) -> None:
    first = begin(store, "q0", "0")
    answer(store, first)
    oldest: list[str] = []
    for number in range(1, 13):
        turn = begin(store, f"q{number}", str(number), into=first.conversation_id)
        oldest.append(store.exchanges_before(turn, 4)[-1].question)
        answer(store, turn)
    assert oldest == ["0", "0", "0", "0", "2", "2", "4", "4", "6", "6", "8", "8"]


def test_a_conversation_is_found_by_a_unique_beginning_of_its_id(store: ConversationStore) -> None:
    turn = begin(store, "q1")
    assert store.resolve(turn.conversation_id[:6]) == turn.conversation_id
    assert store.conversation(turn.conversation_id[:6]).summary.id == turn.conversation_id
    with pytest.raises(NotFound):
        store.resolve("zzzz")
    with pytest.raises(NotFound):
        store.resolve("%")


def test_a_beginning_that_several_share_is_refused(store: ConversationStore) -> None:
    beginnings = [begin(store, f"q{number}").conversation_id[0] for number in range(17)]
    shared = next(letter for letter in beginnings if beginnings.count(letter) > 1)
    with pytest.raises(InvalidInput):
        store.resolve(shared)


def test_the_most_recently_changed_conversations_come_first(store: ConversationStore, clock: FakeClock) -> None:
    old = begin(store, "q1", "  an \x1b[31mold\x1b[0m\n question  ")
    clock.elapse(1)
    begin(store, "q2", "long " * 100)
    clock.elapse(1)
    begin(store, "q3", "again", into=old.conversation_id)
    newest, other = store.summaries(10)
    assert (newest.id, newest.turns, newest.title) == (old.conversation_id, 2, "an [31mold [0m question")
    assert other.title.endswith("…")
    assert len(other.title) <= 80
    assert [summary.id for summary in store.summaries(1)] == [newest.id]


def test_a_long_conversation_is_read_in_replies_of_bounded_size(store: ConversationStore) -> None:
    first = begin(store, "q0", "0")
    answer(store, first, "x" * 30_000)
    for number in range(1, 100):
        answer(store, begin(store, f"q{number}", str(number), into=first.conversation_id), "x" * 30_000)
    read: list[str] = []
    before = None
    while True:
        reply = store.conversation(first.conversation_id, before)
        assert len(reply.model_dump_json().encode()) < REPLY_BYTES * 1.05
        read = [turn.text for turn in reply.turns] + read
        before = reply.turns[0].query_id
        if not reply.truncated:
            break
    assert read == [str(number) for number in range(100)]


def test_one_enormous_turn_still_fits_into_a_reply(store: ConversationStore) -> None:
    turn = begin(store, "q1", "\x01" * 100_000)
    answer(store, turn, "\x02" * 200_000)
    reply = store.conversation(turn.conversation_id)
    assert len(reply.turns) == 1
    assert len(reply.model_dump_json().encode()) < REPLY_BYTES


def test_a_deleted_conversation_is_gone_with_its_turns(store: ConversationStore) -> None:
    turn = begin(store, "q1")
    store.delete(turn.conversation_id)
    assert store.find_turn(turn.query_id) is None
    assert store.summaries(10) == []


def prune(store: ConversationStore, keep_bytes: int = 1000 * MIB, in_use: tuple[ConversationId, ...] = ()) -> int:
    total = 0
    while pruned := store.prune(timedelta(days=365), keep_bytes, in_use):
        total += pruned
    return total


def test_conversations_unchanged_for_too_long_are_pruned_unless_in_use(
    store: ConversationStore, clock: FakeClock
) -> None:
    old = [begin(store, f"old{number}").conversation_id for number in range(45)]
    clock.elapse(366 * DAY_SECONDS)
    new = begin(store, "new").conversation_id
    assert prune(store, in_use=(old[0],)) == 44
    assert {summary.id for summary in store.summaries(100)} == {old[0], new}


def test_the_oldest_are_pruned_until_the_rest_is_small_enough(
    store: ConversationStore, database: Database, clock: FakeClock
) -> None:
    ids: list[ConversationId] = []
    for number in range(60):
        turn = begin(store, f"q{number}", "x" * 90_000)
        ids.append(turn.conversation_id)
        clock.elapse(1)
    assert prune(store, keep_bytes=3 * MIB) > 0
    assert database.size_bytes() <= 3 * MIB
    kept = [summary.id for summary in store.summaries(100)]
    assert kept == ids[-len(kept) :][::-1]
    assert len(kept) >= 10


def test_what_a_former_process_left_in_hand_is_said_to_be_interrupted(
    store: ConversationStore, database: Database
) -> None:
    turn = begin(store, "q1")
    store.keep_partial(turn.query_id, "Pyth", 1)
    assert database.row("SELECT count(*) FROM interrupted_work", (), int) == 1
    assert store.take_up() == ([], 1)
    (read,) = store.conversation(turn.conversation_id).turns
    assert (read.state, read.response) == (TurnState.INTERRUPTED, "Pyth")
    assert "before the answer was complete" in read.error
