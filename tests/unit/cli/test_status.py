from __future__ import annotations

import json
import shutil

from senter.paths import Paths
from tests.support.scripted_daemon import Answer, Cli, ScriptedDaemon, component_row, running_status


def test_json_is_what_the_supervisor_said(cli: Cli, daemon: ScriptedDaemon) -> None:
    shown = cli.run("status", "--json")
    assert shown.returncode == 0
    assert json.loads(shown.stdout) == {**running_status(), "outdated": False}


def test_the_table_shows_state_pid_uptime_restarts_and_health(cli: Cli, daemon: ScriptedDaemon) -> None:
    degraded: dict[str, object] = {"status": "degraded", "detail": "no model server", "facts": {}}
    rows = {
        "assistant": component_row(),
        "model_primary": component_row(restarts=3, health=degraded),
        "api": component_row("stopped"),
        "model_research": component_row("backing_off", reason="killed by SIGKILL; next try in 0.5 s"),
        "nats-server": component_row("stopped_by_repeated_failure", reason="5 failures in 300 s"),
        "reporter": component_row("disabled"),
    }
    daemon.control = lambda command, component: {"result": running_status(**rows)}
    lines = cli.run("status").stdout.splitlines()
    assert lines[0] == "SENTER DAEMON"
    assert "pid 4242" in lines[1]
    assert "2h 15m" in lines[1]
    columns = lines[3].split()
    assert columns == ["Component", "Status", "PID", "Uptime", "Restarts", "Health"]
    shown = {line.split()[0]: line for line in lines[4:10]}
    assert shown["assistant"].split()[1:] == ["\N{CHECK MARK}", "Running", "4243", "2h", "15m", "0", "healthy"]
    assert "degraded" in shown["model_primary"]
    assert "\N{BALLOT X} Stopped" in shown["api"]
    assert "Backing off" in shown["model_research"]
    assert "\N{BALLOT X} Stopped by repeated failure" in shown["nats-server"]
    assert "Disabled" in shown["reporter"]
    assert "model_research: killed by SIGKILL; next try in 0.5 s" in lines
    assert "model_primary: no model server" in lines


def test_it_is_said_by_what_goals_are_planned(cli: Cli, daemon: ScriptedDaemon) -> None:
    for planner in ("gpt-5", "rules"):
        health: dict[str, object] = {"status": "healthy", "detail": "", "facts": {"planner": planner}}
        rows = {"model_research": component_row(health=health)}
        daemon.control = lambda command, component, rows=rows: {"result": running_status(**rows)}
        assert f"Goals are planned by {planner}" in cli.run("status").stdout


def test_one_component_is_shown_with_its_restarts(cli: Cli, daemon: ScriptedDaemon) -> None:
    history = [
        {
            "at": "2026-01-02T03:04:05+00:00",
            "unit": "assistant",
            "reason": "killed by SIGKILL",
            "outcome": "restarted",
            "downtime_seconds": 0.06,
        }
    ]
    daemon.control = lambda command, component: {"result": {**component_row(), "history": history}}
    shown = cli.run("status", "assistant")
    assert daemon.commands == [("describe", "assistant")]
    assert "killed by SIGKILL" in shown.stdout
    assert "60 ms" in shown.stdout
    assert "2h 15m" in shown.stdout
    assert json.loads(cli.run("status", "assistant", "--json").stdout)["history"] == history


def test_a_misspelt_component_is_wrong_use(cli: Cli, daemon: ScriptedDaemon) -> None:
    for command in ("status", "restart", "stop", "start"):
        assert cli.refused(command, "asistant") == (2, "unknown_component")


def test_what_a_component_says_cannot_drive_the_terminal(cli: Cli, daemon: ScriptedDaemon) -> None:
    def control(command: str, component: str | None) -> Answer:
        return {"result": running_status(assistant=component_row(reason="\x1b]0;owned\x07bad"))}

    daemon.control = control
    shown = cli.run("status").stdout
    assert "\x1b" not in shown
    assert "bad" in shown


def test_an_error_of_the_supervisor_is_told_as_it_is(cli: Cli, daemon: ScriptedDaemon) -> None:
    error = {"code": "conflict", "message": "assistant is disabled.", "hint": "Enable it."}
    daemon.control = lambda command, component: {"error": error}
    refused = cli.run("start", "assistant", "--json")
    assert (refused.returncode, json.loads(refused.stdout)) == (1, {"error": error})


def test_a_home_that_is_gone_is_a_daemon_that_does_not_run(cli: Cli) -> None:
    shutil.rmtree(Paths(cli.home).run)
    assert cli.run("status").returncode == 3
