"""Turns that go on whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.components.assistant.conversations import TAKEN_UP_AT_MOST
from senter.components.assistant.settings import AssistantSettings
from senter.errors import BusFull, Conflict, InvalidInput, ModelUnavailable, NotFound, SenterError, Unavailable
from senter.messages.conversations import DeleteConversation, TurnState
from senter.messages.message import ComponentName
from senter.messages.query import CancelQuery, QueryAnswer, QueryId, UserQuery
from senter.messages.turns import (
    AwaitTurn,
    BeginTurn,
    GetTurn,
    ListTurns,
    MarkTurnRead,
    StopTurn,
    TurnReply,
    TurnRow,
)
from tests.support.assistants import assistant
from tests.support.scripted_worker import ScriptedWorker

DOOR = Manifest(
    sends=(
        AwaitTurn,
        BeginTurn,
        CancelQuery,
        DeleteConversation,
        GetTurn,
        ListTurns,
        MarkTurnRead,
        StopTurn,
        UserQuery,
    )
)


class Door:
    """Asks what the API asks."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    async def begin(self, turn_id: str, text: str = "What?") -> TurnReply:
        return await self.bus.request(BeginTurn(request_id=turn_id, text=text), timeout_seconds=10)

    async def get(self, turn_id: str) -> TurnReply:
        return await self.bus.request(GetTurn(turn_id=QueryId(turn_id)), timeout_seconds=10)

    async def ended(self, turn_id: str) -> TurnReply:
        return await self.bus.request(AwaitTurn(turn_id=QueryId(turn_id)), timeout_seconds=10)

    async def stop(self, turn_id: str) -> None:
        await self.bus.request(StopTurn(turn_id=QueryId(turn_id)), timeout_seconds=10)

    async def cancel(self, turn_id: str) -> None:
        await self.bus.request(CancelQuery(query_id=QueryId(turn_id)), timeout_seconds=10)

    async def mark_read(self, turn_id: str) -> None:
        await self.bus.request(MarkTurnRead(turn_id=QueryId(turn_id)), timeout_seconds=10)

    async def ask(self, query_id: str, text: str = "What?") -> QueryAnswer:
        return await self.bus.request(UserQuery(query_id=QueryId(query_id), text=text), timeout_seconds=10)

    async def list(self, state: TurnState | None = None, *, unread: bool = False) -> list[TurnRow]:
        found = await self.bus.request(ListTurns(state=state, unread=unread), timeout_seconds=10)
        return found.turns


@pytest.fixture
async def door(broker: MemoryBroker) -> AsyncGenerator[Door]:
    opened = Door(broker.bus(ComponentName("api"), DOOR))
    yield opened
    await opened.bus.close()


async def test_a_turn_is_begun_at_once_and_answered_though_nobody_waits(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = ("Half ", "said")
    async with assistant(broker, tmp_path):
        begun = await door.begin("t1")
        assert (begun.id, begun.state, begun.text, begun.read) == ("t1", TurnState.ANSWERING, "What?", False)
        await worker.until_asked(1)
        while (now := await door.get("t1")).response != "Half said":
            pass
        assert (now.state, now.attempt) == (TurnState.ANSWERING, 1)
        worker.go()
        ended = await door.ended("t1")
        assert (ended.state, ended.response, ended.model) == (TurnState.ANSWERED, "You said: What?", "scripted")
        assert await door.get("t") == ended == await door.ended("t1")


async def test_a_turn_whose_answer_was_cut_off_says_so(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.finish_reason = "length"
    async with assistant(broker, tmp_path):
        await door.begin("t1")
        ended = await door.ended("t1")
    assert (ended.cut_off, ended.answer().cut_off) == ("length", "length")


async def test_beginning_a_turn_twice_begins_it_once(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        first, second = await asyncio.gather(door.begin("t1"), door.begin("t1"))
        ended = await door.ended("t1")
        assert first.conversation_id == second.conversation_id == ended.conversation_id
        assert await door.begin("t1") == ended
        with pytest.raises(Conflict):
            await door.begin("t1", "Another?")
    assert len(worker.requests) == 1


async def test_a_turn_that_was_stopped_or_failed_is_not_begun_again_by_saying_it_twice(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        await door.begin("t1")
        await worker.until_asked(1)
        await door.stop("t1")
        assert (await door.begin("t1")).state is TurnState.CANCELLED
        worker.failure = ModelUnavailable("The endpoint is down.", "Start it.")
        worker.go()
        await door.begin("t2")
        failed = await door.ended("t2")
        assert (failed.error_code, failed.error, failed.error_hint) == (
            "model_unavailable",
            "The endpoint is down.",
            "Start it.",
        )
        assert await door.begin("t2") == failed
        with pytest.raises(ModelUnavailable, match="down"):
            failed.answer()


async def test_a_stopped_turn_keeps_what_there_is_and_stops_the_model(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = ("Py", "thon")
    async with assistant(broker, tmp_path):
        await door.begin("t1")
        waiting = asyncio.create_task(door.ended("t1"))
        while (await door.get("t1")).response != "Python":
            pass
        await door.stop("t")
        stopped = await waiting
        assert (stopped.state, stopped.response, stopped.error_code) == (TurnState.CANCELLED, "Python", "cancelled")
        await worker.until(lambda: len(worker.cancelled) == 1)
        await door.stop("t1")
        assert await door.get("t1") == stopped


async def test_a_caller_that_goes_away_stops_a_query_and_no_turn(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        await door.begin("t1")
        asking = asyncio.create_task(door.ask("q1"))
        await worker.until_asked(2)
        await door.cancel("t1")
        await door.cancel("q1")
        with pytest.raises(SenterError):
            await asking
        assert (await door.get("t1")).state is TurnState.ANSWERING
        worker.go()
        assert (await door.ended("t1")).state is TurnState.ANSWERED


async def test_a_query_may_become_a_turn_and_a_turn_be_asked_for_as_a_query(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        asking = asyncio.create_task(door.ask("q1"))
        await worker.until_asked(1)
        await door.begin("q1")
        await door.cancel("q1")
        worker.go()
        assert (await asking).response == (await door.ended("q1")).response
        await door.begin("t1")
        assert (await door.ask("t1")).response == "You said: What?"
    assert len(worker.requests) == 2


@pytest.mark.parametrize("orderly", [True, False])
async def test_the_next_process_goes_on_with_turns_in_hand_and_not_with_queries(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path, orderly: bool
) -> None:
    worker.hold()
    worker.pieces = ("Half ",)
    async with assistant(broker, tmp_path) as component:
        await door.begin("t1")
        asking = asyncio.create_task(door.ask("q1"))
        waiting = asyncio.create_task(door.ended("t1"))
        await worker.until_asked(2)
        if orderly:
            await component.finish(0)
    for task in (asking, waiting):
        with pytest.raises(SenterError):
            await task
    worker.go()
    async with assistant(broker, tmp_path):
        ended = await door.ended("t1")
        assert (ended.state, ended.response) == (TurnState.ANSWERED, "You said: What?")
        assert ended.attempt > 1
        assert (await door.get("q1")).state is TurnState.INTERRUPTED


async def test_turns_of_one_conversation_go_on_in_their_order(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        first = await door.begin("b", "one")
        second = BeginTurn(request_id="a", text="two", conversation_id=first.conversation_id)
        await door.bus.request(second, timeout_seconds=10)
        await worker.until_asked(1)
    worker.go()
    async with assistant(broker, tmp_path):
        await door.ended("a")
    assert [request.messages[-1].content for request in worker.requests] == ["one", "one", "two"]


async def test_a_turn_at_which_every_process_dies_is_given_up(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    """Not in order: the file is put back to how it was while the turn was in hand."""
    worker.hold()
    file = tmp_path / "data" / "conversations.db"
    async with assistant(broker, tmp_path):
        await door.begin("t1")
    for _ in range(TAKEN_UP_AT_MOST):
        async with assistant(broker, tmp_path):
            assert (await door.get("t1")).state is TurnState.ANSWERING
            killed = {path: path.read_bytes() for path in file.parent.glob("conversations.db*")}
        for path, content in killed.items():
            path.write_bytes(content)
    async with assistant(broker, tmp_path):
        ended = await door.ended("t1")
    assert (ended.state, ended.error_code) == (TurnState.INTERRUPTED, Unavailable.code)


async def test_unread_turns_are_listed_until_they_are_read_or_stopped(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        await door.ask("q1")
        for number in (1, 2, 3):
            await door.begin(f"t{number}", f"Question {number}")
            await door.ended(f"t{number}")
        worker.hold()
        await door.begin("t4", "What is question 4?")
        await door.mark_read("t4")
        await door.mark_read("t2")
        assert [turn.id for turn in await door.list()] == ["t4", "t3", "t2", "t1"]
        assert [turn.id for turn in await door.list(unread=True)] == ["t4", "t3", "t1"]
        assert [turn.id for turn in await door.list(TurnState.ANSWERING)] == ["t4"]
        assert [turn.read for turn in await door.list()] == [False, False, True, False]
        await door.stop("t4")
        assert [(turn.id, turn.text) for turn in await door.list(unread=True)] == [
            ("t3", "Question 3"),
            ("t1", "Question 1"),
        ]


async def test_an_unknown_turn_and_a_beginning_of_several_are_refused(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        for asked in (door.get("none"), door.ended("none"), door.stop("none"), door.mark_read("none")):
            with pytest.raises(NotFound):
                await asked
        await door.begin("t1")
        await door.begin("t12")
        assert (await door.get("t1")).id == "t1"
        with pytest.raises(InvalidInput):
            await door.get("t")


async def test_a_query_that_got_no_answer_may_be_posted_again(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.failure = ModelUnavailable("The endpoint is down.")
    async with assistant(broker, tmp_path):
        with pytest.raises(ModelUnavailable):
            await door.ask("q1")
        worker.failure = None
        worker.hold()
        begun = await door.begin("q1")
        assert (begun.state, begun.error, begun.attempt) == (TurnState.ANSWERING, "", 2)
        worker.go()
        assert (await door.ended("q1")).state is TurnState.ANSWERED


async def test_the_focus_is_general_whatever_is_asked_for_until_there_are_others(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    async with assistant(broker, tmp_path):
        command = BeginTurn(request_id="t1", text="What?", focus="work")
        assert (await door.bus.request(command, timeout_seconds=10)).focus == "general"


async def test_a_turn_of_a_deleted_conversation_ends_and_is_gone(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path):
        begun = await door.begin("t1")
        await worker.until_asked(1)
        waiting = asyncio.create_task(door.ended("t1"))
        await door.get("t1")
        await door.bus.request(DeleteConversation(conversation_id=begun.conversation_id), timeout_seconds=10)
        with pytest.raises(SenterError):
            (await waiting).answer()
        with pytest.raises(NotFound):
            await door.get("t1")


async def test_more_turns_than_it_takes_are_refused(
    broker: MemoryBroker, worker: ScriptedWorker, door: Door, tmp_path: Path
) -> None:
    worker.hold()
    async with assistant(broker, tmp_path, AssistantSettings(max_queries=1)):
        await door.begin("t1")
        with pytest.raises(BusFull):
            await door.begin("t2")
        with pytest.raises(InvalidInput):
            await door.begin("t3", "word " * 10_000)
        assert [turn.id for turn in await door.list()] == ["t1"]
