"""The things of `own_home.py` where they belong: indexed by the documents component, kept by an engine and a scheduler
that are scripted, said to an assistant; and what looks them up."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.runner import manifest_of
from senter.component.testing import run_component
from senter.components.assistant.conversations import ConversationStore, NewTurn
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.mine.sources import Sources
from senter.components.assistant.mine.talk import EarlierTalk
from senter.components.assistant.own_things import FoundThings, OwnThingsRanked
from senter.components.assistant.spec import SPEC as ASSISTANT
from senter.components.documents.spec import SPEC as DOCUMENTS
from senter.components.task_engine.work.written import search_written
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.documents import AddFolder, ListFolders
from senter.messages.goals import GoalsReply, ListGoals
from senter.messages.message import ComponentName
from senter.messages.query import QueryId
from senter.messages.schedule import JobsReply, ListJobs
from senter.messages.written import SearchWritten, WrittenReply
from senter.paths import Paths
from senter.store.database import Database
from senter.understanding.reading import understand
from tests.support import own_home
from tests.support.own_home import NOW, ZONE
from tests.support.scripted import Scripted

ENGINE = Manifest(receives=(ListEvents, ListGoals, SearchWritten))
SCHEDULER = Manifest(receives=(ListJobs,))
PERSON = Manifest(sends=(AddFolder, ListFolders))


class OwnRoom:
    """Asks as the assistant does."""

    def __init__(self, things: OwnThingsRanked, papers: Path, engine: Scripted) -> None:
        self._things = things
        self.papers = papers
        self.engine = engine

    async def find(self, question: str, near: frozenset[str] = frozenset()) -> FoundThings:
        """`near` are the addresses of what was spoken of just before."""
        read = understand(question, NOW, ZONE).acts
        return await self._things.find(question, read[0], NOW, ZONE, near)

    async def timed(self, question: str) -> tuple[FoundThings, float]:
        """Also how many seconds it took."""
        begun = time.perf_counter()
        found = await self.find(question)
        return found, time.perf_counter() - begun


@asynccontextmanager
async def own_room(home: Path) -> AsyncGenerator[OwnRoom]:
    """What looks things up, with all of them."""
    broker, paths = MemoryBroker(), Paths(home / "senter")
    async with own_things_around(broker, home) as engine, looking_up(broker, paths, own_home.SAID) as things:
        yield OwnRoom(things, home / "papers", engine)


@asynccontextmanager
async def looking_up(
    broker: MemoryBroker, paths: Paths, said: Sequence[tuple[str, str]] = ()
) -> AsyncGenerator[OwnThingsRanked]:
    """What an assistant looks things up with, after this was said."""
    bus = broker.bus(ComponentName("assistant"), manifest_of(ASSISTANT))
    inventory = Inventory(bus, SystemClock())
    with conversations(paths.data / "said.db", said) as database:
        yield OwnThingsRanked(Sources(bus, inventory, EarlierTalk(database)))
    await inventory.close()
    await bus.close()


@asynccontextmanager
async def own_things_around(broker: MemoryBroker, home: Path) -> AsyncGenerator[Scripted]:
    """All of them, indexed, without an assistant; the scripted engine."""
    papers, paths = home / "papers", Paths(home / "senter")
    own_home.write_papers(papers)
    own_home.write_data(paths.data)
    async with run_component(DOCUMENTS, paths.home, broker=broker):
        engine, scheduler = _engine(broker, paths), _scheduler(broker)
        await engine.start()
        await scheduler.start()
        await index(broker, papers)
        yield engine


async def index(broker: MemoryBroker, papers: Path) -> None:
    """Have a folder indexed, and wait for it."""
    person = broker.bus(ComponentName("person"), PERSON)
    await person.request(AddFolder(path=str(papers)), timeout_seconds=5)
    while (folder := (await person.request(ListFolders(), timeout_seconds=5)).folders[0]).busy or not folder.indexed_at:
        pass
    await person.close()


def _engine(broker: MemoryBroker, paths: Paths) -> Scripted:
    async def events(command: ListEvents) -> EventsReply:
        inside = (event for event in own_home.events() if _is_between(event.start, command))
        return EventsReply(events=tuple(inside), calendars=("home",))

    async def goals(command: ListGoals) -> GoalsReply:
        kept = tuple(goal for goal in own_home.goals() if command.all or not goal.finished_at)
        return GoalsReply(goals=kept, total=len(kept))

    async def written(command: SearchWritten) -> WrittenReply:
        return WrittenReply(texts=tuple(search_written(paths, command.words, command.limit)))

    bus = broker.bus(ComponentName("task_engine"), ENGINE)
    return Scripted(bus, {ListEvents: events, ListGoals: goals, SearchWritten: written})


def _scheduler(broker: MemoryBroker) -> Scripted:
    bus = broker.bus(ComponentName("scheduler"), SCHEDULER)
    return Scripted(bus, {ListJobs: JobsReply(jobs=own_home.jobs(), total=1, zone=ZONE.key)})


def _is_between(start: str, command: ListEvents) -> bool:
    assert command.start
    assert command.end
    return command.start <= datetime.fromisoformat(start) < command.end


def conversations(path: Path, said: Sequence[tuple[str, str]] = own_home.SAID) -> Database:
    """The assistant's database, with what was said before."""
    clock = SystemClock()
    log = structlog.stdlib.get_logger()
    database = Database.open(
        path, migrations="senter.components.assistant", snapshots=path.parent / "snapshots", clock=clock, log=log
    )
    store = ConversationStore(database, clock)
    for number, (at, text) in enumerate(said):
        store.begin_turn(NewTurn(QueryId(f"said{number}"), text))
        with database.transaction() as transaction:
            transaction.execute("UPDATE turns SET state = 'answered', asked_at = ? WHERE text = ?", (at, text))
    return database
