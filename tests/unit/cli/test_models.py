from __future__ import annotations

import json

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

MODELS = {
    "models": [
        {
            "worker": "model_primary",
            "model": "tiny",
            "model_loaded": True,
            "endpoints": [
                {
                    "kind": "settings",
                    "url": "http://localhost:9/v1",
                    "model": "big",
                    "breaker": "half_open",
                    "capability": "capable",
                    "last_error": "connection refused",
                },
                {
                    "kind": "embedded",
                    "url": "",
                    "model": "tiny",
                    "breaker": "closed",
                    "capability": "basic",
                    "last_error": "",
                },
            ],
            "requests": 12,
            "errors": 1,
            "prompt_tokens": 340,
            "completion_tokens": 560,
            "latency_p50_seconds": 0.5,
            "latency_p95_seconds": None,
            "active": 0,
            "waiting": 0,
            "lesser": "A better model is being fetched.",
        }
    ],
    "missing": {"model_research": "it is stopped"},
}


def test_workers_endpoints_and_figures_are_shown(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models")
    assert shown.returncode == 0
    worker = next(line for line in shown.stdout.splitlines() if line.startswith("model_primary"))
    assert worker.split() == ["model_primary", "tiny", "yes", "12", "1", "340/560", "0.50", "s", "-", "0", "0"]
    assert "half open" in shown.stdout
    assert "connection refused" in shown.stdout
    assert shown.stderr == (
        "model_primary: A better model is being fetched. See: senter models list\n"
        "model_research did not answer: it is stopped\n"
    )
    assert json.loads(cli.run("models", "--json").stdout) == MODELS


def catalogue(state: str, *, done: int = 0, problem: str = "", left_out: str = "") -> Response:
    row = {
        "name": "tiny",
        "title": "Tiny",
        "good_for": "tests",
        "size_bytes": 2_000_000_000,
        "memory_mib": 1_024,
        "licence": "MIT",
        "checked": True,
        "state": state,
        "done_bytes": done,
        "place": "",
        "problem": problem,
    }
    return Response({"models": [row], "folder": "/cache", "left_out": left_out})


def test_the_catalogue_is_listed_with_how_far_each_model_is(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/weights"] = catalogue("fetching", done=500_000_000, left_out="the disk is small")
    shown = cli.run("models", "list")
    row = next(line for line in shown.stdout.splitlines() if line.startswith("tiny"))
    assert row.split() == ["tiny", "2.0", "GB", "1.0", "GiB", "25", "%", "tests"]
    assert "/cache" in shown.stdout
    assert "the disk is small" in shown.stderr


def test_getting_a_model_waits_until_it_is_here(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights"] = catalogue("waiting")
    daemon.routes["GET", "/api/weights"] = catalogue("here")
    shown = cli.run("models", "get", "TINY")
    assert (shown.returncode, shown.stdout) == (0, "TINY is here.\n")


def test_without_waiting_getting_a_model_says_that_it_comes(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights"] = catalogue("waiting")
    shown = cli.run("models", "get", "tiny", "--no-wait")
    assert (shown.returncode, shown.stdout) == (0, "tiny is being fetched.\n")


def test_a_model_that_cannot_be_fetched_or_is_removed_meanwhile_ends_the_wait(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights"] = catalogue("waiting")
    for answer, code in (
        (catalogue("waiting", problem="It is away."), "model_unavailable"),
        (catalogue("absent"), "conflict"),
    ):
        daemon.routes["GET", "/api/weights"] = answer
        assert cli.refused("models", "get", "tiny") == (1, code)
