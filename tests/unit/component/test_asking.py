"""Asking components that go away: what is asked again, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.client.asking_again import FIRST_PAUSE_SECONDS, GONE, LONGEST_PAUSE_SECONDS, check_comes_back, pauses
from senter.clock import SystemClock
from senter.component.asking import Asker, in_group
from senter.errors import Conflict, DeadlineExceeded, NoResponder, ResponderDied, SenterError, Stopping, Unavailable
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.conversations import DeleteConversation
from senter.messages.message import ComponentName, Done
from senter.messages.query import ConversationId

COMES_BACK = {State.STARTING, State.RUNNING, State.BACKING_OFF, State.STOPPING}
DELETE = DeleteConversation(conversation_id=ConversationId("c1"))
ASSISTANT = DELETE.receiver

Handler = Callable[[DeleteConversation], Awaitable[Done]]


class Stage:
    """Somebody who asks, and an assistant and a supervisor that come and go."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.broker = MemoryBroker()
        asks = Manifest(sends=(DeleteConversation, GetDaemonStatus))
        self.asker = Asker(self._connect("asker", asks), SystemClock())
        self.asked = 0
        self.row = ComponentStatus(state=State.RUNNING)
        self.daemon = State.RUNNING

    async def assistant(self, handler: Handler) -> Bus:
        bus = self._connect(ASSISTANT, Manifest(receives=(DeleteConversation,)))

        async def take(command: DeleteConversation) -> Done:
            self.asked += 1
            return await handler(command)

        await bus.serve(DeleteConversation, take)
        return bus

    async def supervisor(self) -> None:
        bus = self._connect("supervisor", Manifest(is_supervisor=True))

        async def status(asked: GetDaemonStatus) -> DaemonStatus:
            rows = {ASSISTANT: self.row}
            return DaemonStatus(state=self.daemon, pid=1, uptime_seconds=1, health_score=50, components=rows)

        await bus.serve(GetDaemonStatus, status)

    def _connect(self, name: str, manifest: Manifest) -> Bus:
        bus = self.broker.bus(ComponentName(name), manifest)
        self._stack.push_async_callback(bus.close)
        return bus


@asynccontextmanager
async def stage() -> AsyncGenerator[Stage]:
    async with AsyncExitStack() as stack:
        it = Stage(stack)
        await it.supervisor()
        yield it


def failing(*errors: SenterError) -> Handler:
    """Fails with each of the errors once, then carries the command out."""
    left = list(errors)

    async def handle(command: DeleteConversation) -> Done:
        if left:
            raise left.pop(0)
        return Done()

    return handle


async def test_what_reached_nobody_is_asked_again_also_where_it_must_not_be_done_twice() -> None:
    async with stage() as it:
        asking = asyncio.create_task(it.asker.ask(DELETE, repeat=False))
        await asyncio.sleep(0)
        await it.assistant(failing(NoResponder(ASSISTANT)))
        await asking
        assert it.asked == 2


async def test_what_may_be_done_twice_is_asked_again_when_its_outcome_is_unknown() -> None:
    async with stage() as it:
        await it.assistant(failing(ResponderDied(ASSISTANT), ResponderDied(ASSISTANT)))
        await it.asker.ask(DELETE)
        assert it.asked == 3


async def test_what_may_have_been_done_and_must_not_be_done_twice_is_not_asked_again() -> None:
    async with stage() as it:
        await it.assistant(failing(ResponderDied(ASSISTANT)))
        with pytest.raises(ResponderDied):
            await it.asker.ask(DELETE, repeat=False)
        assert it.asked == 1


async def test_a_receiver_that_is_being_restarted_is_asked_again_and_one_that_misses_something_is_not() -> None:
    async with stage() as it:

        async def stops_and_runs_again(command: DeleteConversation) -> Done:
            if it.asked == 2:
                it.row = ComponentStatus(state=State.RUNNING)
            raise Unavailable(f"refused {it.asked} times")

        it.row = ComponentStatus(state=State.STOPPING)
        await it.assistant(stops_and_runs_again)
        with pytest.raises(Unavailable, match="refused 2 times"):
            await it.asker.ask(DELETE)


async def test_what_the_receiver_says_comes_back_as_itself() -> None:
    async with stage() as it:
        await it.assistant(failing(Conflict("It is in use.")))
        with pytest.raises(Conflict):
            await it.asker.ask(DELETE)
        assert it.asked == 1


async def test_a_daemon_that_stops_brings_nobody_back() -> None:
    async with stage() as it:
        it.daemon = State.STOPPING
        with pytest.raises(Stopping):
            await it.asker.ask(DELETE)


async def test_a_receiver_that_stays_away_is_a_time_out_that_names_the_request() -> None:
    async with stage() as it:
        it.row = ComponentStatus(state=State.BACKING_OFF)
        with pytest.raises(DeadlineExceeded, match=r"The answer of assistant timed out after 0\.2 s"):
            await it.asker.ask(DELETE, 0.2)
        with pytest.raises(DeadlineExceeded, match=r"The deletion timed out after 0\.2 s"):
            await it.asker.ask(DELETE, 0.2, what="The deletion")


def test_each_state_is_one_that_is_left_or_is_in_the_table() -> None:
    assert set(GONE) | COMES_BACK == set(State)
    for state in State:
        if state in COMES_BACK:
            check_comes_back("api", state, "")
        else:
            with pytest.raises(Unavailable, match=r"^api .*: why not\.$") as caught:
                check_comes_back("api", state, "why not.")
            assert caught.value.hint


def test_pauses_grow_to_the_longest() -> None:
    found = [pause for pause, _ in zip(pauses(), range(20), strict=False)]
    assert found[:2] == [FIRST_PAUSE_SECONDS, 2 * FIRST_PAUSE_SECONDS]
    assert found == sorted(found)
    assert found[-1] == LONGEST_PAUSE_SECONDS


def test_a_group_is_its_name_with_or_without_a_number() -> None:
    names = ("model_research", "model_research_2", "model_researcher", "model_primary", "model_research_x")
    assert [name for name in names if in_group(name, "model_research")] == ["model_research", "model_research_2"]
