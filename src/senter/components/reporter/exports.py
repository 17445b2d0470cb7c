"""Keeps progress/daily and progress/session in step with the database.

A file that cannot be written is tried again until it can; meanwhile nothing is lost, the database has it all.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import structlog

from senter.clock import Clock
from senter.component.threads import in_thread
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities
from senter.components.reporter.happened import plural
from senter.components.reporter.visits import SHOWN
from senter.errors import StorageFull
from senter.files import make_private_file, sync_folder
from senter.messages.reports import Activity
from senter.paths import Paths
from senter.store.database import Database
from senter.store.stamps import file_stamp, from_stamp, stamp

Write = Callable[[str], Awaitable[object]]
SETTLE_SECONDS = 5.0
# A day's file is written anew each time: one that takes long is written less often.
REST_FACTOR = 20.0
LONGEST_REST_SECONDS = 600.0
RETRY_SECONDS = 30.0
PAGE = 250
WRITTEN = "written_id"


@dataclass(frozen=True, slots=True)
class _Session:
    visit_id: int
    until: str
    until_id: int
    after_id: int
    since: str | None


class Exports:
    """Writes what changed, soon after it changed."""

    def __init__(
        self, database: Database, activities: Activities, paths: Paths, clock: Clock, log: structlog.stdlib.BoundLogger
    ) -> None:
        self._database = database
        self._activities = activities
        self._folder = paths.data / "progress"
        self._clock = clock
        self._log = log
        self._changed = asyncio.Event()
        self.problem = ""
        """Why files are older than what is known; empty while they are not."""
        database.on_commit(self._changed.set)

    async def run(self) -> None:
        while True:
            self._changed.clear()
            begun = self._clock.monotonic()
            try:
                await self._write_all()
            except (OSError, StorageFull) as error:
                await self._put_off(error)
                continue
            self.problem = ""
            took = self._clock.monotonic() - begun
            await self._changed.wait()
            await self._clock.sleep(min(max(SETTLE_SECONDS, REST_FACTOR * took), LONGEST_REST_SECONDS))

    def forget_older(self, oldest: datetime) -> None:
        """Remove the files of days and sessions before `oldest`. Others in these folders are left alone."""
        for folder, first_kept in (("daily", oldest.date().isoformat()), ("session", file_stamp(oldest))):
            for path in (self._folder / folder).glob("[0-9]*.json"):
                if len(path.stem) == len(first_kept) and path.stem < first_kept:
                    path.unlink(missing_ok=True)

    async def _put_off(self, error: OSError | StorageFull) -> None:
        reason = error.message if isinstance(error, StorageFull) else str(error.strerror or error)
        if not self.problem:
            self._log.warning("report_not_written", folder=str(self._folder), reason=reason)
        self.problem = f"{self._folder} cannot be written: {reason}. It is tried again."
        await self._clock.sleep(RETRY_SECONDS)

    async def _write_all(self) -> None:
        written_id = self._database.row(queries.SAID, (WRITTEN,), int) or 0
        newest_id = self._activities.newest_id()
        if newest_id > written_id:
            for day in self._activities.days_between(written_id, newest_id):
                await self._write_day(day)
            with self._database.transaction(durable=False) as tx:
                tx.execute(queries.SAY, (WRITTEN, str(newest_id)))
        for session in self._database.rows(queries.VISITS_TO_WRITE, (), _Session):
            await self._write_session(session)
            with self._database.transaction(durable=False) as tx:
                tx.execute(queries.VISIT_WRITTEN, (session.visit_id,))

    async def _write_day(self, day: date) -> None:
        page = self._activities.page_of_day(day, None, PAGE)
        async with whole_file(self._folder / "daily" / f"{day.isoformat()}.json") as write:
            await write(f'{{"date": {json.dumps(day.isoformat())}, "activities": [')
            parted_by = "\n"
            while page:
                await write(parted_by + await asyncio.to_thread(_as_json, page))
                page, parted_by = self._activities.page_of_day(day, page[-1], PAGE), ",\n"
            await write(f'\n], "saved_at": {json.dumps(stamp(self._clock.now()))}}}\n')

    async def _write_session(self, session: _Session) -> None:
        count = self._activities.count_between(session.after_id, session.until_id)
        shown = self._activities.last_between(session.after_id, session.until_id, SHOWN)
        summary = f"{plural(count, 'activity', 'activities')} while you were away"
        value = {
            "since": session.since,
            "until": session.until,
            "activity_count": count,
            "summary": summary,
            "activities": [_plain(one) for one in reversed(shown)],
            "saved_at": stamp(self._clock.now()),
        }
        async with whole_file(self._folder / "session" / f"{file_stamp(from_stamp(session.until))}.json") as write:
            await write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _plain(one: Activity) -> dict[str, object]:
    return {
        "time": stamp(one.at),
        "type": one.type,
        "summary": one.summary,
        "details": one.details,
        "importance": one.importance,
    }


def _as_json(page: list[Activity]) -> str:
    return ",\n".join(json.dumps(_plain(one), ensure_ascii=False) for one in page)


@asynccontextmanager
async def whole_file(path: Path) -> AsyncGenerator[Write]:
    """Takes a text piece by piece, so that it need not fit in memory; all or nothing. Raises `OSError`."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private_file(beside)
        with beside.open("w", encoding="utf-8") as file:
            yield lambda piece: in_thread(file.write, piece)
            await in_thread(_make_durable, file)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    await in_thread(sync_folder, path.parent)


def _make_durable(file: TextIO) -> None:
    file.flush()
    os.fsync(file.fileno())
