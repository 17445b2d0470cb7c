"""A home that was moved still finds the results of its goals: their paths are kept from the data folder on."""

from __future__ import annotations

import json
import sqlite3
from importlib.resources import files
from pathlib import Path

from senter.components.task_engine.journal.result_paths import from_data, whole_paths
from senter.paths import Paths
from tests.support.goals import GoalHouse, plan, task


async def test_a_result_is_found_where_the_home_is_now(tmp_path: Path) -> None:
    house = GoalHouse(tmp_path / "home")
    goal_id = house.add(plan(task("pure", tool_params={"label": "a"})))
    await house.until_ended(goal_id)
    (path,) = house.goal(goal_id).goal.results
    assert Path(path).is_file()
    await house.close()
    elsewhere = tmp_path / "elsewhere"
    house.paths.home.rename(elsewhere)
    house.paths = Paths(elsewhere)
    house.open()
    (moved,) = house.goal(goal_id).goal.results
    assert Path(moved).is_file()
    assert Path(moved).is_relative_to(elsewhere)
    first, *_ = house.journal.story.tell(moved)
    assert (first.kind, first.id) == ("result", moved)
    await house.close()


def test_what_lies_elsewhere_keeps_its_whole_path(tmp_path: Path) -> None:
    kept = from_data([str(tmp_path / "data/Focuses/a.md"), "/home/anna/b.md"], tmp_path / "data")
    assert kept == ("Focuses/a.md", "/home/anna/b.md")
    moved = whole_paths(json.dumps(kept), Path("/new/data"))
    assert moved == ("/new/data/Focuses/a.md", "/home/anna/b.md")


def test_rows_of_an_earlier_version_are_made_relative_wherever_the_home_was() -> None:
    old = ["/old/home/data/Focuses/research/results/0001-a.md", "/home/anna/b.md"]
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE goals (results TEXT)")
        database.executemany("INSERT INTO goals VALUES (?)", [(json.dumps(old),), ("[]",)])
        database.executescript(
            files("senter.components.task_engine").joinpath("0010_relative_results.sql").read_text("utf-8")
        )
        found = [json.loads(row[0]) for row in database.execute("SELECT results FROM goals")]
    assert found == [["Focuses/research/results/0001-a.md", "/home/anna/b.md"], []]
