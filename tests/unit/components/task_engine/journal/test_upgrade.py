"""A home of an earlier version goes on where it was left."""

from __future__ import annotations

from pathlib import Path

from senter.components.task_engine.journal.settling import goal_of
from senter.messages.goals import GoalId, GoalKind, Grant, Status
from tests.support.goals import GoalHouse, plan, task

OLD_NAMES = (
    "ALTER TABLE goals RENAME COLUMN preapproved_grant TO standing_grant",
    "ALTER TABLE goals RENAME COLUMN repeated_failures TO same_failures",
    "ALTER TABLE goals RENAME COLUMN supervisor_pid TO under",
    "ALTER TABLE tasks RENAME COLUMN repeated_failures TO same_failures",
    "ALTER TABLE attempts RENAME COLUMN supervisor_pid TO under",
    "DROP INDEX announced_by_goal",
    "ALTER TABLE announced RENAME TO told",
    "CREATE INDEX told_by_goal ON told (goal_id)",
)


def undo(house: GoalHouse, migration: str, *statements: str) -> None:
    """Leave the home as it was before a migration."""
    with house.database.transaction() as tx:
        for statement in statements:
            tx.execute(statement)
        tx.execute(f"DELETE FROM schema_migrations WHERE name LIKE '%{migration}%'")  # noqa: S608 - named here


async def test_what_an_earlier_research_goal_is_about_is_what_its_summary_is_about(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path)
    summed_up = plan(task("pure"), task(work="summarise", about="bees", depends_on=[1]))
    for made in (summed_up, plan(task("pure"))):
        house.add(made)
    await house.until_ended(1, 2)
    undo(house, "topics", "UPDATE goals SET focus = 'research'", "ALTER TABLE goals DROP COLUMN topic")
    await house.crash()
    with house.database.transaction() as tx:
        about, unknown = (goal_of(tx, GoalId(number)) for number in (1, 2))
    assert (about.topic, unknown.topic) == ("bees", unknown.text)
    await house.close()


async def test_a_goal_goes_on_under_the_names_of_today(tmp_path: Path) -> None:
    allowed = Grant(hosts=("example.org",))
    house = GoalHouse(tmp_path)
    goal_id = house.add(plan(task("pure", tool_params={"fails": 1}), task("once_only", depends_on=[1])), grant=allowed)
    await house.until(lambda: house.goal(goal_id).tasks != () and house.goal(goal_id).tasks[0].attempts == 1)
    undo(house, "plain_names", *OLD_NAMES)
    await house.crash()
    await house.until_ended(goal_id)
    ended = house.goal(goal_id)
    assert ended.goal.status is Status.COMPLETED
    assert "example.org" in ended.grant.hosts
    assert len(set(house.event_ids)) == len(house.events)
    assert house.journal.story.tell(house.event_ids[0])
    await house.close()


OWN_GOALS = (
    "DROP INDEX goals_of_one_sentence",
    "DROP INDEX goals_open",
    "DROP INDEX goals_ended",
    *(f"ALTER TABLE goals DROP COLUMN {name}" for name in ("kind", "acts", "part_of", "said", "missing", "overdue")),
    "CREATE INDEX goals_open ON goals (deadline) WHERE status NOT IN ('completed', 'failed', 'cancelled')",
    "CREATE INDEX goals_ended ON goals (finished_at) WHERE status IN ('completed', 'failed', 'cancelled')",
)


async def test_a_goal_from_before_there_were_goals_of_ones_own_is_work_and_ends(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path)
    goal_id = house.add(plan(task("pure", tool_params={"fails": 1}), task("once_only", depends_on=[1])))
    await house.until(lambda: house.goal(goal_id).tasks != () and house.goal(goal_id).tasks[0].attempts == 1)
    undo(house, "own_goals", *OWN_GOALS)
    await house.crash()
    await house.until_ended(goal_id)
    ended = house.goal(goal_id).goal
    assert (ended.kind, ended.status, ended.overdue) == (GoalKind.WORK, Status.COMPLETED, False)
    await house.close()
