"""The papers of a household, indexed by the documents component; and what looks them up, with nothing else around."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.documents.spec import SPEC as DOCUMENTS
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.goals import GoalsReply, ListGoals
from senter.messages.message import ComponentName
from senter.messages.schedule import JobsReply, ListJobs
from senter.messages.written import SearchWritten, WrittenReply
from senter.paths import Paths
from tests.support.household import write_papers
from tests.support.own_home import ZONE
from tests.support.own_room import ENGINE, SCHEDULER, OwnRoom, index, looking_up
from tests.support.scripted import Scripted

NO_EVENTS = EventsReply(events=(), calendars=())
NO_GOALS = GoalsReply(goals=(), total=0)
NOTHING_WRITTEN = WrittenReply(texts=())
NO_JOBS = JobsReply(jobs=(), total=0, zone=ZONE.key)


@asynccontextmanager
async def papers_room(home: Path) -> AsyncGenerator[OwnRoom]:
    """All papers, and nothing in calendar, goals, notes or earlier talk."""
    papers = home / "papers"
    write_papers(papers)
    async with room_over(home, papers) as room:
        yield room


@asynccontextmanager
async def room_over(home: Path, papers: Path) -> AsyncGenerator[OwnRoom]:
    """Over whatever stands in a folder."""
    broker, paths = MemoryBroker(), Paths(home / "senter")
    async with nothing_but_papers(broker, paths.home, papers) as engine, looking_up(broker, paths) as things:
        yield OwnRoom(things, papers, engine)


@asynccontextmanager
async def nothing_but_papers(broker: MemoryBroker, home: Path, papers: Path) -> AsyncGenerator[Scripted]:
    """A folder that is indexed, and an engine and a scheduler that have nothing; the engine."""
    async with run_component(DOCUMENTS, home, broker=broker):
        engine = Scripted(
            broker.bus(ComponentName("task_engine"), ENGINE),
            {ListEvents: NO_EVENTS, ListGoals: NO_GOALS, SearchWritten: NOTHING_WRITTEN},
        )
        scheduler = Scripted(broker.bus(ComponentName("scheduler"), SCHEDULER), {ListJobs: NO_JOBS})
        await engine.start()
        await scheduler.start()
        await index(broker, papers)
        yield engine
