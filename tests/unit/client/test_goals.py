"""Goals, approvals, tools and documents through the client, against the real API."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from senter.client import Client
from senter.client.following import GoalEvent
from senter.client.types import (
    ApprovalsReply,
    AuditReply,
    Done,
    FoldersReply,
    GoalReply,
    GoalsReply,
    ToolsReply,
    ToolTested,
    WhyReply,
)
from senter.errors import Conflict, DeadlineExceeded, Forbidden, InvalidInput, NotFound
from senter.messages.goals import GoalId
from senter.paths import Paths
from tests.support.api_stage import Stage, staged

DECIDE = "/api/approvals/{approval_id}"

TEST = "/api/tools/{tool}/test"

CHANGE = "/api/goals/{goal_id}/{action}"

GOAL = "/api/goals/{goal_id}"


@pytest.fixture
def stage(tmp_path: Path) -> Generator[Stage]:
    paths = Paths(tmp_path / "home")
    paths.make_folders()
    with staged(paths) as stage:
        yield stage


@pytest.fixture
def client(stage: Stage) -> Client:
    return Client(stage.scene.paths)


def test_a_goal_is_asked_for_shown_changed_and_ended(client: Client) -> None:
    made = client.post("/api/goals", GoalReply, text="Compare tea and coffee", priority=8, budget={"tokens": 10})
    goal_id = made["goal"]["id"]

    assert client.get(GOAL, GoalReply, goal_id=goal_id)["goal"]["priority"] == 8
    assert client.post(CHANGE, GoalReply, goal_id=goal_id, action="prioritise", priority=2)["goal"]["priority"] == 2
    assert client.post(CHANGE, GoalReply, goal_id=goal_id, action="pause")["goal"]["paused"]
    assert client.post("/api/goals/plan", GoalReply, text="Write a poem")["goal"]["id"] == 0
    assert [goal["id"] for goal in client.get("/api/goals", GoalsReply)["goals"]] == [goal_id]
    client.post(CHANGE, GoalReply, goal_id=goal_id, action="cancel")
    assert client.get("/api/goals", GoalsReply)["goals"] == []
    assert client.get("/api/goals", GoalsReply, all=True)["total"] == 1
    assert client.get("/api/why", WhyReply, about=f"goal {goal_id}")["lines"][0]["kind"] == "goal"


def test_refusals_come_back_as_themselves(client: Client) -> None:
    with pytest.raises(InvalidInput, match="the goal is empty"):
        client.post("/api/goals", GoalReply, text=" ")
    with pytest.raises(NotFound, match="There is no goal 99"):
        client.get(GOAL, GoalReply, goal_id=99)
    with pytest.raises(NotFound):
        list(client.follow(99))
    with pytest.raises(NotFound):
        client.post("/api/tasks/{task_id}", GoalReply, task_id=99, action="done", text="")


def test_following_ends_with_the_goal(client: Client, stage: Stage) -> None:
    goal_id = client.post("/api/goals", GoalReply, text="Compare tea and coffee")["goal"]["id"]
    following = client.follow(goal_id)
    begun = next(following)
    assert not isinstance(begun, GoalEvent)

    stage.run(stage.scene.engine.finish_task(GoalId(goal_id), completed=True))

    events = list(following)
    assert isinstance(events[0], GoalEvent)
    assert events[0].name == "task_complete"
    assert not isinstance(events[-1], GoalEvent)
    assert events[-1]["goal"]["status"] == "completed"


def test_following_gives_up_in_time(client: Client) -> None:
    goal_id = client.post("/api/goals", GoalReply, text="Compare tea and coffee")["goal"]["id"]
    with pytest.raises(DeadlineExceeded):
        list(client.follow(goal_id, timeout_seconds=0.2))


def test_approvals_are_decided_and_the_audit_log_read(client: Client) -> None:
    (waits,) = client.get("/api/approvals", ApprovalsReply)["approvals"]
    assert (
        client.post(DECIDE, ApprovalsReply, approval_id=waits["id"], decision="denied")["approvals"][0]["decision"]
        == "denied"
    )
    with pytest.raises(Conflict):
        client.post(DECIDE, ApprovalsReply, approval_id=waits["id"], decision="approved")
    assert [entry["number"] for entry in client.get("/api/audit", AuditReply)["entries"]] == [1]
    assert client.get("/api/audit", AuditReply, verify=True, limit=0)["intact"] is True


def test_panic_stops_and_is_released(client: Client, stage: Stage) -> None:
    client.post("/api/panic", Done)
    assert stage.scene.engine.panicking
    client.post("/api/panic", Done, release=True)
    assert not stage.scene.engine.panicking


def test_tools_are_tried_and_folders_kept(client: Client) -> None:
    assert [tool["name"] for tool in client.get("/api/tools", ToolsReply)["tools"]] == ["note"]
    assert client.post(TEST, ToolTested, tool="note", arguments={"text": "milk"})["text"] == "noted {'text': 'milk'}"
    with pytest.raises(Forbidden):
        client.post(TEST, ToolTested, tool="send_money", arguments={})
    assert client.post("/api/documents", FoldersReply, path="/papers & more")["folders"][0]["path"] == "/papers & more"
    client.delete("/api/documents", path="/papers & more")
    assert client.get("/api/documents", FoldersReply)["folders"] == []
