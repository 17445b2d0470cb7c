"""The event stream is gone or damaged under a running server, or found so: it is made anew, and nothing is missing."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog
from pydantic import Field
from structlog.testing import capture_logs

from senter.bus import jetstream, subjects
from senter.bus.connection import NatsBus
from senter.bus.link import Parcel
from senter.bus.manifest import Manifest
from senter.bus.server import SUPERVISOR
from senter.bus.streams import prepare_streams
from senter.clock import SystemClock
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.health import HealthStatus
from senter.messages.message import ComponentName, Event
from senter.store.database import Database
from senter.store.outbox import Outbox
from senter.supervisor.event_stream import WHERE_STREAMS_LIE, StreamWatch
from tests.support.nats_server import TestServer

pytestmark = pytest.mark.process

MAKER = ComponentName("maker")
TAKER = ComponentName("taker")
EVENTS = 40
MIGRATION = "CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT;\n"


class Noted(Event):
    wire_name = "noted"
    number: int = Field(description="Which one.")


MANIFESTS = {MAKER: Manifest(sends=(Noted,)), TAKER: Manifest(receives=(Noted,))}


class World:
    """A server, the supervisor's eye on its stream, and an owner with an outbox."""

    def __init__(self, server: TestServer, supervisor: NatsBus, maker: NatsBus, database: Database) -> None:
        self.server = server
        self.supervisor = supervisor
        self.outbox = self._outbox(maker, database)
        maker.on_stream_doubt(self.outbox.doubt)
        self.database = database
        self.stream = StreamWatch(supervisor, server.store, self._prepare, structlog.stdlib.get_logger())

    @property
    def folder(self) -> Path:
        return self.server.store / WHERE_STREAMS_LIE / subjects.EVENTS

    async def publish(self, numbers: range) -> None:
        with self.database.transaction() as transaction:
            for number in numbers:
                self.outbox.add(transaction, Noted(number=number))
        await self.outbox.drain()

    async def taken(self, wanted: range) -> bool:
        """Whether a consumer that comes now gets all of these."""
        left, enough = set(wanted), asyncio.Event()

        async def take(event: Event, _: bool) -> Consumed:
            assert isinstance(event, Noted)
            left.discard(event.number)
            if not left:
                enough.set()
            return Consumed(ConsumerOutcome.DONE)

        async with self.server.bus(TAKER) as taker, asyncio.timeout(20):
            await taker.consume((Noted,), take)
            await enough.wait()
        return True

    async def restart(self, damage: Callable[[], None]) -> None:
        self.server.kill()
        damage()
        await self.server.start()
        async with asyncio.timeout(20):
            await self.supervisor.link.up()

    def _outbox(self, maker: NatsBus, database: Database) -> Outbox:
        log = structlog.stdlib.get_logger()
        return Outbox(database, maker.publish, maker.event_stream, (Noted,), SystemClock(), log)

    async def _prepare(self) -> int:
        await prepare_streams(self.supervisor, self.server.settings, MANIFESTS)
        return 1


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "packages" / "event_stream_test_owner"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "0001_notes.sql").write_text(MIGRATION)
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    return folder.name


@pytest.fixture
async def world(tmp_path: Path, owner: str) -> AsyncGenerator[World]:
    server = TestServer(tmp_path, MANIFESTS)
    await server.start()
    log, clock = structlog.stdlib.get_logger(), SystemClock()
    try:
        async with server.bus(SUPERVISOR) as supervisor, server.bus(MAKER) as maker:
            with Database.open(
                tmp_path / "notes.db", migrations=owner, snapshots=tmp_path / "snapshots", clock=clock, log=log
            ) as database:
                world = World(server, supervisor, maker, database)
                await world.stream.prepare()
                await world.stream.look()
                yield world
    finally:
        server.kill()


async def delete(world: World) -> None:
    await jetstream.delete(world.supervisor.asking, subjects.EVENTS)


async def delete_and_put_another_there(world: World) -> None:
    await delete(world)
    await prepare_streams(world.supervisor, world.server.settings, MANIFESTS)


async def delete_a_place(world: World) -> None:
    subject = f"$JS.API.CONSUMER.DELETE.{subjects.EVENTS}.{TAKER}"
    await world.supervisor.asking.ask_server(Parcel(subject, b""), timeout_seconds=5)


async def remove_the_folder(world: World) -> None:
    shutil.rmtree(world.folder)


async def cut(world: World) -> None:
    cut_files(world)


async def cut_and_written_on(world: World) -> None:
    """As long as before, with a hole in it."""
    for block in (world.folder / "msgs").glob("*.blk"):
        os.truncate(block, 0)
    await world.publish(range(EVENTS, EVENTS + 1))


async def found_gone(world: World) -> None:
    await world.restart(lambda: shutil.rmtree(world.folder))


async def found_without_anything(world: World) -> None:
    await world.restart(lambda: shutil.rmtree(world.server.store))


async def found_cut(world: World) -> None:
    await world.restart(lambda: cut_files(world))


async def found_unreadable(world: World) -> None:
    await world.restart(lambda: scribble(world.folder / "meta.inf"))


async def found_flipped(world: World) -> None:
    (block,) = (world.folder / "msgs").glob("*.blk")
    await world.restart(lambda: scribble(block))


def cut_files(world: World) -> None:
    for block in (world.folder / "msgs").glob("*.blk"):
        os.truncate(block, block.stat().st_size // 2)


def scribble(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(b"\xa5" * 64)


DAMAGES: list[Callable[[World], Awaitable[None]]] = [
    delete,
    delete_and_put_another_there,
    delete_a_place,
    remove_the_folder,
    cut,
    cut_and_written_on,
    found_gone,
    found_without_anything,
    found_cut,
    found_unreadable,
    found_flipped,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_a_lost_stream_is_made_anew_and_filled_again(
    world: World, damage: Callable[[World], Awaitable[None]]
) -> None:
    await world.publish(range(EVENTS))
    await world.stream.look()
    assert world.stream.health().status is HealthStatus.HEALTHY
    await damage(world)
    with capture_logs() as logs:
        await world.stream.look()
    assert "event_stream_lost" in [line["event"] for line in logs]
    assert "made anew" in world.stream.health().detail
    async with filling(world):
        assert await world.taken(range(EVENTS))
    with capture_logs() as logs:
        await world.stream.look()
        await world.publish(range(100, 101))
        assert await world.taken(range(100, 101))
        await world.stream.look()
    assert logs == []


async def test_an_end_found_cut_at_the_daemons_start_is_no_hole_that_consumers_wait_in(world: World) -> None:
    await world.publish(range(EVENTS))
    assert await world.taken(range(EVENTS))
    await world.publish(range(EVENTS, 2 * EVENTS))
    (block,) = (world.folder / "msgs").glob("*.blk")
    await world.restart(lambda: os.truncate(block, 100))
    await world.stream.prepare()
    world.outbox.doubt()
    await world.outbox.drain()
    assert await world.taken(range(EVENTS, 2 * EVENTS))


@asynccontextmanager
async def filling(world: World) -> AsyncGenerator[None]:
    """The owner at work."""
    running = asyncio.create_task(world.outbox.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def test_a_stream_at_work_is_never_taken_for_damaged(world: World) -> None:
    async def work() -> None:
        for begin in range(0, 600, 20):
            await world.publish(range(begin, begin + 20))

    taking, working = asyncio.create_task(world.taken(range(600))), asyncio.create_task(work())
    with capture_logs() as logs:
        while not taking.done():
            await world.stream.look()
    await working
    assert await taking
    assert [line for line in logs if line["event"].startswith("event_stream")] == []
