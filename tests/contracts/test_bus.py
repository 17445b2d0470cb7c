"""What the bus promises (senter/bus/bus.py), over a real nats-server and over memory alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Protocol, cast

import pytest
from nats.js import JetStreamManager
from pydantic import Field

from senter.bus import subjects
from senter.bus.bus import Bus
from senter.bus.limits import QueueLimit
from senter.bus.link import Link, Parcel
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.bus.server import SUPERVISOR
from senter.bus.settings import BusSettings
from senter.bus.stored_letters import StoredLetters
from senter.bus.streams import prepare_streams
from senter.errors import (
    BusFull,
    BusUnavailable,
    CommunicationError,
    ComponentError,
    DeadlineExceeded,
    InvalidInput,
    NoResponder,
    NotDeclared,
    NotFound,
    ResponderDied,
    Unavailable,
)
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.envelope import Envelope, continuing, current
from senter.messages.health import ComponentDied
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, MessageId
from tests.support.bus_messages import ANSWERER, ASKER, Noted, Tell, Tick, Told, echo
from tests.support.nats_server import TestServer

SOON_SECONDS = 5.0

CONSUMER = ComponentName("consumer")
OTHER = ComponentName("other")


class TellAnyone(Command[Told]):
    wire_name = "tell_anyone"
    text: str = Field(default="", description="What to tell.")


class NotedOtherwise(Event):
    """The same wire name with another shape, as a different version would send it."""

    wire_name = "noted"


class Shout(Broadcast[Told]):
    wire_name = "shout"


ALL = Manifest(
    receives=(Tell, TellAnyone, Noted, Tick),
    sends=(Tell, TellAnyone, Noted, NotedOtherwise, Tick, Shout),
    observes=(Noted,),
)
MANIFESTS = {ANSWERER: ALL, ASKER: ALL, CONSUMER: ALL, OTHER: Manifest(receives=(Tell,), sends=(Shout, Tell))}


class World(Protocol):
    """One way to carry the bus."""

    @property
    def dead_letters(self) -> StoredLetters: ...

    async def bus(self, name: ComponentName, manifest: Manifest = ...) -> Bus:
        """A component comes."""
        ...

    async def kill(self, bus: Bus) -> None:
        """A component dies where it stands."""
        ...

    async def go_down(self) -> None: ...

    async def come_up(self) -> None: ...

    async def fill_stream(self, event: Callable[[int], Event], bus: Bus) -> None:
        """Publish until the stream refuses; the refusal is raised."""
        ...


class MemoryWorld:
    def __init__(self, stack: AsyncExitStack) -> None:
        self._broker = MemoryBroker(max_events=1_000)
        self._stack = stack
        for name, manifest in MANIFESTS.items():
            self._broker.know(name, manifest)

    @property
    def dead_letters(self) -> StoredLetters:
        return self._broker.dead_letters

    async def bus(self, name: ComponentName, manifest: Manifest = ALL) -> Bus:
        bus = self._broker.bus(name, manifest)
        self._stack.push_async_callback(bus.close)
        return bus

    async def kill(self, bus: Bus) -> None:
        self._broker.kill(bus.name)

    async def go_down(self) -> None:
        self._broker.go_down()

    async def come_up(self) -> None:
        self._broker.come_up()

    async def fill_stream(self, event: Callable[[int], Event], bus: Bus) -> None:
        for number in range(2_000):
            await bus.publish(event(number))


class NatsWorld:
    def __init__(self, server: TestServer, supervisor: Bus, stack: AsyncExitStack) -> None:
        self._server = server
        self._supervisor = supervisor
        self._stack = stack

    @property
    def dead_letters(self) -> StoredLetters:
        return StoredLetters(self._supervisor.asking)

    async def bus(self, name: ComponentName, manifest: Manifest = ALL) -> Bus:
        return await self._stack.enter_async_context(self._server.bus(name, manifest))

    async def kill(self, bus: Bus) -> None:
        link = cast(Link, vars(bus)["link"])
        await link.close()
        await self._supervisor.send(ComponentDied(component=bus.name, pid=1, reason="killed"))

    async def go_down(self) -> None:
        self._server.kill()

    async def come_up(self) -> None:
        await self._server.start()

    async def fill_stream(self, event: Callable[[int], Event], bus: Bus) -> None:
        for number in range(100):
            await bus.publish(event(number).model_copy(update={"text": "x" * 500_000}))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    folder: Path = tmp_path_factory.mktemp("nats")
    server = TestServer(folder, MANIFESTS, BusSettings(max_mb=8, dead_letters_max_mb=8))
    server.spawn()
    yield server
    server.kill()


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.process)])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            yield MemoryWorld(stack)
            return
        server = cast(TestServer, request.getfixturevalue("server"))
        await server.ensure_running()
        supervisor = await stack.enter_async_context(server.bus(SUPERVISOR))
        manager = JetStreamManager(supervisor.link.client)
        for stream in await manager.streams_info():
            await manager.delete_stream(stream.config.name or "")
        await prepare_streams(supervisor, server.settings, MANIFESTS)
        yield NatsWorld(server, supervisor, stack)


async def soon(condition: Callable[[], bool]) -> None:
    """Wait until it holds, or fail."""

    async def holds() -> bool:
        return condition()

    await soon_true(holds)


async def soon_true(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.002)


class Script:
    """A consumer that does as told for each delivery, DONE when nothing more is told, and remembers."""

    def __init__(self, *outcomes: Consumed) -> None:
        self._outcomes = list(outcomes)
        self.seen: list[int] = []
        self.replayed: list[int] = []
        self.envelopes: list[Envelope] = []

    async def consume(self, event: Event, replayed: bool) -> Consumed:
        assert isinstance(event, Noted)
        self.seen.append(event.number)
        self.envelopes.append(current())
        if replayed:
            self.replayed.append(event.number)
        return self._outcomes.pop(0) if self._outcomes else Consumed(ConsumerOutcome.DONE)


async def in_hand(answerer: Bus, asker: Bus) -> asyncio.Task[Told]:
    """A request that its receiver has taken and never answers."""
    reached = asyncio.Event()

    async def hold(command: Tell) -> Told:
        reached.set()
        return await never(command)

    await answerer.serve(Tell, hold)
    asking = asyncio.create_task(asker.request(Tell(), timeout_seconds=300))
    await asyncio.wait_for(reached.wait(), SOON_SECONDS)
    return asking


async def never(_: object) -> Told:
    await asyncio.Event().wait()
    raise AssertionError


# Requests.


async def test_a_command_is_answered_by_its_receiver(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, echo)
    assert (await asker.request(Tell(text="hello"), timeout_seconds=5)).text == "hello"


async def test_a_command_goes_to_whom_the_asker_names(world: World) -> None:
    answerer, consumer, asker = await world.bus(ANSWERER), await world.bus(CONSUMER), await world.bus(ASKER)

    async def first(_: TellAnyone) -> Told:
        return Told(text="answerer")

    async def second(_: TellAnyone) -> Told:
        return Told(text="consumer")

    await answerer.serve(TellAnyone, first)
    await consumer.serve(TellAnyone, second)
    assert (await asker.request(TellAnyone(), timeout_seconds=5, to=CONSUMER)).text == "consumer"


async def test_messages_carry_who_sent_them_and_what_they_belong_to(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    got: list[Envelope] = []

    async def remember(command: Tell) -> Told:
        got.append(current())
        return Told(text="")

    await answerer.serve(Tell, remember)
    with continuing("naïve: 100 %\r\n "):
        await asker.request(Tell(), timeout_seconds=5)
    await asker.request(Tell(), timeout_seconds=5)
    assert [one.source for one in got] == [ASKER, ASKER]
    assert [one.correlation_id for one in got] == ["naïve: 100 %\r\n ", None]
    assert all(one.deadline and timedelta() < one.deadline - one.sent_at <= timedelta(seconds=6) for one in got)


async def test_what_a_handler_sends_came_of_what_it_handles(world: World) -> None:
    """Also from a task that it began: a command leads to an event and a volatile, the event to a command."""
    answerer, asker, consumer = await world.bus(ANSWERER), await world.bus(ASKER), await world.bus(CONSUMER)
    got: dict[str, Envelope] = {}

    def note(message: Message) -> None:
        got[message.wire_name] = current()

    async def tell(command: Tell) -> Told:
        note(command)
        await asyncio.create_task(answerer.publish(Noted(number=1)))
        await answerer.send(Tick(number=1))
        return Told(text="")

    async def take(event: Event, _: bool) -> Consumed:
        note(event)
        await consumer.request(TellAnyone(), timeout_seconds=5, to=ASKER)
        return Consumed(ConsumerOutcome.DONE)

    async def hear(tick: Tick) -> None:
        note(tick)

    async def tell_anyone(command: TellAnyone) -> Told:
        note(command)
        return Told(text="")

    await answerer.serve(Tell, tell)
    await asker.serve(TellAnyone, tell_anyone)
    await asker.listen(Tick, hear)
    await consumer.consume((Noted,), take)
    await asker.request(Tell(), timeout_seconds=5)
    await soon(lambda: len(got) == 4)
    first = got["tell"]
    assert (first.caused_by, first.correlation_id) == (None, None)
    assert {got[name].caused_by for name in ("noted", "tick")} == {first.id}
    assert got["tell_anyone"].caused_by == got["noted"].id
    assert {one.correlation_id for one in got.values()} == {None, first.id}
    assert {one.source for one in got.values()} == {ASKER, ANSWERER, CONSUMER}


async def test_the_receivers_own_error_comes_back_as_itself(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)

    async def refuse(_: Tell) -> Told:
        raise NotFound("There is no such thing.", "Look elsewhere.")

    await answerer.serve(Tell, refuse)
    with pytest.raises(NotFound) as caught:
        await asker.request(Tell(), timeout_seconds=5)
    assert (caught.value.message, caught.value.hint) == ("There is no such thing.", "Look elsewhere.")


async def test_an_answer_that_cannot_be_sent_is_an_error_at_once(world: World) -> None:
    """Half a character, as in a file name that is no text, in the answer or in the error."""
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)

    async def tell_half(command: Tell) -> Told:
        if command.text:
            raise NotFound("There is no \udcff.")
        return Told(text="").model_copy(update={"text": "\udcff"})

    await answerer.serve(Tell, tell_half)
    with pytest.raises(InvalidInput, match="told holds what cannot be sent"):
        await asker.request(Tell(), timeout_seconds=30)
    with pytest.raises(NotFound, match=r"There is no \?\."):
        await asker.request(Tell(text="the error"), timeout_seconds=30)


async def test_an_unforeseen_error_is_told_to_the_asker_and_ends_the_component(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)

    async def stumble(_: Tell) -> Told:
        raise ZeroDivisionError("oops")

    await answerer.serve(Tell, stumble)
    with pytest.raises(ComponentError):
        await asker.request(Tell(), timeout_seconds=5)
    with pytest.raises(ZeroDivisionError, match="oops"):
        await asyncio.wait_for(answerer.wait_failed(), SOON_SECONDS)


async def test_a_command_nobody_receives_fails_at_once(world: World) -> None:
    asker = await world.bus(ASKER)
    async with asyncio.timeout(SOON_SECONDS):
        with pytest.raises(NoResponder, match=ANSWERER):
            await asker.request(Tell(), timeout_seconds=300)


async def test_a_receiver_that_stopped_listening_is_nobody(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    subscription = await answerer.serve(Tell, echo)
    await subscription.close()
    with pytest.raises(NoResponder):
        await asker.request(Tell(), timeout_seconds=5)


async def test_no_answer_before_the_deadline_is_an_error(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, never)
    with pytest.raises(DeadlineExceeded, match="answerer timed out after"):
        await asker.request(Tell(), timeout_seconds=0.05)


async def test_a_command_that_is_late_when_its_turn_comes_is_not_executed(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    gate, executed = asyncio.Event(), list[str]()

    async def wait_at_gate(command: Tell) -> Told:
        executed.append(command.text)
        await gate.wait()
        return Told(text=command.text)

    await answerer.serve(Tell, wait_at_gate, concurrency=1)
    first = asyncio.create_task(asker.request(Tell(text="first"), timeout_seconds=30))
    await soon(lambda: executed == ["first"])
    with pytest.raises(DeadlineExceeded):
        await asker.request(Tell(text="late"), timeout_seconds=0.05)
    gate.set()
    assert (await first).text == "first"
    await soon(lambda: answerer.counters.late_refused == 1)
    assert executed == ["first"]


async def test_a_deadline_that_has_passed_already_is_not_even_sent(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, echo)
    with pytest.raises(DeadlineExceeded):
        await asker.request(Tell(), timeout_seconds=0)


async def test_a_full_queue_refuses_commands_and_counts_them(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, never, limit=QueueLimit(messages=2))
    held = [asyncio.create_task(asker.request(Tell(), timeout_seconds=30)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BusFull, match=ANSWERER):
        await asker.request(Tell(), timeout_seconds=5)
    assert answerer.counters.commands_refused == 1
    await cancel(*held)


async def test_a_queue_is_bounded_by_bytes_too(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, echo, limit=QueueLimit(bytes=1_000))
    with pytest.raises(BusFull):
        await asker.request(Tell(text="x" * 1_000), timeout_seconds=5)
    assert (await asker.request(Tell(text="x"), timeout_seconds=5)).text == "x"


async def test_no_more_than_the_agreed_number_of_commands_runs_at_once_and_in_order(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    running, most, order = 0, 0, list[str]()

    async def count(command: Tell) -> Told:
        nonlocal running, most
        running, order[len(order) :] = running + 1, [command.text]
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Told(text="")

    await answerer.serve(Tell, count, concurrency=2)
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(asker.request(Tell(text=str(number)), timeout_seconds=5))
    assert most <= 2
    assert order == [str(number) for number in range(20)]


async def test_without_a_number_commands_run_side_by_side(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    together = asyncio.Barrier(10)

    async def meet(_: Tell) -> Told:
        await together.wait()
        return Told(text="")

    await answerer.serve(Tell, meet)
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(asker.request(Tell(), timeout_seconds=5))


async def test_an_asker_is_told_at_once_when_the_receiver_dies(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    asking = await in_hand(answerer, asker)
    await world.kill(answerer)
    with pytest.raises(ResponderDied, match=ANSWERER):
        await asyncio.wait_for(asking, SOON_SECONDS)


async def test_the_death_of_another_does_not_matter(world: World) -> None:
    answerer, asker, other = await world.bus(ANSWERER), await world.bus(ASKER), await world.bus(CONSUMER)
    gate = asyncio.Event()

    async def wait_at_gate(_: Tell) -> Told:
        await gate.wait()
        return Told(text="fine")

    await answerer.serve(Tell, wait_at_gate)
    asking = asyncio.create_task(asker.request(Tell(), timeout_seconds=30))
    await world.kill(other)
    gate.set()
    assert (await asking).text == "fine"


async def test_a_receiver_that_leaves_tells_those_who_wait(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    asking = await in_hand(answerer, asker)
    await answerer.close()
    with pytest.raises(Unavailable, match="stopping"):
        await asyncio.wait_for(asking, SOON_SECONDS)


async def test_a_request_in_flight_fails_when_the_connection_is_lost(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    asking = await in_hand(answerer, asker)
    await world.go_down()
    with pytest.raises(BusUnavailable):
        await asyncio.wait_for(asking, SOON_SECONDS)


async def test_without_a_connection_everything_says_so_and_nothing_is_kept_for_later(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    executed: list[str] = []

    async def remember(command: Tell) -> Told:
        executed.append(command.text)
        return Told(text="")

    await answerer.serve(Tell, remember)
    await world.go_down()
    async with asyncio.timeout(SOON_SECONDS):
        with pytest.raises(BusUnavailable):
            await asker.request(Tell(text="while down"), timeout_seconds=300)
        with pytest.raises(BusUnavailable):
            await asker.publish(Noted(number=1))
        await asker.send(Tick(number=1))
    assert asker.counters.by_subject == {"tick": 1}
    await world.come_up()
    await reachable(asker, Tell(text="again"))
    assert set(executed) == {"again"}


async def test_cancelling_the_asker_does_not_stop_the_receiver(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    reached, gate, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(_: Tell) -> Told:
        reached.set()
        await gate.wait()
        ended.set()
        return Told(text="")

    await answerer.serve(Tell, work)
    asking = asyncio.create_task(asker.request(Tell(), timeout_seconds=30))
    await asyncio.wait_for(reached.wait(), SOON_SECONDS)
    await cancel(asking)
    gate.set()
    await asyncio.wait_for(ended.wait(), SOON_SECONDS)


async def test_what_is_too_large_is_refused_with_its_size(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)

    async def too_much(_: Tell) -> Told:
        return Told(text="x" * 3_000_000)

    await answerer.serve(Tell, too_much)
    with pytest.raises(InvalidInput, match="tell is 3,000,"):
        await asker.request(Tell(text="x" * 3_000_000), timeout_seconds=5)
    with pytest.raises(InvalidInput, match="told is 3,000,"):
        await asker.request(Tell(), timeout_seconds=5)
    with pytest.raises(InvalidInput, match="noted is 3,000,"):
        await asker.publish(Noted(number=1, text="x" * 3_000_000))


async def test_a_command_of_a_wrong_shape_is_refused_and_counted(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    await answerer.serve(Tell, echo)
    for payload in (b"", b"\x00\xff", b"[]", b'{"text": 7}', b'{"text": "\\ud800"}'):
        parcel = await asker.asking.ask(
            Parcel("request.answerer.tell", payload), receiver=ANSWERER, timeout_seconds=SOON_SECONDS
        )
        assert parcel.headers[subjects.ERROR] == InvalidInput.code
    assert answerer.counters.malformed == 5


# Broadcasts.


async def test_a_broadcast_names_those_who_did_not_answer(world: World) -> None:
    asker, answerer, consumer = await world.bus(ASKER), await world.bus(ANSWERER), await world.bus(CONSUMER)

    async def reply(_: Shout) -> Told:
        return Told(text="here")

    await answerer.on_broadcast(Shout, reply)
    await consumer.on_broadcast(Shout, never)
    answers = await asker.broadcast(Shout(), expected=(ANSWERER, CONSUMER, OTHER), timeout_seconds=0.2)
    assert {name: told.text for name, told in answers.replies.items()} == {ANSWERER: "here"}
    assert answers.missing == {CONSUMER, OTHER}


async def test_a_broadcast_returns_when_all_expected_answered(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)

    async def reply(_: Shout) -> Told:
        return Told(text="here")

    await answerer.on_broadcast(Shout, reply)
    async with asyncio.timeout(SOON_SECONDS):
        answers = await asker.broadcast(Shout(), expected=(ANSWERER,), timeout_seconds=300)
        nobody = await asker.broadcast(Shout(), expected=(), timeout_seconds=300)
    assert not answers.missing
    assert not nobody.replies


async def test_a_broadcast_does_not_wait_for_the_dead_or_when_nobody_listens(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    async with asyncio.timeout(SOON_SECONDS):
        assert (await asker.broadcast(Shout(), expected=(ANSWERER,), timeout_seconds=300)).missing == {ANSWERER}
    reached = asyncio.Event()

    async def hold(shout: Shout) -> Told:
        reached.set()
        return await never(shout)

    await answerer.on_broadcast(Shout, hold)
    shouting = asyncio.create_task(asker.broadcast(Shout(), expected=(ANSWERER,), timeout_seconds=300))
    await asyncio.wait_for(reached.wait(), SOON_SECONDS)
    await world.kill(answerer)
    assert (await asyncio.wait_for(shouting, SOON_SECONDS)).missing == {ANSWERER}


async def test_a_broadcast_never_waits_behind_commands_events_or_volatiles(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    stuck = Script()
    gate = asyncio.Event()

    async def block(_: Event, replayed: bool) -> Consumed:
        await gate.wait()
        return await stuck.consume(_, replayed)

    async def hold(_: Tick) -> None:
        await gate.wait()

    async def reply(_: Shout) -> Told:
        return Told(text="here")

    await answerer.serve(Tell, never, concurrency=1)
    await answerer.listen(Tick, hold)
    await answerer.consume((Noted,), block)
    await answerer.on_broadcast(Shout, reply)
    asking = [asyncio.create_task(asker.request(Tell(), timeout_seconds=30)) for _ in range(50)]
    for number in range(50):
        await asker.send(Tick(number=number))
        await asker.publish(Noted(number=number))
    answers = await asker.broadcast(Shout(), expected=(ANSWERER,), timeout_seconds=SOON_SECONDS)
    assert not answers.missing
    gate.set()
    await cancel(*asking)


async def test_a_receiver_that_fails_at_a_broadcast_is_missing(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)

    async def refuse(_: Shout) -> Told:
        raise InvalidInput("No.")

    await answerer.on_broadcast(Shout, refuse)
    async with asyncio.timeout(SOON_SECONDS):
        assert (await asker.broadcast(Shout(), expected=(ANSWERER,), timeout_seconds=300)).missing == {ANSWERER}


# Volatiles.


async def test_a_volatile_reaches_those_who_listen_for_its_key(world: World) -> None:
    asker, answerer, consumer = await world.bus(ASKER), await world.bus(ANSWERER), await world.bus(CONSUMER)
    some: list[int] = []
    everything: list[int] = []

    async def hear_some(tick: Tick) -> None:
        some.append(tick.number)

    async def hear_all(tick: Tick) -> None:
        everything.append(tick.number)

    await answerer.listen(Tick, hear_some, key="a key. with * and >\n")
    await consumer.listen(Tick, hear_all)
    await asker.send(Tick(number=1, of="a key. with * and >\n"))
    await asker.send(Tick(number=2, of="b"))
    await asker.send(Tick(number=3, of="a key. with * and >\n"))
    await soon(lambda: everything == [1, 2, 3])
    await soon(lambda: some == [1, 3])


async def test_what_a_slow_listener_cannot_take_is_dropped_and_counted(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    gate = asyncio.Event()
    heard: list[int] = []

    async def hear(tick: Tick) -> None:
        await gate.wait()
        heard.append(tick.number)

    await answerer.listen(Tick, hear, limit=QueueLimit(messages=10))
    for number in range(100):
        await asker.send(Tick(number=number))
    await soon(lambda: answerer.counters.volatile_dropped >= 89)
    gate.set()
    await soon(lambda: len(heard) + answerer.counters.volatile_dropped == 100)
    assert heard == sorted(heard)
    assert heard[:10] == list(range(10))
    assert answerer.counters.by_subject == {"tick": answerer.counters.volatile_dropped}


async def test_a_listeners_queue_is_bounded_by_bytes_too(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    heard: list[int] = []

    async def hear(tick: Tick) -> None:
        heard.append(tick.number)

    await answerer.listen(Tick, hear, limit=QueueLimit(bytes=1_000))
    await asker.send(Tick(number=1, text="x" * 1_000))
    await asker.send(Tick(number=2))
    await soon(lambda: heard == [2])
    assert answerer.counters.volatile_dropped == 1


async def test_a_closed_listener_hears_nothing_more(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    closed: list[int] = []
    still: list[int] = []

    async def hear_closed(tick: Tick) -> None:
        closed.append(tick.number)

    async def hear_still(tick: Tick) -> None:
        still.append(tick.number)

    subscription = await answerer.listen(Tick, hear_closed)
    await answerer.listen(Tick, hear_still)
    await subscription.close()
    await asker.send(Tick(number=1))
    await soon(lambda: still == [1])
    assert closed == []


async def test_a_listener_that_fails_ends_the_component(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)

    async def stumble(_: Tick) -> None:
        raise ZeroDivisionError

    await answerer.listen(Tick, stumble)
    await asker.send(Tick(number=1))
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(answerer.wait_failed(), SOON_SECONDS)


# Events.


async def test_events_arrive_in_order_and_know_their_source(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script()
    await consumer.consume((Noted,), script.consume)
    for number in range(50):
        await asker.publish(Noted(number=number))
    await soon(lambda: len(script.seen) == 50)
    assert script.seen == list(range(50))
    assert {one.source for one in script.envelopes} == {ASKER}


async def test_events_wait_for_a_consumer_that_is_not_there(world: World) -> None:
    asker = await world.bus(ASKER)
    for number in range(3):
        await asker.publish(Noted(number=number))
    script = Script()
    await (await world.bus(CONSUMER)).consume((Noted,), script.consume)
    await soon(lambda: script.seen == [0, 1, 2])


async def test_a_consumer_goes_on_where_it_left_off(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    before, after = Script(), Script()
    await consumer.consume((Noted,), before.consume)
    await asker.publish(Noted(number=1))
    await soon(lambda: before.seen == [1])
    await consumer.close()
    await asker.publish(Noted(number=2))
    await (await world.bus(CONSUMER)).consume((Noted,), after.consume)
    await soon(lambda: 2 in after.seen)
    assert after.seen in ([2], [1, 2])


async def test_what_a_killed_consumer_held_comes_again_at_once_and_first(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    held: list[int] = []

    async def hold(event: Event, _: bool) -> Consumed:
        assert isinstance(event, Noted)
        held.append(event.number)
        await asyncio.Event().wait()
        raise AssertionError

    await consumer.consume((Noted,), hold)
    for number in range(3):
        await asker.publish(Noted(number=number))
    await soon(lambda: held == [0])
    await world.kill(consumer)
    script = Script()
    await (await world.bus(CONSUMER)).consume((Noted,), script.consume)
    await soon(lambda: script.seen == [0, 1, 2])


async def test_every_consumer_gets_every_event(world: World) -> None:
    asker, answerer, consumer = await world.bus(ASKER), await world.bus(ANSWERER), await world.bus(CONSUMER)
    one, two = Script(), Script()
    await answerer.consume((Noted,), one.consume)
    await consumer.consume((Noted,), two.consume)
    await asker.publish(Noted(number=1))
    await soon(lambda: one.seen == [1] and two.seen == [1])


async def test_the_same_event_published_twice_is_stored_once(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script()
    await consumer.consume((Noted,), script.consume)
    event, envelope = Noted(number=1), Envelope()
    await asker.publish(event, envelope)
    await asker.publish(event, envelope)
    await asker.publish(Noted(number=2))
    await soon(lambda: 2 in script.seen)
    assert script.seen == [1, 2]


async def test_a_retried_event_comes_again_before_those_behind_it(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script(Consumed(ConsumerOutcome.RETRY, "not yet", 1), Consumed(ConsumerOutcome.RETRY, "not yet", 2))
    await consumer.consume((Noted,), script.consume)
    for number in range(3):
        await asker.publish(Noted(number=number))
    await soon(lambda: len(script.seen) == 5)
    assert script.seen == [0, 0, 0, 1, 2]


async def test_an_event_that_is_given_up_becomes_a_dead_letter_and_blocks_nothing(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script(Consumed(ConsumerOutcome.GIVEN_UP, "schöner Fehler:\r\n\x00 100 %", 5))
    await consumer.consume((Noted,), script.consume)
    envelope = Envelope(correlation_id=MessageId("the request"))
    await asker.publish(Noted(number=1, text="kept"), envelope)
    await asker.publish(Noted(number=2))
    await soon(lambda: script.seen == [1, 2])
    listed = await world.dead_letters.list(10)
    assert listed.total == 1
    letter = listed.letters[0]
    assert (letter.consumer, letter.event, letter.event_id, letter.attempts) == (CONSUMER, "noted", envelope.id, 5)
    assert letter.error == "schöner Fehler:\r\n\x00 100 %"
    assert letter.payload is None
    shown = await world.dead_letters.get(letter.number)
    assert isinstance(shown.payload, dict)
    assert (shown.payload["text"], shown.payload["correlation_id"]) == ("kept", "the request")


async def test_an_event_of_a_wrong_shape_becomes_a_dead_letter_and_blocks_nothing(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script()
    await consumer.consume((Noted,), script.consume)
    await asker.publish(NotedOtherwise())
    await asker.publish(Noted(number=2))
    await soon(lambda: script.seen == [2])
    (letter,) = (await world.dead_letters.list(10)).letters
    assert "number" in letter.error


async def test_a_dead_letter_can_be_replayed(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script(Consumed(ConsumerOutcome.GIVEN_UP, "no", 5))
    await consumer.consume((Noted,), script.consume)
    await asker.publish(Noted(number=1))
    await until_dead(world, 1)
    await world.dead_letters.replay((await world.dead_letters.list(1)).letters[0].number)
    await soon(lambda: script.seen == [1, 1])
    assert script.replayed == [1]
    assert script.envelopes[0] == script.envelopes[1]
    assert (await world.dead_letters.list(1)).total == 0


async def test_a_replayed_event_that_is_given_up_again_is_a_dead_letter_again(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script(Consumed(ConsumerOutcome.GIVEN_UP, "no", 5), Consumed(ConsumerOutcome.GIVEN_UP, "still no", 5))
    await consumer.consume((Noted,), script.consume)
    await asker.publish(Noted(number=1))
    await until_dead(world, 1)
    (first,) = (await world.dead_letters.list(1)).letters
    await world.dead_letters.replay(first.number)
    await soon(lambda: script.seen == [1, 1])
    await until_dead(world, 1)
    (second,) = (await world.dead_letters.list(1)).letters
    assert (second.event, second.error) == ("noted", "still no")
    assert second.number > first.number


async def test_dead_letters_are_listed_oldest_first_and_can_be_dropped(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    await consumer.consume((Noted,), Script(*(Consumed(ConsumerOutcome.GIVEN_UP, str(n), 5) for n in range(3))).consume)
    for number in range(3):
        await asker.publish(Noted(number=number))
    await until_dead(world, 3)
    two = await world.dead_letters.list(2)
    assert ([letter.error for letter in two.letters], two.total) == (["0", "1"], 3)
    await world.dead_letters.drop(two.letters[0].number)
    left = await world.dead_letters.list(10)
    assert [letter.error for letter in left.letters] == ["1", "2"]


async def test_a_dead_letter_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.dead_letters.get(77)
    with pytest.raises(NotFound):
        await world.dead_letters.replay(77)
    with pytest.raises(NotFound):
        await world.dead_letters.drop(77)


async def test_a_full_stream_refuses_and_takes_again_when_there_is_room(world: World) -> None:
    asker = await world.bus(ASKER)
    with pytest.raises(BusFull):
        await world.fill_stream(lambda number: Noted(number=number), asker)
    for name in (ASKER, ANSWERER, CONSUMER):
        bus = asker if name == ASKER else await world.bus(name)
        await bus.consume((Noted,), Script().consume)
    await soon_true(lambda: accepted(asker, Noted(number=1)))


async def test_a_consumer_that_fails_ends_the_component(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)

    async def stumble(_: Event, __: bool) -> Consumed:
        raise ZeroDivisionError

    await consumer.consume((Noted,), stumble)
    await asker.publish(Noted(number=1))
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(consumer.wait_failed(), SOON_SECONDS)


async def test_consuming_goes_on_after_the_connection_was_lost(world: World) -> None:
    asker, consumer = await world.bus(ASKER), await world.bus(CONSUMER)
    script = Script()
    await consumer.consume((Noted,), script.consume)
    await asker.publish(Noted(number=1))
    await soon(lambda: script.seen == [1])
    await world.go_down()
    await world.come_up()
    await soon_true(lambda: accepted(asker, Noted(number=2)))
    await soon(lambda: 2 in script.seen)


async def test_an_observer_sees_events_as_they_happen_and_only_those(world: World) -> None:
    asker, answerer = await world.bus(ASKER), await world.bus(ANSWERER)
    seen: list[int] = []

    async def see(event: Noted) -> None:
        seen.append(event.number)

    await asker.publish(Noted(number=1))
    await answerer.observe(Noted, see)
    await asker.publish(Noted(number=2))
    await soon(lambda: seen == [2])


# Declarations, and the end.


async def test_nothing_undeclared_is_sent_or_received(world: World) -> None:
    bus = await world.bus(OTHER, Manifest())

    async def hear(_: object) -> None:
        raise AssertionError

    with pytest.raises(NotDeclared, match="sends tell"):
        await bus.request(Tell(), timeout_seconds=5)
    with pytest.raises(NotDeclared, match="sends noted"):
        await bus.publish(Noted(number=1))
    with pytest.raises(NotDeclared, match="sends tick"):
        await bus.send(Tick(number=1))
    with pytest.raises(NotDeclared, match="sends shout"):
        await bus.broadcast(Shout(), expected=(), timeout_seconds=1)
    with pytest.raises(NotDeclared, match="receives tell"):
        await bus.serve(Tell, echo)
    with pytest.raises(NotDeclared, match="receives tick"):
        await bus.listen(Tick, hear)
    with pytest.raises(NotDeclared, match="receives noted"):
        await bus.consume((Noted,), Script().consume)
    with pytest.raises(NotDeclared, match="observes noted"):
        await bus.observe(Noted, hear)


async def test_closing_fails_what_is_in_flight_and_can_be_repeated(world: World) -> None:
    answerer, asker = await world.bus(ANSWERER), await world.bus(ASKER)
    asking = await in_hand(answerer, asker)
    await asker.close()
    await asker.close()
    with pytest.raises(BusUnavailable):
        await asking


async def reachable(bus: Bus, command: Tell) -> None:
    """Ask again and again until there is an answer."""

    async def answered() -> bool:
        try:
            await bus.request(command, timeout_seconds=1)
        except CommunicationError:
            return False
        return True

    await soon_true(answered)


async def accepted(bus: Bus, event: Event) -> bool:
    try:
        await bus.publish(event)
    except CommunicationError:
        return False
    return True


async def until_dead(world: World, total: int) -> None:
    async def as_many() -> bool:
        return (await world.dead_letters.list(1)).total == total

    await soon_true(as_many)


async def cancel(*tasks: asyncio.Task[Told]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
