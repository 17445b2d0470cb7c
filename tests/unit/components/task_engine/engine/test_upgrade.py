"""A home of an earlier version goes on where it was left."""

from __future__ import annotations

from pathlib import Path

from senter.components.task_engine.journal.settling import goal_of
from senter.messages.goals import GoalId
from tests.support.goals import GoalHouse, plan, task


async def test_what_an_earlier_research_goal_is_about_is_what_its_summary_is_about(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path)
    summed_up = plan(task("pure"), task(work="summarise", about="bees", depends_on=[1]))
    for made in (summed_up, plan(task("pure"))):
        house.add(made)
    await house.until_ended(1, 2)
    with house.database.transaction() as tx:
        tx.execute("UPDATE goals SET focus = 'research'")
        tx.execute("ALTER TABLE goals DROP COLUMN topic")
        tx.execute("DELETE FROM schema_migrations WHERE name LIKE '%topics%'")
    await house.crash()
    with house.database.transaction() as tx:
        about, unknown = (goal_of(tx, GoalId(number)) for number in (1, 2))
    assert (about.topic, unknown.topic) == ("bees", unknown.text)
    await house.close()
