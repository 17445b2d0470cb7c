"""The audit log: exact, whole, and of use when somebody changed it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.journal.chain import START, content_digest
from senter.messages.approvals import AuditEntry
from senter.messages.goals import Status
from tests.support.goals import GoalHouse, plan, task


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    yield house
    await house.close()


def entries(house: GoalHouse, action: str) -> list[AuditEntry]:
    return [entry for entry in house.journal.audit.page(0, 1_000).entries if entry.action == action]


async def test_an_entry_covers_all_of_a_long_text(house: GoalHouse) -> None:
    """Two calls that differ in their last character only, far behind what is shown."""
    told: list[AuditEntry] = []
    for last in "ab":
        arguments: dict[str, JsonValue] = {"label": "n" * 10_000 + last}
        await house.until_ended(house.add(plan(task("pure", tool_params=arguments))))
        exact = f"count_pure {json.dumps(arguments)}"
        entry = entries(house, "tool_called")[-1]
        assert entry.text is not None
        assert entry.text.startswith(exact[:4_000])
        assert f"{len(exact):,} characters" in entry.text
        assert hashlib.sha256(exact.encode()).hexdigest() in entry.text
        assert entry.content_digest == content_digest(entry.text)
        told.append(entry)
    assert told[0].content_digest != told[1].content_digest


async def test_what_a_call_returned_is_on_record_beside_it(house: GoalHouse) -> None:
    await house.until_ended(house.add(plan(task("pure", tool_params={"label": "tea"}))))
    (called,), (returned,) = entries(house, "tool_called"), entries(house, "tool_returned")
    assert (returned.number, returned.subject) == (called.number + 1, called.subject)
    assert returned.text is not None
    name, _, result = returned.text.partition(" ")
    assert (name, json.loads(result)["text"]) == ("count_pure", "count_pure tea")


async def test_what_a_model_answered_is_on_record(house: GoalHouse) -> None:
    steps: list[JsonValue] = [["ask_model", {"text": "a"}]]
    await house.until_ended(house.add(plan(task(tool_params={"steps": steps}))))
    assert [entry.action for entry in house.journal.audit.page(0, 100).entries if "model" in entry.action] == [
        "model_called",
        "model_returned",
    ]
    assert [line.kind for line in house.journal.story.tell("model call 1")][:2] == ["model_call", "task"]


async def test_folders_that_are_named_and_forgotten_are_on_record(house: GoalHouse) -> None:
    for folders in (("/papers",), ()):
        with house.database.transaction() as tx:
            house.journal.facts.set_folders(tx, folders)
    assert [(entry.actor, entry.text) for entry in entries(house, "folders_named")] == [
        ("user", '["/papers"]'),
        ("user", "[]"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET at = 'yesterday' WHERE number = ?",
        "UPDATE audit SET at = '2026-11-20 10:00:00' WHERE number = ?",
        "UPDATE audit SET at = '2026-01-01T01:00:00.000000+01:00' WHERE number = ?",
        "UPDATE audit SET at = CAST(x'ff' AS TEXT) WHERE number = ?",
        "UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE number = ?",
        "UPDATE audit SET text = CAST(x'ff' AS TEXT) WHERE number = ?",
        "UPDATE audit SET digest = CAST(x'ff' AS TEXT) WHERE number = ?",
    ],
)
async def test_a_spoilt_entry_is_named_and_work_goes_on(house: GoalHouse, change: str) -> None:
    await house.until_ended(house.add(plan(task("pure"))))
    last = house.journal.audit.page(0, 1).total
    connection = sqlite3.connect(house.paths.database("tasks"), isolation_level=None)
    connection.execute("DROP TRIGGER audit_is_not_changed")
    connection.execute(change, (last,))
    connection.close()
    other = house.add(plan(task("pure")))
    await house.until_ended(other)
    assert house.goal(other).goal.status is Status.COMPLETED
    assert house.journal.audit.page(last - 1, 1).entries[0].number == last
    verdict = house.journal.audit.verify_page(START)
    assert (verdict.intact, verdict.entries, verdict.broken_at) == (False, last - 1, last)
