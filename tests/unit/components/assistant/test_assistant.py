from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import FakeClock
from senter.components.assistant.settings import AssistantSettings
from senter.errors import (
    BusFull,
    Cancelled,
    Conflict,
    InvalidInput,
    ModelUnavailable,
    NotFound,
    SenterError,
    Unavailable,
)
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.conversations import (
    Conversation,
    DeleteConversation,
    GetConversation,
    ListConversations,
    Turn,
    TurnState,
)
from senter.messages.envelope import current
from senter.messages.message import ComponentName, Event
from senter.messages.query import (
    MAX_ANSWER_CHARACTERS,
    CancelQuery,
    ConversationId,
    QueryAnswer,
    QueryAnswered,
    QueryId,
    UserQuery,
)
from tests.support.assistants import assistant
from tests.support.scripted_worker import ScriptedWorker

ASKER = Manifest(
    receives=(QueryAnswered,), sends=(UserQuery, CancelQuery, ListConversations, GetConversation, DeleteConversation)
)


class Asker:
    """A front door: asks, and sees the events."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.answered: list[QueryAnswered] = []
        self.correlations: list[str] = []
        self._learned = asyncio.Condition()

    async def open(self) -> None:
        await self.bus.consume((QueryAnswered,), self._learn)

    async def ask(self, query_id: str, text: str = "What?", into: str | None = None) -> QueryAnswer:
        conversation_id = ConversationId(into) if into else None
        query = UserQuery(query_id=QueryId(query_id), text="?", conversation_id=conversation_id)
        unchecked = query.model_copy(update={"text": text})
        return await self.bus.request(unchecked, timeout_seconds=10)

    def asking(self, query_id: str, text: str = "What?", into: str | None = None) -> asyncio.Task[QueryAnswer]:
        return asyncio.create_task(self.ask(query_id, text, into))

    async def cancel(self, query_id: str) -> None:
        await self.bus.request(CancelQuery(query_id=QueryId(query_id)), timeout_seconds=5)

    async def conversation(self, conversation_id: str) -> Conversation:
        command = GetConversation(conversation_id=ConversationId(conversation_id))
        return await self.bus.request(command, timeout_seconds=5)

    async def only_turn(self) -> Turn:
        listed = await self.bus.request(ListConversations(), timeout_seconds=5)
        (summary,) = listed.conversations
        (turn,) = (await self.conversation(summary.id)).turns
        return turn

    async def until_learned(self, times: int) -> None:
        async with asyncio.timeout(20), self._learned:
            await self._learned.wait_for(lambda: len(self.answered) >= times)

    async def _learn(self, event: Event, replayed: bool) -> Consumed:
        assert isinstance(event, QueryAnswered)
        async with self._learned:
            self.answered.append(event)
            self.correlations.append(current().correlation)
            self._learned.notify_all()
        return Consumed(ConsumerOutcome.DONE)


@pytest.fixture
async def asker(broker: MemoryBroker) -> AsyncGenerator[Asker]:
    door = Asker(broker.bus(ComponentName("api"), ASKER))
    await door.open()
    yield door
    await door.bus.close()


@asynccontextmanager
async def in_hand(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, home: Path, clock: FakeClock | None = None
) -> AsyncGenerator[tuple[Component[ComponentSettings], asyncio.Task[QueryAnswer]]]:
    """An assistant that was asked, and whose worker holds its answer back until it is told to go."""
    worker.hold()
    async with assistant(broker, home, clock=clock) as component:
        asking = asker.asking("q1")
        await worker.until_asked(1)
        yield component, asking


async def refused(task: asyncio.Task[QueryAnswer]) -> SenterError:
    with pytest.raises(SenterError) as refusal:
        async with asyncio.timeout(20):
            await task
    return refusal.value


async def test_a_question_is_answered_stored_and_announced(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        answer = await asker.ask("q1")
        assert answer.response == "You said: What?"
        assert (answer.query_id, answer.model, answer.tokens) == ("q1", "scripted", 5)
        turn = await asker.only_turn()
        assert (turn.state, turn.text, turn.response) == (TurnState.ANSWERED, "What?", answer.response)
        await asker.until_learned(1)
    (event,) = asker.answered
    assert (event.query_id, event.conversation_id) == ("q1", answer.conversation_id)
    assert (asker.correlations, worker.correlations) == (["q1"], ["q1"])


async def test_the_question_is_stored_before_the_model_is_asked(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with in_hand(broker, worker, asker, tmp_path) as (_, asking):
        assert (await asker.only_turn()).state is TurnState.ANSWERING
        worker.go()
        await asking


async def test_the_same_request_id_gets_the_same_answer_without_asking_again_even_after_a_restart(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first = await asker.ask("q1")
        again = await asker.ask("q1")
    async with assistant(broker, tmp_path):
        later = await asker.ask("q1")
    assert first.response == again.response == later.response
    assert first.conversation_id == later.conversation_id
    assert len(worker.requests) == 1


async def test_asking_again_while_it_is_answered_waits_for_the_same_answer(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        askers = [asker.asking("q1") for _ in range(5)]
        await worker.until_asked(1)
        askers.append(asker.asking("q1"))
        worker.go()
        answers = await asyncio.gather(*askers)
        await asker.until_learned(1)
    assert len({answer.response for answer in answers}) == 1
    assert len(worker.requests) == 1
    assert len(asker.answered) == 1


async def test_the_same_request_id_for_another_question_is_a_conflict(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        answer = await asker.ask("q1")
        other = await asker.ask("q2")
        with pytest.raises(Conflict):
            await asker.ask("q1", "Another question?")
        with pytest.raises(Conflict):
            await asker.ask("q1", into=other.conversation_id)
        assert (await asker.ask("q1", into=answer.conversation_id)).response == answer.response


async def test_a_conversation_goes_on_with_what_was_said_before(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first = await asker.ask("q1", "Why is the sky blue?")
        second = await asker.ask("q2", "Why is grass green?", into=first.conversation_id[:8])
    assert second.conversation_id == first.conversation_id
    said = [(message.role, message.content) for message in worker.requests[1].messages]
    assert said == [
        ("user", "Why is the sky blue?"),
        ("assistant", "You said: Why is the sky blue?"),
        ("user", "Why is grass green?"),
    ]


async def test_a_conversation_that_does_not_exist_is_said_to_be_unknown(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        with pytest.raises(NotFound):
            await asker.ask("q1", into="feedbeef")
    assert worker.requests == []


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_an_answer_that_was_cut_off_says_so_also_later_and_can_be_gone_on_with(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path, reason: str
) -> None:
    worker.finish_reason = reason
    async with assistant(broker, tmp_path):
        first = await asker.ask("q1")
        again = await asker.ask("q1")
        worker.finish_reason = "stop"
        rest = await asker.ask("q2", "Go on.", into=first.conversation_id)
    assert (first.cut_off, again.cut_off, rest.cut_off) == (reason, reason, "")
    assert "cut_off" not in rest.model_dump()
    said = [message.content for message in worker.requests[-1].messages]
    assert said == ["What?", first.response, "Go on."]


async def test_an_answer_longer_than_is_kept_says_that_it_was_cut_off(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.answer = lambda _: "x" * (MAX_ANSWER_CHARACTERS + 1)
    async with assistant(broker, tmp_path):
        answer = await asker.ask("q1")
    assert (len(answer.response), answer.cut_off) == (MAX_ANSWER_CHARACTERS, "length")


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 120_000, "word " * 10_000])
async def test_bad_input_is_refused_before_anything_is_stored(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path, text: str
) -> None:
    async with assistant(broker, tmp_path):
        with pytest.raises(InvalidInput):
            await asker.ask("q1", text)
        assert (await asker.bus.request(ListConversations(), timeout_seconds=5)).conversations == []
    assert worker.requests == []


async def test_a_long_question_is_cut_where_the_settings_say_so(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path, AssistantSettings(oversized_question="cut")):
        await asker.ask("q1", "word " * 10_000)
        assert (await asker.only_turn()).text == "word " * 10_000
    asked = worker.requests[0].messages[-1].content
    assert 1_000 < len(asked) < 10_000


async def test_a_model_that_fails_leaves_a_failed_turn_and_its_error_and_may_be_asked_again(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.failure = ModelUnavailable("The endpoint is down.", "Start it.")
    async with assistant(broker, tmp_path):
        with pytest.raises(ModelUnavailable, match="down"):
            await asker.ask("q1")
        turn = await asker.only_turn()
        assert (turn.state, turn.error) == (TurnState.FAILED, "The endpoint is down.")
        worker.failure = None
        assert (await asker.ask("q1")).response
        turn = await asker.only_turn()
        assert (turn.state, turn.error) == (TurnState.ANSWERED, "")
        await asker.until_learned(1)
    assert len(asker.answered) == 1


async def test_a_withdrawn_question_stops_the_model_and_says_so(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = ("Py", "thon ")
    async with assistant(broker, tmp_path):
        asking = asker.asking("q1")
        await worker.until_asked(1)
        await asker.cancel("q1")
        assert isinstance(await refused(asking), Cancelled)
        await worker.until(lambda: len(worker.cancelled) == 1)
        turn = await asker.only_turn()
        assert turn.state is TurnState.CANCELLED
        assert turn.response == "Python "
        worker.go()
        assert (await asker.ask("q1")).response == "You said: What?"
    assert asker.answered[-1].query_id == "q1"


async def test_withdrawing_a_question_that_is_answered_or_unknown_changes_nothing(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        await asker.ask("q1")
        await asker.cancel("q1")
        await asker.cancel("never-asked")
        assert (await asker.only_turn()).state is TurnState.ANSWERED


async def test_questions_of_one_conversation_are_answered_in_order_others_at_the_same_time(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first = await asker.ask("q0", "zero")
        worker.hold()
        line = [asker.asking(f"q{number}", str(number), into=first.conversation_id) for number in (1, 2, 3)]
        elsewhere = asker.asking("other", "What is Java?")
        await worker.until_asked(3)
        assert {request.messages[-1].content for request in worker.requests[1:]} == {"1", "What is Java?"}
        worker.go()
        await asyncio.gather(*line, elsewhere)
    mine = [request for request in worker.requests if request.messages[-1].content in "123"]
    assert [request.messages[-1].content for request in mine] == ["1", "2", "3"]
    assert [message.content for message in mine[2].messages[:-1:2]] == ["zero", "1", "2"]


async def test_a_withdrawn_question_in_the_line_lets_the_next_one_through(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first = await asker.ask("q0", "zero")
        worker.hold()
        one, two, three = (asker.asking(f"q{n}", str(n), into=first.conversation_id) for n in (1, 2, 3))
        await worker.until_asked(2)
        await asker.cancel("q2")
        assert isinstance(await refused(two), Cancelled)
        worker.go()
        await asyncio.gather(one, three)
    assert [request.messages[-1].content for request in worker.requests] == ["zero", "1", "3"]


async def test_more_questions_than_it_takes_are_refused_at_once_and_nothing_of_them_is_stored(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path, AssistantSettings(max_queries=2)):
        taken = [asker.asking(f"q{number}") for number in range(2)]
        await worker.until_asked(2)
        assert isinstance(await refused(asker.asking("one-too-many")), BusFull)
        joined = asker.asking("q0")
        worker.go()
        await asyncio.gather(*taken, joined)
        listed = await asker.bus.request(ListConversations(), timeout_seconds=5)
        assert len(listed.conversations) == 2
        assert (await asker.ask("one-too-many")).response


async def test_what_is_in_hand_is_finished_within_the_grace(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with in_hand(broker, worker, asker, tmp_path) as (component, asking):
        finishing = asyncio.create_task(component.finish(10))
        await asyncio.sleep(0)
        late = await refused(asker.asking("late"))
        assert isinstance(late, Unavailable)
        worker.go()
        await finishing
        assert (await asking).response
        assert (await asker.only_turn()).state is TurnState.ANSWERED


async def test_what_is_still_in_hand_after_the_grace_is_stored_as_interrupted_with_what_there_was(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.pieces = ("Half an ", "answer")
    clock = FakeClock()
    async with in_hand(broker, worker, asker, tmp_path, clock) as (component, asking):
        finishing = asyncio.create_task(component.finish(6))
        await clock.advance(6)
        await finishing
        assert isinstance(await refused(asking), Unavailable)
        turn = await asker.only_turn()
    assert (turn.state, turn.response) == (TurnState.INTERRUPTED, "Half an answer")
    assert "before the answer was complete" in turn.error


async def test_a_question_that_was_in_hand_when_the_process_ended_can_be_asked_again(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with in_hand(broker, worker, asker, tmp_path) as (_, asking):
        pass
    await refused(asking)
    worker.go()
    async with assistant(broker, tmp_path):
        assert (await asker.only_turn()).state is TurnState.INTERRUPTED
        assert (await asker.ask("q1")).response
        assert (await asker.only_turn()).state is TurnState.ANSWERED


async def test_what_has_come_of_an_answer_is_kept_now_and_then_in_case_of_a_kill(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    clock = FakeClock()
    worker.hold()
    worker.pieces = ("Half ",)
    async with assistant(broker, tmp_path, clock=clock):
        asking = asker.asking("q1")
        await worker.until_asked(1)
        assert (await asker.only_turn()).response == ""
        clock.elapse(3)
        await worker.send_piece("q1", 5, "an answer")
        await until_kept(asker, "Half an answer")
        assert (await asker.only_turn()).state is TurnState.ANSWERING
        worker.go()
        await asking
        assert (await asker.only_turn()).response == "You said: What?"


async def test_attempts_at_an_answer_are_numbered_on_by_the_next_process(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = ("Half ",)
    async with assistant(broker, tmp_path):
        asking = asker.asking("q1")
        await worker.until_asked(1)
        await worker.send_piece("q1", 0, "In other words", worker.requests[0].first_attempt + 2)
        await until_kept(asker, "In other words")
    await refused(asking)
    worker.go()
    async with assistant(broker, tmp_path):
        await asker.ask("q1")
    assert [request.first_attempt for request in worker.requests] == [1, 4]


async def until_kept(asker: Asker, response: str) -> None:
    async with asyncio.timeout(20):
        while (await asker.only_turn()).response != response:
            pass


async def test_deleting_a_conversation_stops_what_is_answered_in_it(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first = await asker.ask("q0")
        worker.hold()
        asking = asker.asking("q1", into=first.conversation_id)
        await worker.until_asked(2)
        command = DeleteConversation(conversation_id=first.conversation_id)
        await asker.bus.request(command, timeout_seconds=5)
        assert isinstance(await refused(asking), Cancelled)
        with pytest.raises(NotFound):
            await asker.conversation(first.conversation_id)


async def test_old_conversations_are_deleted_while_it_runs(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with assistant(broker, tmp_path, AssistantSettings(keep_days=1), clock=clock):
        await asker.ask("q1")
        clock.elapse(2 * 86_400)
        async with asyncio.timeout(20):
            while (await asker.bus.request(ListConversations(), timeout_seconds=5)).conversations:
                await clock.advance(3_600)


async def test_health_says_how_much_is_in_hand_and_that_a_damaged_file_was_replaced(
    broker: MemoryBroker, worker: ScriptedWorker, asker: Asker, tmp_path: Path
) -> None:
    async with in_hand(broker, worker, asker, tmp_path) as (component, asking):
        health = component.health()
        assert (health.status, health.facts["queries_in_hand"]) == ("healthy", 1)
        worker.go()
        await asking
    (tmp_path / "data" / "conversations.db").write_bytes(b"garbage" * 1000)
    async with assistant(broker, tmp_path) as component:
        health = component.health()
        assert health.status == "degraded"
        assert "conversations.db was damaged" in health.detail
        assert (await asker.ask("q2")).response
