"""A home as a version before left it when all of it was killed: the envelope of each event stood within its content.

Its databases are made with what is there now, and aged; goals of the task engine wait for a person. What was on the bus
is published as it was published then.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import structlog

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.bus.server import SUPERVISOR
from senter.clock import SystemClock
from senter.component.runner import manifest_of
from senter.component.testing import run_component
from senter.components.reporter.spec import SPEC as REPORTER
from senter.components.specs import SPECS
from senter.components.task_engine.spec import SPEC as TASK_ENGINE
from senter.messages.activity import ActivityLogged
from senter.messages.approvals import ListApprovals
from senter.messages.documents import FoldersReply, ListFolders
from senter.messages.envelope import Envelope
from senter.messages.goals import CreateGoal
from senter.messages.message import ComponentName, Event
from senter.paths import Paths
from senter.store.database import Database
from senter.store.outbox import ADD
from senter.store.stamps import stamp
from tests.support.nats_server import TestServer
from tests.support.scripted_worker import ScriptedWorker

CLIENT = Manifest(sends=(CreateGoal, ListApprovals))
FOLDERS = Manifest(receives=(ListFolders,))
PUBLISHED_AT_ONCE = 100

Sent = tuple[Event, Envelope]

OUTBOX = "SELECT event_id, payload, added_at, caused_by, correlation_id FROM outbox"
AGE = """
ALTER TABLE outbox DROP COLUMN caused_by;
ALTER TABLE outbox DROP COLUMN correlation_id;
DELETE FROM schema_migrations WHERE owner = 'senter.store' AND version >= 3;
"""
GIVEN_UP = """
INSERT INTO inbox_attempts (event_id, wire_name, attempts, given_up, last_error, attempted_at)
VALUES (?, ?, 5, 1, 'no', ?)
"""


def noted(what: str, envelope: Envelope) -> Sent:
    """An activity that leaves its words on record."""
    return ActivityLogged(kind="note", summary=what, importance="low"), envelope


def older_body(event: Event, envelope: Envelope) -> str:
    """An event as it stood in the stream, in dead letters and in the outbox."""
    return _within(json.loads(event.model_dump_json()), envelope)


def age(path: Path) -> None:
    """Turn a closed database into one of then."""
    with closing(sqlite3.connect(path)) as file:
        for event_id, payload, sent_at, cause, correlation in file.execute(OUTBOX).fetchall():
            envelope = Envelope(id=event_id, sent_at=sent_at, caused_by=cause, correlation_id=correlation)
            body = _within(json.loads(payload), envelope)
            file.execute("UPDATE outbox SET payload = ? WHERE event_id = ?", (body, event_id))
        file.commit()
        file.executescript(AGE)


async def leave_goals(home: Path, texts: Sequence[str]) -> None:
    """Goals of which each waits for a person to allow what it does."""
    broker = MemoryBroker()
    person = broker.bus(ComponentName("api"), CLIENT)
    documents, model = broker.bus(ComponentName("documents"), FOLDERS), ScriptedWorker(broker, "model_research")

    async def no_folders(_: ListFolders) -> FoldersReply:
        return FoldersReply(folders=())

    async def waiting() -> int:
        return len((await person.request(ListApprovals(), timeout_seconds=30)).approvals)

    await documents.serve(ListFolders, no_folders)
    await model.open()
    async with run_component(TASK_ENGINE, home, broker=broker):
        for number, text in enumerate(texts, 1):
            await person.request(CreateGoal(request_id=f"goal-{number}", text=text), timeout_seconds=30)
        while await waiting() < len(texts):
            await asyncio.sleep(0.01)


def leave_unpublished(paths: Paths, sent: Iterable[Sent]) -> None:
    """Events in the task engine's outbox, in the form of then."""
    with closing(sqlite3.connect(paths.database("tasks"))) as file, file:
        for event, envelope in sent:
            kept = (envelope.id, event.wire_name, event.model_dump_json(), stamp(envelope.sent_at))
            file.execute(ADD, (*kept, envelope.caused_by, envelope.correlation_id))
    age(paths.database("tasks"))


def leave_given_up(paths: Paths, sent: Iterable[Sent]) -> None:
    """What the reporter tried and gave up."""
    clock = SystemClock()
    with (
        Database.open(
            paths.database("activity"),
            migrations=REPORTER.package,
            snapshots=paths.snapshots,
            clock=clock,
            log=structlog.stdlib.get_logger(),
        ) as database,
        database.transaction() as transaction,
    ):
        for event, envelope in sent:
            transaction.execute(GIVEN_UP, (envelope.id, event.wire_name, stamp(clock.now())))
    age(paths.database("activity"))


async def leave_on_the_bus(folder: Path, paths: Paths, waiting: Iterable[Sent], given_up: Iterable[Sent]) -> None:
    """Events that no consumer has taken in, and dead letters of the reporter; `folder` is for the server."""
    server = TestServer(folder, {ComponentName(spec.name): manifest_of(spec) for spec in SPECS})
    await server.start()
    try:
        await server.prepare()
        events = [(subjects.of_event(type(event)), *_in_stream(event, envelope)) for event, envelope in waiting]
        letters = [(subjects.dead(ComponentName("reporter")), *_as_letter(*sent)) for sent in given_up]
        await _publish(server, events)
        await _publish(server, letters)
    finally:
        server.kill()
    shutil.move(server.store, paths.jetstream)


def _in_stream(event: Event, envelope: Envelope) -> tuple[str, Mapping[str, str]]:
    return older_body(event, envelope), {"Nats-Msg-Id": envelope.id}


def _as_letter(event: Event, envelope: Envelope) -> tuple[str, Mapping[str, str]]:
    headers = {"Senter-Wire-Name": event.wire_name, "Senter-Event-Id": envelope.id}
    return older_body(event, envelope), {**headers, "Senter-Error": "no", "Senter-Attempts": "5"}


async def _publish(server: TestServer, parcels: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    async with server.bus(SUPERVISOR) as bus:
        for begin in range(0, len(parcels), PUBLISHED_AT_ONCE):
            some = parcels[begin : begin + PUBLISHED_AT_ONCE]
            asked = (
                bus.asking.ask_server(Parcel(subject, body.encode(), headers), timeout_seconds=30)
                for subject, body, headers in some
            )
            answers = await asyncio.gather(*asked)
            assert all(b'"error"' not in answer.payload for answer in answers)


def _within(content: Mapping[str, object], envelope: Envelope) -> str:
    return json.dumps({**envelope.as_json(), **content})
