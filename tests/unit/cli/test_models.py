from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.waiting import until

SETTINGS: dict[str, object] = {
    "kind": "settings",
    "url": "http://localhost:9/v1",
    "model": "big",
    "breaker": "half_open",
    "capability": "capable",
    "known_by": "measured",
    "native_tools": True,
    "json_schema": False,
    "streaming": True,
    "context_tokens": 32_768,
    "examined_at": "2026-01-02T03:04:05Z",
    "exam_running": False,
    "exam": "",
    "last_error": "connection refused",
}
EMBEDDED: dict[str, object] = {
    "kind": "embedded",
    "url": "",
    "model": "tiny",
    "breaker": "closed",
    "capability": "basic",
    "known_by": "family",
    "native_tools": None,
    "json_schema": None,
    "streaming": None,
    "context_tokens": None,
    "examined_at": None,
    "exam_running": False,
    "exam": "",
    "last_error": "",
}
WORKER: dict[str, object] = {
    "worker": "model_primary",
    "model": "tiny",
    "model_loaded": True,
    "planner": "big",
    "endpoints": [SETTINGS, EMBEDDED],
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
MODELS: dict[str, object] = {"models": [WORKER], "missing": {"model_research": "it is stopped"}}


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
    trust = [line.split() for line in shown.stdout.splitlines() if line.startswith(("big", "tiny"))]
    assert trust == [
        ["big", "capable", "measured", "yes", "no", "yes", "32,768"],
        ["tiny", "basic", "family", "-", "-", "-", "-"],
    ]
    assert "senter models exam tiny" in shown.stderr
    assert "model_primary: A better model is being fetched. See: senter models list\n" in shown.stderr
    assert "model_research did not answer: it is stopped\n" in shown.stderr
    assert json.loads(cli.run("models", "--json").stdout) == MODELS


def test_a_model_that_was_unloaded_is_said_to_come_back(cli: Cli, daemon: ScriptedDaemon) -> None:
    row = WORKER | {"model_loaded": False}
    daemon.routes["GET", "/api/models"] = Response({"models": [row], "missing": {}})
    assert "when asked" in cli.run("models").stdout.splitlines()[1]


def stands(**changes: object) -> Response:
    """The workers, with the endpoint of the settings changed so."""
    return Response({"models": [{**WORKER, "endpoints": [{**SETTINGS, **changes}, EMBEDDED]}], "missing": {}})


@asynccontextmanager
async def an_exam(cli: Cli, daemon: ScriptedDaemon, *arguments: str) -> AsyncGenerator[subprocess.Popen[str]]:
    """`senter models exam`, once it has seen that the exam goes on."""
    daemon.routes["GET", "/api/models"] = stands(exam_running=True, exam="Examining big: question 3 of 32 ...")
    daemon.routes["POST", "/api/exams"] = Response({"worker": "model_primary", "kind": "settings"}, 202)
    daemon.routes["DELETE", "/api/exams"] = Response(None, 204)
    process = cli.start("models", "exam", *arguments)
    await until(lambda: sum(method == "GET" and path == "/api/models" for method, path, _ in daemon.requests) > 2)
    with process:
        yield process


async def test_an_exam_is_waited_for_and_its_result_is_shown(cli: Cli, daemon: ScriptedDaemon) -> None:
    async with an_exam(cli, daemon, "big", "--json") as process:
        daemon.routes["GET", "/api/models"] = stands(examined_at="2026-02-02T00:00:00Z", capability="structured")
        shown, _ = await asyncio.to_thread(process.communicate, timeout=20)
    assert process.returncode == 0
    assert [(row["model"], row["capability"]) for row in json.loads(shown)] == [("big", "structured")]
    assert ("POST", "/api/exams", {"model": "big"}) in daemon.requests


async def test_an_exam_that_gave_no_level_says_why_and_fails(cli: Cli, daemon: ScriptedDaemon) -> None:
    async with an_exam(cli, daemon, "big", "--json") as process:
        daemon.routes["GET", "/api/models"] = stands(exam="The exam ended early: it took longer than 10 minutes.")
        shown, _ = await asyncio.to_thread(process.communicate, timeout=20)
    assert process.returncode == 1
    assert json.loads(shown)["error"]["code"] == "model_unavailable"
    assert "ended early" in shown


async def test_ctrl_c_ends_the_exam(cli: Cli, daemon: ScriptedDaemon) -> None:
    async with an_exam(cli, daemon, "big") as process:
        process.send_signal(signal.SIGINT)
    assert process.returncode in (130, -signal.SIGINT)
    assert ("DELETE", "/api/exams") in [(method, path) for method, path, _ in daemon.requests]


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
