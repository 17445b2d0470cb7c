from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import structlog

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Context
from senter.component.events import EventLog, waiting_for_space
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.component.testing import FakeClock
from senter.errors import CorruptDatabase, NotReady, StorageFull
from senter.messages.envelope import current
from senter.messages.message import ComponentName, Event, MessageId
from senter.paths import Paths
from senter.store.database import Transaction

OWNER = "event_log_test_owner"
INSERT = "INSERT INTO notes (text) VALUES (?)"


class Noted(Event):
    wire_name = "noted"


def spec(name: str) -> ComponentSpec:
    return ComponentSpec(
        name=name, summary="", entry=f"{OWNER}.component:None", handlers={Noted: "note"}, sends=(Noted,), database=name
    )


@pytest.fixture(autouse=True)
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "packages" / OWNER
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "0001_notes.sql").write_text("CREATE TABLE notes (text TEXT NOT NULL) STRICT;\n")
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    yield
    sys.modules.pop(OWNER, None)


def context(home: Path, name: str, bus: Bus, clock: FakeClock) -> Context[ComponentSettings]:
    paths = Paths(home)
    paths.make_folders()
    log = structlog.stdlib.get_logger()
    return Context(ComponentName(name), ComponentSettings(), bus, paths, clock, log)


@asynccontextmanager
async def event_log(home: Path, broker: MemoryBroker, name: str) -> AsyncGenerator[tuple[EventLog, AsyncExitStack]]:
    mine = spec(name)
    bus = broker.bus(ComponentName(name), Manifest(receives=mine.receives, sends=mine.sends))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bus.close)
        yield EventLog.open(context(home, name, bus, FakeClock()), mine, stack), stack


def write(transaction: Transaction, event: Noted) -> None:
    transaction.execute(INSERT, (current().id,))


def notes(events: EventLog) -> list[str]:
    return events.database.rows("SELECT text FROM notes", (), str)


async def test_what_one_component_decides_another_learns_once(tmp_path: Path) -> None:
    broker = MemoryBroker()
    async with event_log(tmp_path, broker, "sender") as (sender, _), event_log(tmp_path, broker, "learner") as opened:
        learner, stack = opened
        learned = asyncio.Event()
        learner.database.on_commit(lambda: learned.set() if notes(learner) else None)
        learner.on(Noted, write)
        await learner.consume(stack)
        named = MessageId("the fact")
        with sender.database.transaction() as transaction:
            sender.add(transaction, Noted(), named=named)
        assert sender.health().facts == {"events_waiting": 1}
        told = asyncio.Event()
        sender.database.on_commit(lambda: None if sender.health().facts["events_waiting"] else told.set())
        running = asyncio.create_task(sender.run())
        async with asyncio.timeout(20):
            await learned.wait()
            await told.wait()
        running.cancel()
        await asyncio.wait({running})
        assert notes(learner) == [named]


async def test_damage_to_the_file_ends_the_component_that_runs_on_it(tmp_path: Path) -> None:
    async with event_log(tmp_path, MemoryBroker(), "sender") as (sender, _):
        with sender.database.transaction() as transaction:
            for _ in range(2_000):
                transaction.execute(INSERT, ("x" * 400,))
        path = sender.database.path
    async with event_log(tmp_path, MemoryBroker(), "sender") as (sender, _):
        running = asyncio.create_task(sender.run())
        with path.open("r+b") as file:
            file.seek(4096 * 20)
            file.write(b"\xa5" * 4096 * 100)
        with pytest.raises(CorruptDatabase):
            notes(sender)
        async with asyncio.timeout(20):
            with pytest.RaisesGroup(CorruptDatabase):
                await running


async def test_chores_are_done_when_it_begins_and_every_hour(tmp_path: Path) -> None:
    broker, clock = MemoryBroker(), FakeClock()
    bus = broker.bus(ComponentName("sender"), Manifest(sends=(Noted,)))
    done: list[float] = []

    async def chore() -> None:
        done.append(clock.monotonic())

    async with AsyncExitStack() as stack:
        events = EventLog.open(context(tmp_path, "sender", bus, clock), spec("sender"), stack)
        events.each_hour(chore)
        running = asyncio.create_task(events.run())
        async with asyncio.timeout(20):
            while len(done) < 3:
                await clock.advance(600)
        running.cancel()
        await asyncio.wait([running])
    assert done[0] == 0
    assert all(later - earlier >= 3_600 for earlier, later in pairwise(done))


def test_a_full_disk_makes_a_component_wait_for_space_instead_of_failing() -> None:
    with pytest.raises(NotReady, match="disk is full"), waiting_for_space():
        raise StorageFull("The disk is full.", "Free some space.")
