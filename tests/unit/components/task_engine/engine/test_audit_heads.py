"""A log that somebody shortened is found by looking at it alone: another owner noted how far it was."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC as REPORTER
from senter.components.task_engine.settings import TaskEngineSettings
from senter.messages.approvals import AuditReply, GetAudit
from senter.messages.audit_heads import GetNotedHeads, NotedHead
from senter.messages.goals import CreateGoal, GetGoal
from senter.messages.message import ComponentName
from senter.messages.reports import GetDigest
from senter.operations.proof.spec import SPEC
from senter.paths import Paths
from senter.store.header import PAGE_BYTES
from senter.store.recovery import SIDE_FILES
from tests.support.falling_back import take_snapshot, wreck
from tests.support.goals import plan, task

SOMEONE = Manifest(sends=(CreateGoal, GetGoal, GetAudit, GetNotedHeads, GetDigest))
SECONDS = 10.0
OPEN = "DROP TRIGGER IF EXISTS audit_is_not_shortened; DROP TRIGGER IF EXISTS audit_is_not_changed;"


class House:
    """A task engine and a reporter, ended and begun again on the same files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.paths = Paths(home)
        self.broker = MemoryBroker()
        self.goals = 0

    @asynccontextmanager
    async def open(self, *, reporter: bool = True) -> AsyncGenerator[None]:
        settings = TaskEngineSettings(first_wait_seconds=0)
        async with AsyncExitStack() as stack:
            self.bus = self.broker.bus(ComponentName("someone"), SOMEONE)
            stack.push_async_callback(self.bus.close)
            if reporter:
                await stack.enter_async_context(
                    run_component(REPORTER, self.home, settings=ReporterSettings(desktop=False), broker=self.broker)
                )
            self.engine = await stack.enter_async_context(
                run_component(SPEC, self.home, settings=settings, broker=self.broker)
            )
            yield
            await self.engine.finish(1.0)
            if reporter:
                await self.noted((await self.verify(0)).total)

    async def work(self) -> None:
        """One goal with one task."""
        self.goals += 1
        create = CreateGoal(request_id=f"{self.goals}", text=f"plan: {json.dumps(plan(task('pure')))}")
        goal = (await self.bus.request(create, timeout_seconds=SECONDS)).goal
        while goal.finished_at is None:
            goal = (await self.bus.request(GetGoal(goal_id=goal.id), timeout_seconds=SECONDS)).goal

    async def heads(self) -> tuple[NotedHead, ...]:
        return (await self.bus.request(GetNotedHeads(), timeout_seconds=SECONDS)).heads

    async def noted(self, number: int) -> None:
        """Wait until the reporter knows of an entry."""
        async with asyncio.timeout(SECONDS):
            while number and not any(head.number >= number for head in await self.heads()):
                await asyncio.sleep(0.01)

    async def verify(self, limit: int = 0) -> AuditReply:
        return await self.bus.request(GetAudit(verify=True, limit=limit), timeout_seconds=SECONDS)

    def spoil(self, sql: str) -> None:
        with closing(sqlite3.connect(self.paths.database("tasks"))) as connection:
            connection.executescript(OPEN + sql)

    def overwrite(self, page: str) -> None:
        """Leave nothing on the pages whose numbers this selects."""
        database = self.paths.database("tasks")
        with closing(sqlite3.connect(database)) as connection:
            numbers = [number for (number,) in connection.execute(page)]
        assert numbers
        with database.open("r+b") as file:
            for number in numbers:
                file.seek((number - 1) * PAGE_BYTES)
                file.write(b"\xa5" * PAGE_BYTES)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "home")


async def test_a_log_that_nobody_touched_is_whole(house: House) -> None:
    for _ in range(3):
        async with house.open():
            await house.work()
            found = await house.verify()
            assert (found.intact, found.missing, found.notes) == (True, (), ())
    async with house.open():
        found = await house.verify()
        (head,) = await house.heads()
        assert (head.number, head.digest) == (found.total, found.head)
        digest = await house.bus.request(GetDigest(length="long"), timeout_seconds=SECONDS)
        assert digest.audit_head == f"{found.total}:{found.head}"
        assert digest.summary.endswith(f"Audit log: {found.total}:{found.head}")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("DELETE FROM audit WHERE number > 5;", "at least 3 entries are missing at its end"),
        ("DELETE FROM audit;", "at least 8 entries are missing at its end"),
        ("DELETE FROM audit WHERE number > 5;", "finished calls of the journal have no entry"),
        ("DELETE FROM audit;", "2 goals of the journal have no entry"),
    ],
)
async def test_a_log_that_was_cut_is_short_by_so_many(house: House, spoil: str, words: str) -> None:
    async with house.open():
        await house.work()
        await house.work()
        total = (await house.verify()).total
    house.spoil(spoil.replace("5", str(total - 3)))
    async with house.open(reporter=False):
        pass
    async with house.open():
        found = await house.verify()
        assert found.intact
        assert any(words.replace("8", str(total)) in sentence for sentence in found.missing)


async def test_a_log_that_was_cut_and_went_on_is_not_what_was_noted(house: House) -> None:
    async with house.open():
        await house.work()
        total = (await house.verify()).total
    house.spoil(f"DELETE FROM audit WHERE number > {total - 2};")  # noqa: S608
    async with house.open():
        await house.work()
        assert (await house.verify()).missing
    async with house.open():  # later ones were noted meanwhile
        found = await house.verify()
        assert found.intact
        assert f"Entry {total} is not the one that was noted" in found.missing[0]


async def test_a_wal_that_was_removed_with_its_tally_shows(house: House) -> None:
    async with house.open():
        await house.work()
    database = house.paths.database("tasks")
    before = database.read_bytes()
    async with house.open():
        await house.work()
    database.write_bytes(before)  # what a file without its -wal is: an older one
    for beside in (*SIDE_FILES, ".tally"):  # the store knows by the tally, and says so itself
        database.with_name(database.name + beside).unlink(missing_ok=True)
    async with house.open():
        found = await house.verify()
        assert "entries are missing at its end" in found.missing[0]


async def test_a_fall_back_is_said_and_is_no_alarm(house: House) -> None:
    async with house.open():
        await house.work()
    take_snapshot(house.paths, "tasks")
    async with house.open():
        before = (await house.verify()).total
        await house.work()
        total = (await house.verify()).total
    wreck(house.paths, "tasks")
    async with house.open():
        found = await house.verify()
        assert (found.intact, found.missing) == (True, ())
        assert f"entries {before + 1} to {total}" in found.notes[0]
        await house.work()
        await house.work()
        assert (await house.verify()).missing == ()


async def test_without_the_reporter_it_is_said_that_nothing_was_compared(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.open(reporter=False):
        await house.work()
        found = await house.verify()
        assert (found.intact, found.missing) == (True, ())
        assert "was not compared" in found.notes[0]


async def test_a_reporter_that_fell_back_knows_less_and_alarms_nobody(house: House) -> None:
    async with house.open():
        await house.work()
    take_snapshot(house.paths, "activity")
    async with house.open():
        await house.work()
    wreck(house.paths, "activity")
    async with house.open():
        assert (await house.verify()).missing == ()


async def test_heads_of_days_before_stay(house: House) -> None:
    async with house.open():
        await house.work()
    with closing(sqlite3.connect(house.paths.database("activity"))) as connection, connection:
        connection.execute("UPDATE audit_heads SET noted_at = '2026-01-01T00:00:00.000000+00:00'")
    async with house.open():
        await house.work()
        await house.engine.finish(1.0)
        await house.noted((await house.verify()).total)
        assert len(await house.heads()) == 2


async def test_a_log_of_which_every_row_was_saved_alarms_nobody_and_claims_no_loss(house: House) -> None:
    async with house.open():
        await house.work()
        before = (await house.verify()).total
    house.overwrite("SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'goals'")
    async with house.open():
        found = await house.verify(before + 1)
        assert (found.intact, found.missing, found.notes) == (True, (), ())
        (entry,) = [entry for entry in found.entries if entry.action == "journal_restored"]
        assert entry.text == (
            f"tasks.db was damaged and mended. Entries after {before} that could not be saved are lost; "
            "the log goes on here."
        )


@pytest.mark.parametrize("which", ["path", "path DESC"], ids=["at the beginning", "at the end"])
async def test_entries_that_could_not_be_saved_are_said_to_be_missing(house: House, which: str) -> None:
    async with house.open():
        for _ in range(8):  # more entries than a page holds
            await house.work()
    house.overwrite(f"SELECT pageno FROM dbstat WHERE name = 'audit' AND pagetype = 'leaf' ORDER BY {which} LIMIT 1")  # noqa: S608
    async with house.open():
        found = await house.verify()
        assert not found.intact or found.missing
