from __future__ import annotations

import httpx2
import pytest
import structlog
from fastapi import APIRouter
from starlette.types import Receive, Scope, Send

from senter.clock import SystemClock
from senter.components.api.application import build_application
from senter.components.api.gate import Gate
from senter.components.api.metrics import Requests
from senter.components.api.problems import STATUS_BY_CODE, ProblemHandlers, problem_of, status_of
from senter.components.api.settings import ApiSettings
from senter.errors import InvalidInput, SenterError
from tests.support.api_stage import Scene


async def divide() -> float:
    return 1 / 0


def test_every_code_in_the_table_is_one_an_error_has() -> None:
    assert set(STATUS_BY_CODE) <= set(SenterError.by_code)


def test_an_error_the_table_does_not_know_is_a_failure_of_senter() -> None:
    assert status_of(SenterError("odd")) == 500


def test_a_problem_carries_what_the_error_says() -> None:
    problem = problem_of(InvalidInput("No.", "Try yes."), "r1")

    assert problem.model_dump() == {
        "type": "urn:senter:problem:invalid_input",
        "title": "Cannot be understood",
        "status": 422,
        "detail": "No.",
        "hint": "Try yes.",
        "code": "invalid_input",
        "request_id": "r1",
    }


async def test_a_defect_is_told_without_its_traceback_and_logged_with_it() -> None:
    router = APIRouter()
    router.add_api_route("/broken", divide)
    with structlog.testing.capture_logs() as logged:
        app = build_application([router], ProblemHandlers(structlog.stdlib.get_logger()))
        gate = Gate(app, ApiSettings(), "t", Requests(), SystemClock())
        transport = httpx2.ASGITransport(OverUnix(gate), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://senter") as http:
            response = await http.get("/broken")

    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert "division" not in response.text
    (line,) = logged
    assert line["event"] == "request_crashed"
    assert isinstance(line["exc_info"], ZeroDivisionError)


class OverUnix:
    """Marks requests as the connection does."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._gate({**scope, "state": {"over": "unix"}}, receive, send)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/", 404, "not_found"),
        ("PUT", "/api/query", 405, "method_not_allowed"),
        ("GET", "/api/conversations/unknown", 404, "not_found"),
        ("GET", "/api/conversations/%00", 422, "invalid_input"),
        ("GET", "/api/conversations?limit=0", 422, "invalid_input"),
        ("GET", "/api/dead-letters/0", 422, "invalid_input"),
        ("DELETE", "/api/dead-letters/99999999999999999999", 422, "invalid_input"),
        ("POST", "/api/dead-letters/3/replay", 404, "not_found"),
    ],
)
async def test_what_does_not_exist_or_fit_is_a_problem(
    http: httpx2.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await http.request(method, path)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize("offered", ["a" * 129, "with space", "ä".encode().decode("latin-1"), '"<script>"'])
async def test_a_request_id_that_is_not_sane_is_replaced(http: httpx2.AsyncClient, offered: str) -> None:
    response = await http.get("/healthz", headers={b"X-Request-Id": offered.encode("latin-1")})

    assert len(response.headers["x-request-id"]) == 32


async def test_problems_over_http_name_the_request(http: httpx2.AsyncClient, scene: Scene) -> None:
    response = await http.get("/nowhere", headers={"X-Request-Id": "look-for-me"})

    assert response.json()["request_id"] == "look-for-me"
