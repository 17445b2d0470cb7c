"""Goals, approvals, tools and documents through the client, against the real API."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from senter.client import Client
from senter.client.goal_results import GoalEvent
from senter.errors import Conflict, DeadlineExceeded, Forbidden, InvalidInput, NotFound
from senter.messages.goals import GoalId
from senter.paths import Paths
from tests.support.api_stage import Stage, staged


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
    made = client.goals.create("Compare tea and coffee", priority=8, budget={"tokens": 10})
    goal_id = made["goal"]["id"]

    assert client.goals.get(goal_id)["goal"]["priority"] == 8
    assert client.goals.prioritise(goal_id, 2)["goal"]["priority"] == 2
    assert client.goals.change(goal_id, "pause")["goal"]["paused"]
    assert client.goals.plan("Write a poem")["goal"]["id"] == 0
    assert [goal["id"] for goal in client.goals.list()["goals"]] == [goal_id]
    client.goals.change(goal_id, "cancel")
    assert client.goals.list()["goals"] == []
    assert client.goals.list(include_finished=True)["total"] == 1
    assert client.goals.why(f"goal {goal_id}")["lines"][0]["kind"] == "goal"


def test_refusals_come_back_as_themselves(client: Client) -> None:
    with pytest.raises(InvalidInput, match="the goal is empty"):
        client.goals.create(" ")
    with pytest.raises(NotFound, match="There is no goal 99"):
        client.goals.get(99)
    with pytest.raises(NotFound):
        list(client.goals.follow(99))
    with pytest.raises(NotFound):
        client.goals.update_task(99, "done", "")


def test_following_ends_with_the_goal(client: Client, stage: Stage) -> None:
    goal_id = client.goals.create("Compare tea and coffee")["goal"]["id"]
    following = client.goals.follow(goal_id)
    begun = next(following)
    assert not isinstance(begun, GoalEvent)

    stage.run(stage.scene.engine.finish_task(GoalId(goal_id), completed=True))

    events = list(following)
    assert isinstance(events[0], GoalEvent)
    assert events[0].name == "task_complete"
    assert not isinstance(events[-1], GoalEvent)
    assert events[-1]["goal"]["status"] == "completed"


def test_following_gives_up_in_time(client: Client) -> None:
    goal_id = client.goals.create("Compare tea and coffee")["goal"]["id"]
    with pytest.raises(DeadlineExceeded):
        list(client.goals.follow(goal_id, timeout_seconds=0.2))


def test_approvals_are_decided_and_the_audit_log_read(client: Client) -> None:
    (waits,) = client.oversight.approvals()["approvals"]
    assert client.oversight.decide(waits["id"], "denied")["decision"] == "denied"
    with pytest.raises(Conflict):
        client.oversight.decide(waits["id"], "approved")
    assert [entry["number"] for entry in client.oversight.whole_audit()] == [1]
    assert client.oversight.verify_audit()["intact"] is True


def test_panic_stops_and_is_released(client: Client, stage: Stage) -> None:
    client.goals.panic()
    assert stage.scene.engine.panicking
    client.goals.panic(release=True)
    assert not stage.scene.engine.panicking


def test_tools_are_tried_and_folders_kept(client: Client) -> None:
    assert [tool["name"] for tool in client.toolbox.tools()["tools"]] == ["note"]
    assert client.toolbox.test_tool("note", {"text": "milk"})["text"] == "noted {'text': 'milk'}"
    with pytest.raises(Forbidden):
        client.toolbox.test_tool("send_money", {})
    assert client.toolbox.add_folder("/papers & more")["folders"][0]["path"] == "/papers & more"
    client.toolbox.remove_folder("/papers & more")
    assert client.toolbox.folders()["folders"] == []
