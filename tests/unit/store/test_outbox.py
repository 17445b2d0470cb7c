from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog
from pydantic import Field

from senter.bus.jetstream import StreamState
from senter.component.testing import FakeClock
from senter.errors import BusFull, BusUnavailable, CommunicationError, InvalidInput, NotDeclared, SenterError
from senter.messages.envelope import Envelope, caused_by, continuing
from senter.messages.message import Event, MessageId
from senter.store.database import Database
from senter.store.outbox import LOOK_EVERY, Outbox
from tests.support.older_home import age

OpenDatabase = Callable[[], Database]


class Noted(Event):
    wire_name = "noted"
    number: int = Field(description="Which.")


class Forgotten(Event):
    wire_name = "forgotten"


class RecordingBus:
    """Keeps what is published; fails as told, one entry a call, before it keeps anything."""

    def __init__(self, *failures: SenterError | None) -> None:
        self.published: list[Event] = []
        self.envelopes: list[Envelope] = []
        self.failures = list(failures)
        self.reached = asyncio.Event()
        self.created = "the first"
        self.taken = 0
        self.lost = 0
        self.missing = False

    async def publish(self, event: Event, envelope: Envelope) -> int:
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure
        self.published.append(event)
        self.envelopes.append(envelope)
        self.reached.set()
        return len(self.published)

    async def look(self) -> StreamState:
        """All but those that were `lost` from its end; consumers have `taken` in so many."""
        if self.missing:
            raise BusUnavailable
        return StreamState(created=self.created, first=self.taken + 1, last=len(self.published) - self.lost)


def outbox_on(database: Database, bus: RecordingBus, clock: FakeClock) -> Outbox:
    return Outbox(database, bus.publish, bus.look, (Noted,), clock, structlog.stdlib.get_logger())


def add(database: Database, outbox: Outbox, *events: Event) -> None:
    with database.transaction() as transaction:
        for event in events:
            outbox.add(transaction, event)


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncGenerator[None]:
    task = asyncio.create_task(outbox.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_events_are_published_in_order_and_forgotten(open_database: OpenDatabase, clock: FakeClock) -> None:
    events = [Noted(number=number) for number in range(250)]
    bus = RecordingBus()
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        add(database, outbox, *events)
        assert outbox.waiting() == 250
        await outbox.drain()
        assert outbox.waiting() == 0
    assert bus.published == events


async def test_an_event_of_a_transaction_that_raised_is_never_published(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        with pytest.raises(KeyError), database.transaction() as transaction:
            outbox.add(transaction, Noted(number=1))
            raise KeyError
        await outbox.drain()
    assert bus.published == []


async def test_a_commit_wakes_the_outbox(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        async with running(outbox), asyncio.timeout(20):
            for number in range(3):
                bus.reached.clear()
                add(database, outbox, Noted(number=number))
                await bus.reached.wait()
    assert [event.number for event in bus.published if isinstance(event, Noted)] == [0, 1, 2]


@pytest.mark.parametrize("failure", [BusFull("the stream"), BusUnavailable()])
async def test_a_bus_that_cannot_take_an_event_now_gets_it_later_and_in_order(
    open_database: OpenDatabase, clock: FakeClock, failure: SenterError
) -> None:
    bus = RecordingBus(None, failure, failure, failure)
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        add(database, outbox, *(Noted(number=number) for number in range(3)))
        async with running(outbox), asyncio.timeout(20):
            while len(bus.published) < 3:
                await clock.advance(5)
    assert [event.number for event in bus.published if isinstance(event, Noted)] == [0, 1, 2]


async def test_a_new_process_publishes_what_the_old_one_left(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        add(database, outbox_on(database, bus, clock), Noted(number=1))
    with open_database() as database:
        await outbox_on(database, bus, clock).drain()
    assert len(bus.published) == 1


@pytest.mark.parametrize("failure", [CommunicationError("refused"), InvalidInput("too large")])
async def test_an_event_the_bus_will_never_take_does_not_hold_up_the_rest_and_is_tried_again_after_a_restart(
    open_database: OpenDatabase, clock: FakeClock, failure: SenterError
) -> None:
    bus = RecordingBus(failure)
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        add(database, outbox, Noted(number=1), Noted(number=2))
        await outbox.drain()
        assert [event.number for event in bus.published if isinstance(event, Noted)] == [2]
        bus.reached.clear()
        async with running(outbox_on(database, bus, clock)), asyncio.timeout(20):
            await bus.reached.wait()
        assert [event.number for event in bus.published if isinstance(event, Noted)] == [2, 1]


async def test_an_event_that_is_not_declared_is_refused_before_it_is_stored(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    with open_database() as database:
        outbox = outbox_on(database, RecordingBus(), clock)
        with pytest.raises(NotDeclared):
            add(database, outbox, Forgotten())
        assert outbox.waiting() == 0


async def test_an_event_that_an_older_senter_left_and_this_one_does_not_know_is_kept(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    bus = RecordingBus()
    with open_database() as database:
        old = Outbox(database, bus.publish, bus.look, (Noted, Forgotten), clock, structlog.stdlib.get_logger())
        add(database, old, Forgotten(), Noted(number=2))
        await outbox_on(database, bus, clock).drain()
        assert [event.wire_name for event in bus.published] == ["noted"]
        await old.drain()
        assert database.rows("SELECT wire_name FROM outbox WHERE refusal <> ''", (), str) == ["forgotten"]


def kept(database: Database) -> int:
    return database.row("SELECT count(*) FROM outbox", (), int) or 0


def numbers(bus: RecordingBus) -> list[int]:
    return [event.number for event in bus.published if isinstance(event, Noted)]


async def published(database: Database, bus: RecordingBus, clock: FakeClock, events: int) -> Outbox:
    """An outbox that has published so many events."""
    outbox = outbox_on(database, bus, clock)
    add(database, outbox, *(Noted(number=number) for number in range(events)))
    await outbox.drain()
    return outbox


async def test_an_event_is_kept_until_all_consumers_have_it(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = await published(database, bus, clock, 3)
        bus.taken = 2
        outbox.doubt()
        await outbox.drain()
        assert kept(database) == 1
        assert numbers(bus) == [0, 1, 2]


async def test_what_is_kept_of_a_flood_is_bounded(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        for _ in range(20):
            add(database, outbox, *(Noted(number=number) for number in range(100)))
            await outbox.drain()
            bus.taken = len(bus.published)
        assert kept(database) <= LOOK_EVERY + 100


async def test_a_stream_made_anew_gets_what_nobody_certainly_has_and_that_is_told_once(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    bus, told = RecordingBus(), list[str]()
    with open_database() as database:
        outbox = await published(database, bus, clock, 4)
        bus.taken = 2
        outbox.doubt()
        await outbox.drain()
    bus.created, bus.taken = "another", 0  # found by the next process
    with open_database() as database:
        for _ in range(2):
            outbox = outbox_on(database, bus, clock)
            outbox.on_remade(lambda _: told.append("remade"))
            await outbox.drain()
        assert numbers(bus) == [0, 1, 2, 3, 2, 3]
        assert bus.envelopes[2:4] == bus.envelopes[4:]
    assert told == ["remade"]


async def test_a_stream_that_lost_its_end_gets_it_again(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = await published(database, bus, clock, 3)
        bus.lost = 2
        outbox.doubt()
        await outbox.drain()
        assert numbers(bus) == [0, 1, 2, 1, 2]


async def test_a_stream_that_is_not_there_is_waited_for(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        add(database, outbox, Noted(number=1))
        bus.missing = True
        async with running(outbox), asyncio.timeout(20):
            await clock.advance(5)
            assert bus.published == []
            bus.missing = False
            while not bus.published:
                await clock.advance(5)


async def test_the_same_fact_is_told_once(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus = RecordingBus()
    named = MessageId("the fact")
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        for _ in range(2):
            with database.transaction() as transaction:
                outbox.add(transaction, Noted(number=1), named=named)
        await outbox.drain()
    assert numbers(bus) == [1]
    assert bus.envelopes[0].id == named


async def test_an_event_keeps_what_it_came_of_over_a_restart(open_database: OpenDatabase, clock: FakeClock) -> None:
    bus, begun_by, handled = RecordingBus(), Envelope(), Envelope(correlation_id=MessageId("the request"))
    with open_database() as database:
        outbox = outbox_on(database, bus, clock)
        with caused_by(begun_by):
            add(database, outbox, Noted(number=1))
        with caused_by(handled):
            add(database, outbox, Noted(number=2))
            with continuing("another"):
                add(database, outbox, Noted(number=3))
            with caused_by(None):
                add(database, outbox, Noted(number=4))
    with open_database() as database:
        await outbox_on(database, bus, clock).drain()
    assert [(one.caused_by, one.correlation_id) for one in bus.envelopes] == [
        (begun_by.id, begun_by.id),
        (handled.id, "the request"),
        (handled.id, "another"),
        (None, None),
    ]
    assert {one.sent_at for one in bus.envelopes} == {clock.now()}


async def test_what_an_older_version_left_has_its_envelope_beside_it_and_its_content_alone(
    open_database: OpenDatabase, clock: FakeClock
) -> None:
    bus, handled = RecordingBus(), Envelope(correlation_id=MessageId("the request"))
    with open_database() as database:
        with caused_by(handled), database.transaction() as transaction:
            outbox_on(database, bus, clock).add(transaction, Noted(number=1), named=MessageId("the fact"))
        path = database.path
    age(path)
    with open_database() as database:
        assert database.rows("SELECT payload FROM outbox", (), str) == ['{"number":1}']
        await outbox_on(database, bus, clock).drain()
    assert bus.published == [Noted(number=1)]
    assert bus.envelopes == [
        Envelope(
            id=MessageId("the fact"), sent_at=clock.now(), caused_by=handled.id, correlation_id=handled.correlation_id
        )
    ]
