"""An undo that is killed at any step is done once or not at all, and goes on from where it was."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.engine.undoing import Undoing
from senter.components.task_engine.tools.file_trash import FileTrash, TrashRestore
from senter.components.task_engine.tools.file_write import FileWrite
from senter.components.task_engine.work.executor import WorkExecutor
from senter.components.task_engine.work.report_file import Results
from senter.messages.envelope import Envelope, caused_by
from senter.messages.goals import FINAL, GoalId, Grant, Status
from senter.messages.undo import Undo
from tests.support.goal_tools import FewTools
from tests.support.goals import Crash, GoalHouse, plan, task

BOUNDARIES = 16
"""More than an undo of two calls has."""
BACK = timedelta(days=7)
UNDO = Undo(request_id="undo")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    """A file that a goal wrote over what stood in it."""
    tools = (FileTrash(), TrashRestore(), FileWrite())
    house = GoalHouse(tmp_path / "home", *tools)
    house.executor = WorkExecutor(FewTools(*tools), Results(house.paths))
    await house.crash()
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.txt").write_text("before")
    params: dict[str, JsonValue] = {"path": str(folder / "a.txt"), "content": "after", "replace": True}
    goal_id = house.add(plan(task("file_write", tool_params=params)), grant=Grant(write_roots=(str(folder),)))
    await house.until_ended(goal_id)
    assert (folder / "a.txt").read_text() == "after"
    yield house
    await house.close()


def undo(house: GoalHouse) -> GoalId:
    with caused_by(Envelope()):
        goal_id = Undoing(house.journal, house.services()).undo(UNDO)
    house.engine.wake()
    return goal_id


async def until_ended_or_killed(house: GoalHouse) -> None:
    with suppress(Crash):
        goal_id = undo(house)
        await house.until(lambda: house.crashed or house.goal(goal_id).goal.status in FINAL)


@pytest.mark.parametrize("boundary", range(1, BOUNDARIES + 1))
async def test_an_undo_that_is_killed_is_done_once(house: GoalHouse, tmp_path: Path, boundary: int) -> None:
    house.crash_after = boundary
    await until_ended_or_killed(house)
    if house.crashed:
        await house.crash()
    house.crash_after = None
    goal_id = undo(house)
    await house.until_ended(goal_id)
    assert house.goal(goal_id).goal.status is Status.COMPLETED
    assert {path.name: path.read_text() for path in (tmp_path / "mine").iterdir()} == {"a.txt": "before"}
    undone_actions = [one for one in house.journal.actions.since(BACK) if one.undoes]
    assert len(undone_actions) == 1
    assert len(house.goals()) == 2
