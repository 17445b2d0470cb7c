"""Components stopped, disabled and named wrongly; and everything that works while the API is down."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.support.daemon import (
    Modelled,
    history,
    modelled_daemon,
    others,
    quick_settings,
    senter,
    short_home,
)
from tests.support.scratch import ScratchDaemon

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon() as running:
        yield running


@pytest.fixture
def daemon(modelled: Modelled) -> ScratchDaemon:
    return modelled.daemon


@pytest.mark.parametrize("name", ["api", "assistant", "model_primary", "model_research"])
def test_one_component_is_stopped_started_and_restarted_by_name(daemon: ScratchDaemon, name: str) -> None:
    home, untouched, first = daemon.paths.home, others(daemon, name), daemon.pid(name)
    assert senter(home, "stop", name).out == f"{name}: stopped\n"
    assert (daemon.component(name)["state"], daemon.component(name)["pid"]) == ("stopped", None)
    assert senter(home, "stop", name).code == 0
    started = senter(home, "start", name)
    assert (started.code, started.out.split(" ")[:2]) == (0, [f"{name}:", "running"]), started.all
    second = daemon.pid(name)
    assert second not in (0, first)
    assert senter(home, "restart", name).code == 0
    assert daemon.pid(name) not in (0, second)
    assert others(daemon, name) == untouched
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_status_stop_start_restart_and_logs_work_while_the_api_is_stopped(daemon: ScratchDaemon) -> None:
    home = daemon.paths.home
    assert senter(home, "stop", "api").code == 0
    try:
        status = senter(home, "status", "--json")
        assert (status.code, status.json["state"]) == (0, "running")
        assert status.status["components"]["api"]["state"] == "stopped"
        count = len(status.status["components"])
        assert status.json["health_score"] == round(100 * (count - 1) / count)
        assert senter(home, "restart", "assistant").code == 0
        assert senter(home, "stop", "model_research").code == 0
        assert senter(home, "start", "model_research").code == 0
        assert "started" in senter(home, "logs", "assistant").out
        assert senter(home, "config", "check").code == 0
        asked = senter(home, "ask", "--json", "Anyone?")
        assert (asked.code, asked.error["code"]) == (1, "unavailable")
        assert "senter start api" in asked.error["hint"]
    finally:
        assert senter(home, "start", "api").code == 0


def test_status_and_stop_work_while_the_api_hangs() -> None:
    with modelled_daemon(supervisor={"stop_grace_seconds": 2.0}) as (daemon, _):
        hung = daemon.kill("api", signal.SIGSTOP)
        status = senter(daemon.paths.home, "status", "--json")
        assert (status.code, status.status["components"]["api"]["pid"]) == (0, hung)
        assert senter(daemon.paths.home, "logs").code == 0
        stopped = senter(daemon.paths.home, "stop")
        assert (stopped.code, stopped.all) == (0, "Senter has stopped.\n")


def test_a_question_that_needs_a_stopped_component_says_so(daemon: ScratchDaemon) -> None:
    home = daemon.paths.home
    for name in ("assistant", "model_primary"):
        assert senter(home, "stop", name).code == 0
        asked = senter(home, "ask", "--json", "Anyone?")
        assert (asked.code, asked.error["code"]) == (1, "unavailable")
        assert asked.error["message"].startswith(f"{name} is stopped")
        assert asked.error["hint"] == f"Start it with: senter start {name}"
        assert senter(home, "start", name).code == 0


@pytest.mark.parametrize("command", ["stop", "start", "restart", "status", "logs"])
def test_an_unknown_component_is_wrong_use_and_the_right_name_is_guessed(daemon: ScratchDaemon, command: str) -> None:
    said = senter(daemon.paths.home, command, "asistant", *(["--json"] if command != "logs" else []))
    assert said.code == 2
    assert "There is no component 'asistant'. Did you mean assistant?" in said.all


def test_an_unknown_command_is_wrong_use_and_the_right_one_is_guessed(daemon: ScratchDaemon) -> None:
    said = senter(daemon.paths.home, "stauts")
    assert said.code == 2
    assert "There is no command 'stauts'. Did you mean status?" in said.err


@pytest.mark.parametrize("name", ["nats-server", "zygote"])
def test_what_carries_everything_else_can_be_restarted_but_not_stopped_alone(daemon: ScratchDaemon, name: str) -> None:
    refused = senter(daemon.paths.home, "stop", name)
    assert refused.code == 1
    assert f"{name} carries everything else." in refused.err
    before = daemon.pids()
    assert senter(daemon.paths.home, "restart", name).code == 0
    assert daemon.pid(name) != before[name]
    assert others(daemon, name) == {other: pid for other, pid in before.items() if other != name}
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


@pytest.mark.parametrize(
    "name, section", [("assistant", "assistant"), ("model_primary", "models__primary"), ("api", "api")]
)
def test_a_disabled_component_shows_as_disabled_costs_no_score_and_what_needs_it_says_so(
    modelled: Modelled, name: str, section: str
) -> None:
    """One that is disabled from the start is the next test's."""
    daemon, model = modelled
    home = daemon.paths.home
    daemon.paths.settings.write_text(quick_settings(model.url, **{section: {"enabled": False}}))
    daemon.wait_for(name, "disabled")
    assert daemon.component(name)["pid"] is None
    assert daemon.status()["health_score"] == 100
    assert "Disabled" in senter(home, "status").out
    asked = senter(home, "ask", "--json", "Anyone?")
    assert (asked.code, asked.error["code"]) == (1, "unavailable")
    if name != "api":
        assert asked.error["message"].startswith(f"{name} is disabled in the settings")
    started = senter(home, "start", name)
    assert started.code == 1
    assert f"{name} is disabled." in started.err

    daemon.paths.settings.write_text(quick_settings(model.url))
    daemon.wait_for(name, "running")
    assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_the_research_worker_alone_may_be_disabled_without_anyone_missing_it() -> None:
    with modelled_daemon(models__research={"enabled": False}) as (daemon, _):
        assert daemon.component("model_research")["state"] == "disabled"
        assert daemon.status()["health_score"] == 100
        assert daemon.client.ask("What is Python?")["response"] == "Hello there"


def test_the_restart_history_tells_time_reason_outcome_and_downtime(daemon: ScratchDaemon) -> None:
    killed = daemon.kill("assistant")
    daemon.wait_for("assistant", "running", not_pid=killed)
    shown = senter(daemon.paths.home, "status", "assistant")
    assert "killed by SIGKILL" in shown.out
    newest = history(daemon.paths.home, "assistant")[0]
    assert set(newest) == {"at", "unit", "reason", "outcome", "downtime_seconds"}
    assert 0 < (newest["downtime_seconds"] or 0) < 10


def test_commands_for_a_daemon_that_does_not_run_say_so_with_exit_code_3() -> None:
    with short_home() as home:
        for arguments in (
            ["status"],
            ["stop"],
            ["stop", "api"],
            ["restart", "api"],
            ["models", "--no-start"],
            ["conversations", "list", "--no-start"],
        ):
            said = senter(home, *arguments, "--json")
            assert (said.code, said.error["code"]) == (3, "not_running"), arguments
        assert senter(home, "ask", "--no-start", "--json", "Anyone?").code == 3
