"""What the daemon's start says was cut off in goals."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import structlog

from senter.components.task_engine.spec import SPEC
from senter.messages.goals import Status
from senter.supervisor.findings import look_at_databases
from tests.support.goals import GoalHouse, plan, task


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    yield house
    await house.close()


def cut_off(house: GoalHouse) -> list[str]:
    """What a start would say now."""
    _, work = look_at_databases([SPEC], house.paths, house.clock, structlog.stdlib.get_logger())
    return [finding.text for finding in work if "cut off" in finding.text]


async def test_a_planning_and_a_task_are_told_of_while_they_go_on(house: GoalHouse) -> None:
    told: dict[str, list[str]] = {}

    def look(boundary: str) -> None:
        told.setdefault(boundary, cut_off(house))

    house.at_boundary = look
    goal_id = house.add(plan(task("pure"), task("idempotent", depends_on=[1])))
    await house.until_ended(goal_id)
    one = ["tasks.db: 1 piece of work was cut off"]
    assert (told["planning_begun"], told["effect_done"], cut_off(house)) == (one, one, [])


async def test_an_effect_is_told_of_until_its_outcome_is_known(house: GoalHouse) -> None:
    goals = [house.add(plan(task("once_only", tool_params={"seconds": 20, "label": label}))) for label in "ab"]
    await house.until(lambda: sum(line["what"] == "did" for line in house.effects.lines) == 2)
    assert cut_off(house) == ["tasks.db: 2 pieces of work were cut off"]
    await house.crash()
    await house.until(lambda: house.journal.approvals.waiting() == 2)
    assert cut_off(house) == ["tasks.db: 2 pieces of work were cut off"]
    house.journal.approvals.decide(1, "denied")
    await house.until_ended(goals[0])
    assert cut_off(house) == ["tasks.db: 1 piece of work was cut off"]
    house.journal.goals.cancel(goals[1])
    assert house.goal(goals[1]).goal.status is Status.CANCELLED
    assert cut_off(house) == []
