"""The audit log: exact, whole, and of use when somebody changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.permissions.chain import content_digest
from senter.messages.approvals import AuditEntry
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


async def test_folders_that_are_named_and_forgotten_are_on_record(house: GoalHouse) -> None:
    for folders in (("/papers",), ()):
        with house.database.transaction() as tx:
            house.journal.facts.set_folders(tx, folders)
    assert [(entry.actor, entry.text) for entry in entries(house, "folders_named")] == [
        ("user", '["/papers"]'),
        ("user", "[]"),
    ]
