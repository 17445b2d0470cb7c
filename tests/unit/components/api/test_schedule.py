"""Jobs and their history over HTTP, with a scheduler that a test scripts."""

from __future__ import annotations

import httpx2
import pytest

from senter.messages.goals import Widening
from senter.messages.schedule import AddJob, JobType, Misfire
from tests.support.api_stage import Scene

JOB = {"name": "morning papers", "cron": "0 8 * * mon-fri", "payload": {"goal": "Research new papers"}}


async def test_a_job_is_added_once_for_each_request_id(http: httpx2.AsyncClient, scene: Scene) -> None:
    body = JOB | {"request_id": "r1", "misfire": "skip", "grace_seconds": 5, "daily_limit": 2}
    body |= {"grant": {"write_roots": ["/srv/papers"]}}

    first = await http.post("/api/schedule/jobs", json=body)
    again = await http.post("/api/schedule/jobs", json=body)
    other = await http.post("/api/schedule/jobs", json=JOB)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    assert first.json()["job"]["trigger"] == "0 8 * * mon-fri"
    heard = scene.scheduler.heard[0]
    assert isinstance(heard, AddJob)
    assert (heard.job_type, heard.misfire, heard.grace_seconds) == (JobType.GOAL, Misfire.SKIP, 5)
    assert (heard.daily_limit, heard.payload) == (2, {"goal": "Research new papers"})
    assert heard.grant == Widening(write_roots=("/srv/papers",))


async def test_a_job_is_shown_paused_run_and_removed_by_its_name(http: httpx2.AsyncClient) -> None:
    await http.post("/api/schedule/jobs", json=JOB)
    named = "/api/schedule/jobs/morning%20papers"

    assert (await http.get(named)).json()["job"]["id"] == 1
    assert (await http.post(f"{named}/pause")).json()["job"]["enabled"] is False
    assert (await http.post(f"{named}/resume")).json()["job"]["enabled"] is True
    assert (await http.post("/api/schedule/jobs/1/run")).status_code == 200
    firings = (await http.get("/api/schedule/history", params={"job": "morning papers"})).json()["firings"]
    assert [(firing["job"], firing["outcome"]) for firing in firings] == [("morning papers", "fired")]
    assert (await http.get("/api/schedule/jobs")).json()["total"] == 1
    assert (await http.delete(named)).status_code == 204
    assert (await http.get(named)).status_code == 404


@pytest.mark.parametrize("field", ["cron", "zone", "at", "event"])
async def test_an_empty_trigger_is_passed_on_as_it_was_said(http: httpx2.AsyncClient, scene: Scene, field: str) -> None:
    asked = {name: value for name, value in JOB.items() if name != "cron"}
    await http.post("/api/schedule/jobs", json=asked | {field: ""})
    heard = scene.scheduler.heard[0]
    assert isinstance(heard, AddJob)
    said = {"cron": heard.cron, "zone": heard.zone, "at": heard.at, "event": heard.event}
    assert said == {**dict.fromkeys(said), field: ""}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": " "}, "the name is empty"),
        ({"name": "x" * 101}, "the name has 101 characters"),
        ({"every_seconds": -1}, "every_seconds"),
        ({"every_seconds": True}, "every_seconds"),
        ({"in_seconds": "5"}, "in_seconds"),
        ({"grace_seconds": "5"}, "grace_seconds"),
        ({"job_type": "nonsense"}, "job_type"),
        ({"misfire": "maybe"}, "misfire"),
        ({"daily_limit": 0}, "daily_limit"),
        ({"grant": {"read_roots": ["papers"]}}, "papers is not an absolute path"),
        ({"cron": "x" * 201}, "the text has 201 characters"),
        ({"where": {"status": 3}}, "where"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_a_job_is_refused_with_a_sentence(
    http: httpx2.AsyncClient, scene: Scene, changes: dict[str, object], complaint: str
) -> None:
    response = await http.post("/api/schedule/jobs", json=JOB | changes)

    assert response.status_code == 422
    assert complaint in response.json()["detail"]
    assert scene.scheduler.heard == []
