"""A goal from request to result, offline: planned, carried out in order, reported, filed under the right focus."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from senter.client.types import AuditReply, FoldersReply, GoalReply, WhyReply
from senter.operations.scratch import wait_until
from tests.support.daemon import NO_MODEL, settings_text, short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

GOAL = "/api/goals/{goal_id}"

pytestmark = pytest.mark.process

DECORATORS = """# Python decorators

A decorator is a function that takes a function and returns another one in its place. Decorators are written above a
function, after an at sign. They are used for logging, for access control and for caching of results.

A decorator that takes arguments is a function that returns a decorator. The standard library brings several decorators:
property, staticmethod, functools.cache and functools.wraps, which keeps the name of the function that was wrapped.
"""
GARDEN = """# The garden

Tomatoes want sun and water in the morning. Decorators have no place in a garden, but flowers do.
"""
ENDED = ("completed", "failed", "cancelled")


@pytest.fixture(scope="module")
def daemon() -> Generator[ScratchDaemon]:
    settings = settings_text({"models.primary": {**NO_MODEL, "enabled": False}, "models.research": NO_MODEL})
    with short_home() as home, scratch_daemon(home / "home", settings) as daemon:
        folder = home / "documents"
        folder.mkdir()
        (folder / "decorators.md").write_text(DECORATORS, encoding="utf-8")
        (folder / "garden.md").write_text(GARDEN, encoding="utf-8")
        daemon.client.post("/api/documents", FoldersReply, path=str(folder))
        wait_until(lambda: _indexed(daemon) == 2, "the documents are not indexed", 30)
        yield daemon


def test_a_research_goal_ends_in_a_cited_result_below_its_focus(daemon: ScratchDaemon) -> None:
    created = daemon.client.post(
        "/api/goals", GoalReply, text="Research Python decorators and write me a summary", priority=8
    )
    ended = until_ended(daemon, created["goal"]["id"])
    goal = ended["goal"]
    assert (goal["status"], goal["focus"], goal["progress_percent"]) == ("completed", "research", 100), ended
    assert (goal["executed"], goal["delivered"]) == (True, True)
    result = Path(goal["results"][0])
    assert result.parent == daemon.paths.data / "Focuses" / "research" / "results"
    text = result.read_text(encoding="utf-8")
    assert "takes a function and returns another one" in text
    assert "decorators.md" in text


def test_tasks_are_carried_out_in_the_order_of_their_needs(daemon: ScratchDaemon) -> None:
    created = daemon.client.post("/api/goals", GoalReply, text="Research Python decorators")
    tasks = until_ended(daemon, created["goal"]["id"])["tasks"]
    assert len(tasks) >= 2
    for task in tasks:
        for number in task["depends_on"]:
            assert (tasks[number - 1]["finished_at"] or "") <= (task["started_at"] or "")


def test_why_and_the_audit_log_tell_the_whole_story(daemon: ScratchDaemon) -> None:
    created = daemon.client.post("/api/goals", GoalReply, text="Research Python decorators")
    ended = until_ended(daemon, created["goal"]["id"])
    kinds = [
        line["kind"] for line in daemon.client.get("/api/why", WhyReply, about=ended["goal"]["results"][0])["lines"]
    ]
    assert kinds[0] == "result"
    assert kinds[-1] == "request"
    assert {"goal", "task", "attempt", "tool_call", "plan", "grant"} <= set(kinds)
    assert daemon.client.get("/api/audit", AuditReply, verify=True, limit=0)["intact"] is True


def until_ended(daemon: ScratchDaemon, goal_id: int) -> GoalReply:
    wait_until(
        lambda: daemon.client.get(GOAL, GoalReply, goal_id=goal_id)["goal"]["status"] in ENDED,
        "the goal does not end",
        60,
    )
    return daemon.client.get(GOAL, GoalReply, goal_id=goal_id)


def _indexed(daemon: ScratchDaemon) -> int:
    return sum(folder["files"] for folder in daemon.client.get("/api/documents", FoldersReply)["folders"])
