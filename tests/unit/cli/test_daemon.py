from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from senter.cli.daemon import start
from senter.cli.starting import BriefPrinter, StartReport, StepPrinter, follow_start
from senter.errors import AlreadyRunning, SettingsError, StartError
from senter.paths import Paths
from senter.supervisor.launch import StartLine
from tests.support.scripted_daemon import Answer, Cli, ScriptedDaemon, component_row, running_status


def lines(*last: StartLine, warn: bool = False) -> Iterator[StartLine]:
    yield {"step": 1, "title": "Settings", "status": "ok", "text": "settings.toml", "hint": ""}
    if warn:
        yield {"step": 2, "title": "Port", "status": "warn", "text": "8765 is taken", "hint": "Set api.port."}
        yield {"step": 2, "title": "Port", "status": "ok", "text": "socket", "hint": ""}
    yield from last


def test_each_step_is_printed_once_with_its_outcomes(capsys: pytest.CaptureFixture[str]) -> None:
    report = follow_start(lines({"done": True, "warnings": 1}, warn=True), StepPrinter())
    assert report.warnings == 1
    assert capsys.readouterr().out.splitlines() == [
        "[1/10] Settings",
        "  [OK] settings.toml",
        "[2/10] Port",
        "  [WARN] 8765 is taken",
        "       Set api.port.",
        "  [OK] socket",
    ]


def test_a_start_on_the_way_to_something_else_keeps_warnings_and_what_begins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begins: StartLine = {"step": 3, "title": "Models", "status": "ok", "text": "Fetching.", "hint": "Leave it out."}
    follow_start(lines(begins, {"done": True}, warn=True), BriefPrinter())
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == ["Starting Senter.", "[WARN] 8765 is taken", "Fetching. Leave it out."]


def test_small_leaves_the_default_model_out_of_what_is_started(
    cli: Cli, daemon: ScriptedDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTER_MODELS__FETCH", "auto")
    monkeypatch.setenv("SENTER_HOME", str(cli.home))
    for command in ("start", "ask", "query", "goal add", "restart"):
        assert "--small" in cli.run(*command.split(), "--help").stdout
    assert CliRunner().invoke(start, ["--small"]).exit_code == 0
    assert os.environ["SENTER_MODELS__FETCH"] == "never"


def test_a_failed_start_shows_what_failed_and_raises_it(capsys: pytest.CaptureFixture[str]) -> None:
    failed: StartLine = {"step": 2, "title": "Lock", "status": "fail", "text": "It is held.", "hint": "Wait."}
    with pytest.raises(StartError) as caught:
        follow_start(lines(failed, {"failed": True, "text": "It is held.", "hint": "Wait."}), StepPrinter())
    assert (caught.value.message, caught.value.hint) == ("It is held.", "Wait.")
    assert "  [FAIL] It is held." in capsys.readouterr().out.splitlines()


def test_that_another_start_was_faster_is_not_shown_as_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    failed: StartLine = {"step": 2, "title": "Lock", "status": "fail", "text": "Already running.", "hint": ""}
    with pytest.raises(AlreadyRunning):
        follow_start(lines(failed, {"failed": True, "code": "already_running", "text": "pid 7"}), StepPrinter())
    assert "[FAIL]" not in "".join(capsys.readouterr())


def test_a_failed_start_keeps_the_kind_of_the_error() -> None:
    last: StartLine = {"failed": True, "code": "settings_error", "text": "api.prot is not known.", "hint": ""}
    with pytest.raises(SettingsError):
        follow_start(lines(last), StepPrinter())


def test_a_daemon_that_ends_in_mid_start_is_a_failure() -> None:
    with pytest.raises(StartError, match="ended while it was starting"):
        follow_start(lines(), StepPrinter())


def test_nothing_warned_means_no_warnings() -> None:
    assert isinstance(follow_start(lines({"done": True, "warnings": 0}), StepPrinter()), StartReport)


def test_starting_what_runs_is_fine(cli: Cli, daemon: ScriptedDaemon) -> None:
    assert json.loads(cli.run("start", "--json").stdout) == {
        "already_running": True,
        "pid": 4242,
        "warnings": 0,
        "steps": [],
    }


@pytest.mark.parametrize("command", ["start", "stop", "restart"])
def test_one_component_is_commanded_by_name(cli: Cli, daemon: ScriptedDaemon, command: str) -> None:
    shown = cli.run(command, "assistant")
    assert daemon.commands == [(command, "assistant")]
    assert (shown.returncode, shown.stdout) == (0, "assistant: running (pid 4243)\n")
    assert json.loads(cli.run(command, "assistant", "--json").stdout)["state"] == "running"


def test_foreground_is_for_the_whole_daemon(cli: Cli) -> None:
    assert cli.refused("start", "assistant", "--foreground") == (2, "wrong_use")


def test_stop_returns_when_the_daemon_is_gone(cli: Cli, daemon: ScriptedDaemon) -> None:
    looks = iter(["stopping", "stopping"])

    def control(command: str, component: str | None) -> Answer:
        if command == "stop":
            return {"result": {"state": "stopping"}}
        state = next(looks, None)
        if state is None:
            daemon.paths.control_socket.unlink(missing_ok=True)
        return {"result": running_status() | {"state": state or "stopping"}}

    daemon.control = control
    shown = cli.run("stop")
    assert (shown.returncode, shown.stdout) == (0, "Senter has stopped.\n")
    assert daemon.commands[0] == ("stop", None)
    assert not daemon.paths.control_socket.exists()


def test_a_daemon_that_hangs_up_while_it_stops_has_still_stopped(cli: Cli, daemon: ScriptedDaemon) -> None:
    def control(command: str, component: str | None) -> Answer:
        daemon.paths.control_socket.unlink()
        raise ConnectionAbortedError("scripted: gone in mid-answer")

    daemon.control = control
    shown = cli.run("stop")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "Senter has stopped.\n", "")


def test_a_component_that_was_given_up_is_a_failure(cli: Cli, daemon: ScriptedDaemon) -> None:
    given_up = component_row("stopped_by_repeated_failure", reason="5 failures in 300 s")
    daemon.control = lambda command, component: {"result": given_up}
    assert cli.refused("start", "assistant") == (1, "component_error")


@pytest.mark.parametrize("options", [(), ("--foreground",)])
def test_why_a_start_failed_is_said_with_its_step_and_as_an_error(cli: Cli, options: tuple[str, ...]) -> None:
    Paths(cli.home).settings.write_text("[api]\nprot = 1\n")
    refused = cli.run("start", *options)
    assert refused.returncode == 1
    assert refused.stdout.startswith("[1/10] Reading the settings\n  [FAIL] ")
    assert refused.stderr.startswith("Error: ")
    assert refused.stderr.count("api.prot is not a setting") == refused.stdout.count("api.prot is not a setting") == 1


@pytest.mark.parametrize("options", [(), ("--foreground",)])
def test_where_both_go_to_one_place_it_is_said_once(cli: Cli, options: tuple[str, ...]) -> None:
    Paths(cli.home).settings.write_text("[api]\nprot = 1\n")
    argv, environment = cli.command("start", *options)
    refused = subprocess.run(
        argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stdout.count("api.prot is not a setting") == 1
