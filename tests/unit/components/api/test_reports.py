"""Progress, visits, digests and notifications over HTTP, with a reporter that a test scripts."""

from __future__ import annotations

import httpx2
import pytest

from tests.support.api_stage import Scene


async def test_progress_is_no_visit_until_it_is_said(http: httpx2.AsyncClient, scene: Scene) -> None:
    found = (await http.get("/api/progress?hours=48")).json()
    assert (found["hours"], found["total"], found["away"]["count"]) == (48.0, 1, 1)
    assert found["kept"][0]["body"] == "Failed: it - why"
    assert scene.reporter.visits == []
    assert (await http.post("/api/visits", json=found["seen"])).status_code == 204
    assert scene.reporter.visits[0].notification_ids == (3,)
    assert (await http.get("/api/progress")).json()["away"]["count"] == 0


async def test_a_digest_has_these_fields_and_no_others(http: httpx2.AsyncClient) -> None:
    found = (await http.get("/api/digest")).json()
    assert set(found) == {
        "type",
        "day",
        "period_hours",
        "activity_count",
        "summary",
        "sections",
        "not_looked_at",
        "lines",
        "by_type",
        "audit_head",
        "generated_at",
    }
    assert (await http.get("/api/digest?day=yesterday")).json()["type"] == "day"


async def test_a_test_is_a_dry_run_unless_it_is_said(http: httpx2.AsyncClient, scene: Scene) -> None:
    looked = await http.post("/api/notifications/test", json={})
    sent = await http.post("/api/notifications/test", json={"url": "ntfy://h/t", "dry_run": False})
    assert looked.json()["targets"][0]["sent"] is None
    assert sent.json()["targets"][0]["sent"] is True
    assert [(one.url, one.dry_run) for one in scene.reporter.tests] == [("", True), ("ntfy://h/t", False)]
    assert len((await http.get("/api/notifications")).json()["notifications"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/progress?hours=0", None),
        ("GET", "/api/progress?hours=-1", None),
        ("GET", "/api/progress?hours=nan", None),
        ("GET", "/api/progress?hours=99999", None),
        ("GET", "/api/progress?limit=0", None),
        ("GET", "/api/digest?day=nonsense", None),
        ("GET", "/api/digest?day=" + "x" * 30, None),
        ("POST", "/api/visits", {"activity_id": -1}),
        ("POST", "/api/visits", {"activity_id": 10**20}),
        ("POST", "/api/visits", {"notification_ids": list(range(1, 200))}),
        ("POST", "/api/notifications/test", {"url": "x" * 5_000}),
        ("POST", "/api/notifications/test", {"url": "a\x00b"}),
        ("POST", "/api/notifications/test", {"urls": []}),
    ],
)
async def test_nonsense_is_refused_with_a_sentence(
    http: httpx2.AsyncClient, scene: Scene, method: str, path: str, body: dict[str, object] | None
) -> None:
    answer = await http.request(method, path, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]
    assert (scene.reporter.visits, scene.reporter.tests) == ([], [])
