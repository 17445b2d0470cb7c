"""Long texts are planned by a child: the same plans, and a text that takes too long takes nothing else with it."""

from __future__ import annotations

import asyncio

import pytest

from senter.component.isolated import ChildLimits, Isolated
from senter.components.task_engine.offline.apart import LONGEST_HERE, RulesApart, planning_child
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.rules import plan_of
from senter.errors import PlanError

pytestmark = pytest.mark.process

TOOLS = ("documents_search", "file_list", "file_sort", "note")
FOLDERS = ("/srv/documents",)
LONG = "Research bread and write a summary. " + "Flour is what I know of. " * 50
NEVER_PLANNED = "tests.support.endless_planner"


async def test_a_long_text_gets_the_plan_that_it_would_get_here() -> None:
    assert len(LONG) > LONGEST_HERE
    async with planning_child() as child:
        planned = await RulesApart(child).plan(LONG, TOOLS, FOLDERS)
        assert child.pid is not None
    assert planned == plan_of(understand(LONG, FOLDERS), TOOLS)


async def test_a_short_text_needs_no_child() -> None:
    async with planning_child() as child:
        await RulesApart(child).plan("Research bread", TOOLS, FOLDERS)
        assert child.pid is None


async def test_a_text_that_takes_too_long_fails_alone() -> None:
    async with Isolated(NEVER_PLANNED, limits=ChildLimits(cpu_seconds=1)) as child:
        rules = RulesApart(child)
        endless = asyncio.create_task(rules.plan(LONG, TOOLS, FOLDERS))
        while child.pid is None:
            await asyncio.sleep(0)
        assert (await rules.plan("Research bread", TOOLS, FOLDERS)).tasks
        assert not endless.done()
        with pytest.raises(PlanError, match="took too long and was stopped"):
            await endless
