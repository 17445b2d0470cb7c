"""The version after takes over all that the version before had under way when it was killed, each once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senter.client.types import ApprovalsReply, DeadLetterReply, DeadLetters, Done, GoalReply, GoalsReply
from senter.messages.envelope import Envelope
from senter.messages.message import MessageId
from senter.operations.scratch import wait_until
from senter.paths import Paths
from senter.store.stamps import stamp
from tests.support.daemon import quick_settings, short_home
from tests.support.older_home import leave_given_up, leave_goals, leave_on_the_bus, leave_unpublished, noted
from tests.support.scratch import ScratchDaemon, scratch_daemon

EVENTS, UNPUBLISHED, IN_BOTH, LETTERS, GOALS = 1_000, 200, 50, 100, 3
THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)

pytestmark = pytest.mark.process


@pytest.fixture
def home() -> Generator[Path]:
    with short_home() as home:
        yield home


def on_record(paths: Paths) -> Counter[tuple[str, str]]:
    """What the reporter has noted, and when that was."""
    with closing(sqlite3.connect(paths.database("activity"))) as file:
        return Counter(file.execute("SELECT summary, happened_at FROM activities WHERE kind = 'note'").fetchall())


def test_a_home_that_a_version_before_left_under_way_is_taken_over(home: Path, tmp_path: Path) -> None:
    paths = Paths(home)
    paths.make_folders()
    names = [tmp_path / f"{number}.txt" for number in range(GOALS)]
    for name in names:
        name.write_text(name.name)
    events = [noted(f"event {number}", Envelope(sent_at=THEN)) for number in range(EVENTS)]
    chained = Envelope(sent_at=THEN, correlation_id=MessageId("the request"))
    letters = [noted("letter 0", chained)]
    letters += [noted(f"letter {number}", Envelope(sent_at=THEN)) for number in range(1, LETTERS)]
    asyncio.run(leave_goals(home, [f"Copy {name} to {name}.copy" for name in names]))
    leave_unpublished(paths, events[:UNPUBLISHED])
    leave_given_up(paths, letters)
    asyncio.run(leave_on_the_bus(tmp_path, paths, events[UNPUBLISHED - IN_BOTH :], letters))

    with scratch_daemon(home, quick_settings()) as daemon:
        wait_until(lambda: len(on_record(paths)) >= EVENTS, "the events are not taken in", 60)
        replay_all(daemon)
        wait_until(lambda: len(on_record(paths)) >= EVENTS + LETTERS, "the dead letters are not taken in", 60)
        allow_all(daemon)
        wait_until(lambda: not open_goals(daemon), "the goals do not end", 60)
        calls = [
            daemon.client.get("/api/goals/{goal_id}", GoalReply, goal_id=number)["goal"]["cost"]["tool_calls"]
            for number in range(1, GOALS + 1)
        ]
        assert daemon.client.get("/api/dead-letters", DeadLetters)["total"] == 0
    sentences = [f"event {number}" for number in range(EVENTS)] + [f"letter {number}" for number in range(LETTERS)]
    assert on_record(paths) == Counter((one, stamp(THEN)) for one in sentences)
    assert calls == [1] * GOALS
    assert [Path(f"{name}.copy").read_text() for name in names] == [name.name for name in names]


def replay_all(daemon: ScratchDaemon) -> None:
    letters = daemon.client.get("/api/dead-letters", DeadLetters)["letters"]
    assert len({letter["event_id"] for letter in letters}) == LETTERS
    shown = daemon.client.get("/api/dead-letters/{number}", DeadLetterReply, number=letters[0]["number"])["payload"]
    assert isinstance(shown, dict)
    assert (shown["summary"], shown["correlation_id"]) == ("letter 0", "the request")
    for letter in letters:
        daemon.client.post("/api/dead-letters/{number}/replay", Done, number=letter["number"])


def allow_all(daemon: ScratchDaemon) -> None:
    approvals = daemon.client.get("/api/approvals", ApprovalsReply)["approvals"]
    assert len(approvals) == GOALS
    for approval in approvals:
        daemon.client.post(
            "/api/approvals/{approval_id}", ApprovalsReply, approval_id=approval["id"], decision="approved"
        )


def open_goals(daemon: ScratchDaemon) -> int:
    return len(daemon.client.get("/api/goals", GoalsReply)["goals"])
