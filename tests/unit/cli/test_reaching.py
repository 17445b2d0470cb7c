"""A daemon at hand: who may start it, and what is said of one that was started from other code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from senter.fingerprint import fingerprint_of
from tests.support.scripted_daemon import Answer, Cli, Response, ScriptedDaemon, running_status

FOLDERS = {("GET", "/api/documents"): Response({"folders": [], "skipped": []})}
OUTDATED = "Senter was updated while it was running: restart it with: senter restart\n"


def answering(code: str) -> Answer:
    return {"result": {**running_status(), "code": code}}


def test_a_daemon_of_the_same_code_is_asked_and_nothing_is_said(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes |= FOLDERS
    asked = cli.run("documents", "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert daemon.commands == [("identify", None)]


def test_a_daemon_of_other_code_is_said_once_beside_the_answer(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes |= FOLDERS
    daemon.control = lambda command, component: answering("older")
    asked = cli.run("documents", "--json")
    assert json.loads(asked.stdout) == {"folders": [], "skipped": []}
    assert asked.stderr == OUTDATED
    assert json.loads(cli.run("status", "--json").stdout)["outdated"] is True
    assert OUTDATED in cli.run("status").stdout


def test_a_daemon_that_cannot_say_its_code_is_older(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes |= FOLDERS

    def control(command: str, component: str | None) -> Answer:
        if command == "status":
            return {"result": {name: value for name, value in running_status().items() if name != "code"}}
        return {"error": {"code": "invalid_input", "message": "There is no control command.", "hint": ""}}

    daemon.control = control
    assert cli.run("documents").stderr == OUTDATED
    assert OUTDATED in cli.run("status").stdout


def test_what_an_older_daemon_answers_otherwise_is_said_and_no_traceback(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes |= {("GET", "/api/goals"): Response({"goals": [{"number": 1}], "total": 1, "stopped": False})}
    daemon.control = lambda command, component: answering("older")
    asked = cli.run("goals")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "Restart it with: senter restart" in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize(
    "written", ['[user]\ntimezone = "Asia/Tokyo"\n', '[scheduler]\ntimezone = "Asia/Tokyo"\n[user]\nname = "Anna"\n']
)
def test_times_are_shown_in_the_zone_that_is_set_wherever_it_stands(written: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(written)
    moment = Cli(tmp_path).run("understand", "call mom at 9", "--json")
    assert "Asia/Tokyo" in moment.stdout


@pytest.mark.parametrize(
    "arguments", [("goals", "--no-start"), ("remind", "--no-start"), ("timer", "--no-start"), ("remind", "x")]
)
def test_where_nothing_is_to_be_started_a_command_fails_with_what_to_do(cli: Cli, arguments: tuple[str, ...]) -> None:
    environment = {} if "--no-start" not in arguments else {"SENTER_NO_START": ""}
    done = Cli(cli.home, environment).run(*arguments, *(["--in", "1h"] if "x" in arguments else []))
    assert (done.returncode, done.stdout) == (3, "")
    assert "senter start" in done.stderr
    assert not (cli.home / "run" / "senter.pid").exists()


@pytest.mark.parametrize(
    "arguments", [("status",), ("stop",), ("logs",), ("config",), ("service", "status"), ("version",), ("--help",)]
)
def test_what_looks_after_the_program_starts_nothing(cli: Cli, arguments: tuple[str, ...]) -> None:
    Cli(cli.home, {"SENTER_NO_START": ""}).run(*arguments)
    assert not (cli.home / "run" / "senter.pid").exists()


def test_the_fingerprint_follows_the_files_and_not_what_python_leaves_there(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("a = 1\n")
    before = fingerprint_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert fingerprint_of(tmp_path) == before
    (tmp_path / "inner" / "a.py").write_text("a = 22\n")
    (tmp_path / ".#a.py").symlink_to("nowhere")
    assert fingerprint_of(tmp_path) != before
