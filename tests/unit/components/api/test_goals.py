"""Goals, tasks, approvals, tools and documents over HTTP, with a task engine that a test scripts."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from senter.components.api.settings import ApiSettings
from senter.messages.control import State
from senter.messages.goals import ChangeGoal, CreateGoal, GoalId, UpdateTask, Widening
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving
from tests.unit.components.api.test_daemon import collect, read_event

TEXT = "Research Python decorators"


async def test_a_goal_is_taken_once_for_each_request_id(http: httpx2.AsyncClient, scene: Scene) -> None:
    body = {"text": TEXT, "deadline": "friday", "priority": 8, "request_id": "r1", "budget": {"tokens": 7}}
    body |= {"grant": {"write_roots": ["/srv/papers"], "hosts": ["*.example.org"], "commands": [["git", "log"]]}}

    first = await http.post("/api/goals", json=body)
    again = await http.post("/api/goals", json=body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["goal"]["id"] == again.json()["goal"]["id"] == 1
    assert (first.json()["goal"]["state"], first.json()["goal"]["status"]) == ("active", "in_progress")
    heard = scene.engine.heard[0]
    assert isinstance(heard, CreateGoal)
    assert (heard.deadline, heard.priority, heard.request_id) == ("friday", 8, "r1")
    assert (heard.budget.tokens, heard.budget.model_calls) == (7, None)
    assert heard.grant == Widening(write_roots=("/srv/papers",), hosts=("*.example.org",), commands=(("git", "log"),))


async def test_a_goal_is_shown_listed_and_planned_without_being_stored(http: httpx2.AsyncClient) -> None:
    await http.post("/api/goals", json={"text": TEXT})

    shown = (await http.get("/api/goals/1")).json()
    assert set(shown) == {"goal", "tasks", "grant", "planned_by", "note", "waits", "stopped"}
    assert shown["grant"]["read_roots"] == ["/documents"]
    assert (await http.post("/api/goals/plan", json={"text": TEXT})).json()["goal"]["id"] == 0
    assert [goal["id"] for goal in (await http.get("/api/goals")).json()["goals"]] == [1]
    await http.post("/api/goals/1/cancel")
    assert (await http.get("/api/goals")).json() == {
        "goals": [],
        "total": 0,
        "stopped": False,
        "approvals_waiting": 0,
        "first_approval": "",
    }
    assert len((await http.get("/api/goals?all=true")).json()["goals"]) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the goal is empty"),
        (" \n", "the goal is empty"),
        ("a\x00b", "NUL"),
        ("x" * 10_001, "the goal has 10001 characters; at most 10000 are taken"),
        ("\ud800", "half a surrogate pair"),
    ],
)
@pytest.mark.parametrize("route", ["/api/goals", "/api/goals/plan"])
async def test_what_cannot_be_a_goal_is_refused_with_a_sentence(
    http: httpx2.AsyncClient, route: str, text: str, complaint: str
) -> None:
    content = json.dumps({"text": text})
    response = await http.post(route, content=content, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert complaint in response.json()["detail"]


@pytest.mark.parametrize("text", ["\u0627\u0643\u062a\u0628 \u0642\u0635\u064a\u062f\u0629", "x" * 10_000])
async def test_right_to_left_text_and_the_longest_goal_are_fine(http: httpx2.AsyncClient, text: str) -> None:
    assert (await http.post("/api/goals", json={"text": text})).json()["goal"]["text"] == text


WRONG: list[dict[str, object]] = [
    {"priority": 11},
    {"priority": 0},
    {"budget": {"wall_seconds": 0}},
    {"budget": {"coins": 1}},
    {"grant": {"write_roots": ["papers"]}},
    {"grant": {"hosts": ["anna@example.org"]}},
    {"grant": {"commands": [[]]}},
    {"grant": {"budget": {"tokens": 7}}},
    {"request_id": "a b"},
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_limits_are_kept(http: httpx2.AsyncClient, scene: Scene, wrong: dict[str, object]) -> None:
    assert (await http.post("/api/goals", json={"text": TEXT, **wrong})).status_code == 422
    assert scene.engine.heard == []


async def test_a_goal_is_changed_and_its_task_updated(http: httpx2.AsyncClient, scene: Scene) -> None:
    await http.post("/api/goals", json={"text": TEXT})

    for action in ("pause", "resume", "retry", "cancel"):
        assert (await http.post(f"/api/goals/1/{action}")).status_code == 200
    assert (await http.post("/api/goals/1/prioritise", json={"priority": 9})).json()["goal"]["priority"] == 9
    assert (await http.post("/api/goals/1/explode")).status_code == 422
    assert (await http.post("/api/goals/9/pause")).json()["detail"] == "There is no goal 9."
    assert (await http.post("/api/tasks/101", json={"action": "feed", "text": "the blue one"})).status_code == 200
    changes = [command.action for command in scene.engine.heard if isinstance(command, ChangeGoal)]
    assert changes == ["pause", "resume", "retry", "cancel", "prioritise", "pause"]
    last = scene.engine.heard[-1]
    assert isinstance(last, UpdateTask)
    assert (last.task_id, last.action, last.text) == (101, "feed", "the blue one")


async def test_approvals_are_shown_with_their_arguments_and_decided_once(http: httpx2.AsyncClient) -> None:
    (waits,) = (await http.get("/api/approvals")).json()["approvals"]
    assert waits["needs"] == [{"kind": "reach_host", "host": "example.org", "port": 443}]
    assert waits["needs_in_words"] == ["reach example.org"]
    assert waits["arguments"] == {"url": "https://example.org/"}

    for _ in range(2):
        decided = await http.post("/api/approvals/7", json={"decision": "approved"})
        assert decided.json()["approvals"][0]["decision"] == "approved"
    assert (await http.post("/api/approvals/7", json={"decision": "denied"})).status_code == 409
    assert (await http.post("/api/approvals/7", json={"decision": "perhaps"})).status_code == 422
    assert (await http.get("/api/approvals")).json() == {"approvals": []}
    assert len((await http.get("/api/approvals?all=true")).json()["approvals"]) == 1


@pytest.mark.parametrize("priority", [True, "5", 5.5])
async def test_a_number_is_a_number(http: httpx2.AsyncClient, priority: object) -> None:
    refused = await http.post("/api/goals", json={"text": "Compare tea and coffee", "priority": priority})
    assert (refused.status_code, refused.json()["detail"].startswith("priority: ")) == (422, True)
    budget = {"wall_seconds": priority if priority is True else "5"}
    assert (await http.post("/api/goals", json={"text": "Compare", "budget": budget})).status_code == 422


async def test_a_boolean_is_one_and_what_is_made_anew_may_be_null(http: httpx2.AsyncClient, scene: Scene) -> None:
    for wrong in ("yes", 1, "true"):
        assert (await http.post("/api/panic", json={"release": wrong})).status_code == 422
    assert scene.engine.heard == []
    for _ in range(2):
        assert (
            await http.post("/api/goals", json={"text": TEXT, "request_id": None, "budget": None})
        ).status_code == 201
    assert len(scene.engine.goals) == 2


async def test_what_only_a_whole_command_shows_is_refused_too(http: httpx2.AsyncClient) -> None:
    await http.post("/api/goals", json={"text": TEXT})
    refused = await http.post("/api/goals/1/prioritise")
    assert (refused.status_code, "priority" in refused.json()["hint"]) == (422, True)


@pytest.mark.parametrize("address", ["/api/goals?limmit=3", "/api/goals/1?all=true", "/api/audit?verify=true&Limit=1"])
async def test_a_misspelt_parameter_is_refused_and_not_passed_over(http: httpx2.AsyncClient, address: str) -> None:
    refused = await http.get(address)
    assert (refused.status_code, "parameter that is not known here" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("path", ["/api/goals", "/api/panic"])
async def test_a_body_without_its_type_is_told_so(http: httpx2.AsyncClient, path: str) -> None:
    refused = await http.post(path, content=b'{"text": "Compare tea and coffee"}')
    assert (refused.status_code, "with Content-Type: application/json" in refused.json()["detail"]) == (422, True)


async def test_why_audit_and_panic_are_passed_on(http: httpx2.AsyncClient, scene: Scene) -> None:
    assert (await http.get("/api/why", params={"about": "task 3"})).json()["lines"][0]["id"] == "task 3"
    assert (await http.get("/api/why", params={"about": "a\x00"})).status_code == 422
    assert (await http.get("/api/audit")).json()["intact"] is None
    assert (await http.get("/api/audit?verify=true&limit=0")).json() == {
        "entries": [],
        "total": 1,
        "intact": True,
        "broken_at": None,
        "head": "b",
        "missing": [],
        "notes": [],
    }
    assert (await http.post("/api/panic")).status_code == 204
    assert scene.engine.panicking
    assert (await http.post("/api/panic", json={"release": True})).status_code == 204
    assert not scene.engine.panicking


async def test_tools_are_listed_and_tried(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/api/tools")).json()["tools"][0]["effect"] == "idempotent"
    tried = await http.post("/api/tools/note/test", json={"arguments": {"text": "milk"}})
    assert tried.json()["text"] == "noted {'text': 'milk'}"
    assert (await http.post("/api/tools/send_money/test", json={})).status_code == 403
    wrong = await http.post(
        "/api/tools/note/test",
        content='{"arguments": {"text": "\\ud800"}}',
        headers={"Content-Type": "application/json"},
    )
    assert (wrong.status_code, "surrogate" in wrong.json()["detail"]) == (422, True)


async def test_folders_are_added_listed_and_removed(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/api/documents", json={"path": "/home/me/papers"})).status_code == 200
    assert (await http.get("/api/documents")).json()["folders"][0]["files"] == 2
    told = await http.get("/api/documents/text", params={"path": "/home/me/papers/lease.txt", "offset": 6})
    assert (told.json()["title"], told.json()["text"]) == ("Lease", "850")
    assert (await http.request("DELETE", "/api/documents", params={"path": "/home/me/papers"})).status_code == 204
    assert (await http.request("DELETE", "/api/documents", params={"path": "/home/me/papers"})).status_code == 404


async def test_a_followed_goal_tells_its_events_and_how_it_stands_until_it_ends(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    await http.post("/api/goals", json={"text": TEXT})
    await http.post("/api/goals", json={"text": "another"})
    lines: asyncio.Queue[str] = asyncio.Queue()
    async with http.stream("GET", "/api/goals/1/events") as response:
        collecting = asyncio.create_task(collect(response, lines))
        assert (await read_event(lines))[0] == "goal"
        await scene.engine.finish_task(GoalId(2))
        await scene.engine.finish_task(GoalId(1), completed=True)

        name, event = await read_event(lines)
        assert (name, event["goal_id"]) == ("task_complete", 1)
        name, event = await read_event(lines)
        assert name == "goal"
        assert isinstance(event["goal"], dict)
        assert event["goal"]["status"] == "completed"
        await collecting
    await eventually(lambda: scene.api.health().facts["event_clients"] == 0)


async def test_a_followed_goal_shows_what_no_event_tells(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, goal_refresh_seconds=0.02)) as scene, over_unix(scene) as http:
        await http.post("/api/goals", json={"text": TEXT})
        lines: asyncio.Queue[str] = asyncio.Queue()
        async with http.stream("GET", "/api/goals/1/events") as response:
            collecting = asyncio.create_task(collect(response, lines))
            await read_event(lines)
            await http.post("/api/goals/1/pause")
            name, event = await read_event(lines)
            assert name == "goal"
            assert isinstance(event["goal"], dict)
            assert event["goal"]["paused"] is True
            collecting.cancel()


async def test_following_a_goal_that_is_not_there_is_refused_and_costs_no_place(
    http: httpx2.AsyncClient, scene: Scene
) -> None:
    assert (await http.get("/api/goals/5/events")).status_code == 404
    assert scene.api.health().facts["event_clients"] == 0


async def test_a_restart_of_the_engine_is_sat_out(http: httpx2.AsyncClient, scene: Scene) -> None:
    await scene.engine.stop()
    scene.supervisor.states["task_engine"] = State.BACKING_OFF
    asked = asyncio.create_task(http.post("/api/goals", json={"text": TEXT}))
    times_before = scene.supervisor.times_asked
    await eventually(lambda: scene.supervisor.times_asked > times_before)

    await scene.engine.start()
    scene.supervisor.states["task_engine"] = State.RUNNING

    assert (await asked).status_code == 201


async def test_an_engine_that_was_given_up_is_told_at_once(http: httpx2.AsyncClient, scene: Scene) -> None:
    await scene.engine.stop()
    scene.supervisor.states["task_engine"] = State.STOPPED_BY_REPEATED_FAILURE

    response = await http.get("/api/goals")

    assert response.status_code == 503
    assert "task_engine failed too often" in response.json()["detail"]
    assert "senter restart task_engine" in response.json()["hint"]
