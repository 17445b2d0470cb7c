from __future__ import annotations

import json
from pathlib import Path

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

WORKER: dict[str, object] = {
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
    "embedded": {
        "model": "tiny",
        "loaded": False,
        "measured": False,
        "read_tokens_per_second": 230.4,
        "write_tokens_per_second": 36,
        "reading_threads": 2,
        "writing_threads": 1,
        "batch_tokens": 69,
        "spares_memory": False,
        "memory_mib": 60,
    },
}
MODELS = {"models": [WORKER], "missing": {"model_research": "it is stopped"}}


def test_workers_endpoints_and_figures_are_shown(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models")
    assert shown.returncode == 0
    worker = next(line for line in shown.stdout.splitlines() if line.startswith("model_primary"))
    assert worker.split() == ["model_primary", "tiny", "yes", "12", "1", "340/560", "0.50", "s", "-", "0", "0"]
    assert "half open" in shown.stdout
    assert "connection refused" in shown.stdout
    for said in ("about 230 tokens/s", "2 to read, 1 to write", "69 tokens", "given back until someone asks"):
        assert said in shown.stdout
    assert shown.stderr == (
        "model_primary: A better model is being fetched. See: senter models list\n"
        "model_research did not answer: it is stopped\n"
    )
    assert json.loads(cli.run("models", "--json").stdout) == MODELS


def test_a_model_that_was_unloaded_is_said_to_come_back(cli: Cli, daemon: ScriptedDaemon) -> None:
    row = WORKER | {"model_loaded": False}
    daemon.routes["GET", "/api/models"] = Response({"models": [row], "missing": {}})
    assert "when asked" in cli.run("models").stdout.splitlines()[1]


def catalogue(state: str, *, done: int = 0, problem: str = "", left_out: str = "", checked: bool = True) -> Response:
    row = {
        "name": "tiny",
        "title": "Tiny",
        "good_for": "tests",
        "size_bytes": 2_000_000_000,
        "memory_mib": 1_024,
        "licence": "MIT",
        "checked": checked,
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
    assert row.split() == ["tiny", "2.0", "GB", "1.0", "GiB", "MIT", "25", "%", "tests"]
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


def test_a_model_that_was_not_checked_is_said_to_be_so(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/weights"] = catalogue("absent", checked=False)
    assert "Unchecked" in cli.run("models", "list").stderr
    daemon.routes["GET", "/api/weights"] = catalogue("absent")
    assert "Unchecked" not in cli.run("models", "list").stderr


def chosen(*, before: str = "auto", fetching: bool = False) -> Response:
    return Response({"model": "tiny", "before": before, "fetching": fetching})


def asked_for(daemon: ScriptedDaemon) -> list[object]:
    return [body for method, path, body in daemon.requests if (method, path) == ("POST", "/api/weights/use")]


def test_using_a_model_says_what_answers_now_and_how_to_undo_it(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights/use"] = chosen(before="other")
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models", "use", "tiny")
    assert shown.returncode == 0
    assert shown.stdout == "model_primary answers by tiny.\nUndo with: senter models use other\n"
    assert json.loads(cli.run("models", "use", "tiny", "--json").stdout) == {
        "model": "tiny",
        "before": "other",
        "answers": {"model_primary": "tiny"},
    }
    daemon.routes["POST", "/api/weights/use"] = chosen(before="tiny")
    assert "Undo" not in cli.run("models", "use", "tiny").stdout


def test_a_path_is_named_as_the_daemon_finds_it(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights/use"] = chosen()
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    for given, named in (
        ("mine.gguf", str(Path.cwd() / "mine.gguf")),
        ("~/models/mine", str(Path.home() / "models/mine")),
        ("TINY", "TINY"),
    ):
        cli.run("models", "use", given)
        assert asked_for(daemon)[-1] == {"model": named}


def test_a_model_that_is_not_here_is_fetched_before_it_is_used(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/weights/use"] = chosen(fetching=True)
    daemon.routes["GET", "/api/weights"] = catalogue("here")
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models", "use", "tiny")
    assert shown.returncode == 0
    assert "2.0 GB are fetched first" in shown.stderr
    assert asked_for(daemon) == [{"model": "tiny"}, {"model": "tiny"}]

    daemon.routes["GET", "/api/weights"] = catalogue("waiting", problem="It is away.")
    assert cli.refused("models", "use", "tiny") == (1, "model_unavailable")
    assert len(asked_for(daemon)) == 3


def test_a_model_that_cannot_be_loaded_is_said_and_what_was_set_before_is_set_again(
    cli: Cli, daemon: ScriptedDaemon
) -> None:
    broken = json.loads(json.dumps(MODELS))
    worker = broken["models"][0]
    worker["model_loaded"] = False
    worker["endpoints"][1]["last_error"] = "it is damaged"
    daemon.routes["POST", "/api/weights/use"] = chosen(before="other")
    daemon.routes["GET", "/api/models"] = Response(broken)
    assert cli.refused("models", "use", "tiny") == (1, "model_unavailable")
    assert asked_for(daemon) == [{"model": "tiny"}, {"model": "other"}]


def test_removing_a_model_says_who_goes_on_with_it(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["DELETE", "/api/weights/tiny"] = Response(None, 204)
    daemon.routes["GET", "/api/models"] = Response(MODELS)
    shown = cli.run("models", "remove", "tiny")
    assert shown.stdout == "Removed: tiny\n"
    assert shown.stderr == "model_primary answers by it until it is loaded anew, and then by another.\n"
