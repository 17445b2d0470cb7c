"""What waits for a person is known by type: in the journal, after a crash, and in a home of an earlier version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.tools.file_write import FileWrite
from senter.errors import Conflict
from senter.messages.goals import Status
from senter.messages.needs import CreatePath, EarlierWords
from tests.support.goals import GoalHouse, plan, task
from tests.support.scrambling import scramble_words


def writing(path: Path) -> dict[str, JsonValue]:
    return plan(task("file_write", tool_params={"path": str(path), "content": "x"}))


async def waiting(home: Path, path: Path) -> tuple[GoalHouse, int]:
    """A goal that waits for a person to allow a file outside its grant."""
    house = GoalHouse(home, FileWrite())
    goal_id = house.add(writing(path))
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    return house, goal_id


def change(house: GoalHouse, sql: str, values: tuple[str, ...] = ()) -> None:
    with house.database.transaction() as tx:
        tx.execute(sql, values)


def make_earlier(house: GoalHouse, sentence: str) -> None:
    """The home as the version before typed needs left it."""
    change(house, "UPDATE approvals SET needs = ?", (json.dumps([sentence]),))
    change(house, "ALTER TABLE steps DROP COLUMN made")
    change(house, "DELETE FROM schema_migrations WHERE name LIKE '%exact_permissions%'")


@pytest.mark.parametrize("name", ["a", "b (its grant ended at 2026-01-01 00:00 UTC)", "c, which leads to "])
async def test_a_yes_holds_whatever_the_words_are_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scramble_words(monkeypatch)
    house, goal_id = await waiting(tmp_path / "home", tmp_path / name)
    await house.crash()
    (approval,) = house.journal.approvals.list(include_decided=False)
    assert approval.needs == (CreatePath(path=tmp_path / name),)
    house.journal.approvals.decide(approval.id, "approved")
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    assert (tmp_path / name).read_text() == "x"
    await house.close()


async def test_what_an_earlier_version_asked_is_asked_anew(tmp_path: Path) -> None:
    house, goal_id = await waiting(tmp_path / "home", tmp_path / "a")
    make_earlier(house, "write /somewhere")
    await house.crash()
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    old, new = house.journal.approvals.list(include_decided=True)
    assert (old.decision, old.needs) == ("withdrawn", (EarlierWords(text="write /somewhere"),))
    assert (new.decision, new.needs) == ("", (CreatePath(path=tmp_path / "a"),))
    assert not (tmp_path / "a").exists()
    with pytest.raises(Conflict, match=f"was asked anew, as approval {new.id}"):
        house.journal.approvals.decide(old.id, "approved")
    house.journal.approvals.decide(new.id, "approved")
    await house.until_ended(goal_id)
    assert (tmp_path / "a").read_text() == "x"
    await house.close()


async def test_an_earlier_yes_that_was_not_used_is_asked_for_anew_and_an_earlier_no_stays(tmp_path: Path) -> None:
    house, yes = await waiting(tmp_path / "home", tmp_path / "yes")
    change(house, "UPDATE goals SET paused = 1")
    house.journal.approvals.decide(1, "approved")
    make_earlier(house, "write /yes")
    await house.crash()
    change(house, "UPDATE goals SET paused = 0")
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    assert [one.decision for one in house.journal.approvals.list(include_decided=True)] == ["approved", ""]
    house.journal.approvals.decide(2, "denied")
    make_earlier(house, "write /no")
    await house.crash()
    await house.until_ended(yes)
    assert house.goal(yes).goal.status is Status.FAILED
    assert house.goal(yes).tasks[0].error == "A person said no to: write /no."
    assert not (tmp_path / "yes").exists()
    await house.close()
