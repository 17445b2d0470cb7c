"""A component's database together with the durable events it sends and takes in.

Opened in a component's `open`, and awaited in its `run`, so that a failure here ends the component.
What happens inside the file is senter.store's business, how events travel is senter.bus's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog

from senter.clock import Clock
from senter.component.component import Context
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.component.threads import in_thread
from senter.errors import CorruptDatabase, NotReady, StorageFull
from senter.messages.consumed import Consumed
from senter.messages.envelope import current
from senter.messages.health import Health, HealthStatus
from senter.messages.message import Event, MessageId
from senter.paths import Paths
from senter.store.database import Database, Transaction
from senter.store.fallen_back import has_fallen_back, taken_note_of, was_mended
from senter.store.inbox import Effect, Inbox
from senter.store.numbers import Numbers
from senter.store.outbox import Outbox

SettingsT = TypeVar("SettingsT", bound=ComponentSettings)
EventT = TypeVar("EventT", bound=Event)

HOUSEKEEPING_SECONDS = 3_600.0
# Longer than the stream keeps events and dead letters, so that no replay is taken for a new event.
PROCESSED_KEPT = timedelta(days=120)
ATTEMPTS_BEFORE_DEAD_LETTER = 5


class Announce(Protocol):
    """Publishes an event if and when the transaction is committed; once only where a fact names it."""

    def __call__(self, transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None: ...


class EventLog:
    """The owner's file, what it still has to tell the bus, and what it has learned from it."""

    def __init__(self, database: Database, outbox: Outbox, inbox: Inbox, context: Context[SettingsT]) -> None:
        self.database = database
        self.fell_back = has_fallen_back(database)
        """Whether an older file took the place of this one: what its owner knew since then, others may still know."""
        self.mended = was_mended(database)
        """Whether the store knows of it and has said so: nobody else put an older file there."""
        self._outbox = outbox
        self._inbox = inbox
        self._bus = context.bus
        self._clock = context.clock
        self._log = context.log
        self._effects: dict[type[Event], Effect] = {}
        self._chores: list[Callable[[], Awaitable[None]]] = []
        self._damage: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        database.on_damage(self._fail)

    @staticmethod
    def open(context: Context[SettingsT], spec: ComponentSpec, stack: AsyncExitStack) -> EventLog:
        """Open the database that `spec` names, for the events that `spec` sends.

        Raises `NotReady` while the disk is full.
        """
        clock, log = context.clock, context.log
        with waiting_for_space():
            database = stack.enter_context(open_database(spec, context.paths, clock, log))
            numbers = Numbers(database, log)
            if has_fallen_back(database):
                numbers.go_on_behind()
        numbers.keep_ahead()
        sends = [message for message in spec.sends if issubclass(message, Event)]
        outbox = Outbox(database, context.bus.publish, context.bus.event_stream, sends, clock, log)
        context.bus.on_stream_doubt(outbox.doubt)
        limit = ATTEMPTS_BEFORE_DEAD_LETTER
        inbox = Inbox(database, attempts_limit=limit, keep=PROCESSED_KEPT, clock=clock, log=log)
        return EventLog(database, outbox, inbox, context)

    def add(self, transaction: Transaction, event: Event, *, named: MessageId | None = None) -> None:
        """Publish `event` if and when `transaction` is committed; once only where a fact names it."""
        self._outbox.add(transaction, event, named=named)

    def on(self, event: type[EventT], effect: Callable[[Transaction, EventT], None]) -> None:
        """Have each `event` carry out `effect` exactly once. Say all of them, then `consume`."""

        def checked(transaction: Transaction, received: Event) -> None:
            if isinstance(received, event):
                effect(transaction, received)

        self._effects[event] = checked

    async def consume(self, stack: AsyncExitStack) -> None:
        """Begin to take in the events named by `on`."""
        subscription = await self._bus.consume(tuple(self._effects), self._take)
        stack.push_async_callback(subscription.close)

    def on_stream_remade(self, effect: Callable[[Transaction], None]) -> None:
        """Have `effect` carried out once for each event stream that takes the place of a lost one."""
        self._outbox.on_remade(effect)

    def each_hour(self, chore: Callable[[], Awaitable[None]]) -> None:
        """Have `run` do `chore` when it begins and every hour after."""
        self._chores.append(chore)

    async def run(self, *beside: Callable[[], Coroutine[None, None, None]]) -> None:
        """Publish and keep house for ever, and do the component's own work beside it. What follows from a fall-back is
        done by now.

        Raises when the file turns out to be damaged.
        """
        if self.fell_back:
            with waiting_for_space(), self.database.transaction() as transaction:
                taken_note_of(transaction)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._outbox.run())
            group.create_task(self._keep_house())
            group.create_task(self._watch_damage())
            group.create_task(in_thread(self.database.check))
            for work in beside:
                group.create_task(work())

    def health(self, problem: str = "", **facts: str | int | float | bool | None) -> Health:
        """Of a component with that problem, if it has one; that the file was mended comes first."""
        detail = self.database.recovered or problem
        status = HealthStatus.DEGRADED if detail else HealthStatus.HEALTHY
        return Health(status=status, detail=detail, facts={**facts, "events_waiting": self._outbox.waiting()})

    async def _take(self, event: Event, replayed: bool) -> Consumed:
        return self._inbox.take(current().id, event, self._effects[type(event)], replayed=replayed)

    async def _keep_house(self) -> None:
        while True:
            try:
                self._inbox.prune()
                self._outbox.doubt()
                for chore in self._chores:
                    await chore()
                await in_thread(self.database.snapshot_if_due)
                await self._clock.sleep(HOUSEKEEPING_SECONDS)
            except StorageFull as error:
                self._log.warning("housekeeping_put_off", reason=error.message)
                await self._clock.sleep(HOUSEKEEPING_SECONDS)

    async def _watch_damage(self) -> None:
        await self._damage

    def _fail(self, error: CorruptDatabase) -> None:
        if not self._damage.done():
            self._damage.set_exception(error)


@contextmanager
def waiting_for_space() -> Generator[None]:
    """Turn a full disk into `NotReady`: the component is tried again until there is space."""
    try:
        yield
    except StorageFull as error:
        raise NotReady(error.message, error.hint) from error


def open_database(spec: ComponentSpec, paths: Paths, clock: Clock, log: structlog.stdlib.BoundLogger) -> Database:
    """The database that `spec` names, migrated. Raises `StoreError`."""
    return Database.open(
        paths.database(spec.database), migrations=spec.package, snapshots=paths.snapshots, clock=clock, log=log
    )
