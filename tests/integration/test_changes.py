"""Settings that change while the daemon runs, and requests that come at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from senter.client import call_control
from senter.operations.scratch import ScratchDaemon, scratch_daemon, wait_until
from tests.support.daemon import Section, history, quick_settings, row, senter, short_home

pytestmark = pytest.mark.process

SELDOM: Section = {"heartbeat_seconds": 2.0}


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as folder:
        yield folder


def change(daemon: ScratchDaemon, assistant: Section, research: Section) -> None:
    text = quick_settings(supervisor=SELDOM, assistant=assistant, models__research=research)
    daemon.paths.settings.write_text(text)


def test_a_restart_by_name_takes_changed_settings_up_at_once(home: Path) -> None:
    with scratch_daemon(home, quick_settings(supervisor=SELDOM)) as daemon:
        before = daemon.pids()
        change(daemon, {"enabled": False}, {"max_tokens": 100})
        refused = senter(home, "restart", "assistant")
        assert refused.code == 1
        assert "disabled" in refused.err
        daemon.wait_for("model_research", "running", not_pid=before["model_research"])
        change(daemon, {}, {})
        assert senter(home, "start", "assistant").code == 0


def test_settings_that_cannot_be_used_are_in_the_status_until_they_can(home: Path) -> None:
    with scratch_daemon(home, quick_settings()) as daemon:
        pid, usable = daemon.pid("assistant"), daemon.paths.settings.stat()
        good = daemon.paths.settings.read_text()

        def problem() -> str:
            return str(call_control(daemon.paths, "status")["settings_problem"])

        for broken in ("[assistant\n", '[assistant]\nhistory_turns = "many"\n'):
            daemon.paths.settings.write_text(broken)
            wait_until(lambda: "settings.toml" in problem(), "nothing is said", 10)
            assert "not in use" in senter(home, "status").out
            daemon.paths.settings.write_text(good)
            os.utime(daemon.paths.settings, ns=(usable.st_atime_ns, usable.st_mtime_ns))
            wait_until(lambda: not problem(), "it is still said", 10)
        assert daemon.pid("assistant") == pid


def test_a_component_that_was_given_up_runs_when_its_restart_returns(home: Path) -> None:
    limits: Section = {"fast_limit": 1}
    with scratch_daemon(home, quick_settings(supervisor=limits)) as daemon:
        daemon.kill("assistant")
        daemon.wait_for("assistant", "stopped_by_repeated_failure")
        restarted = senter(home, "restart", "assistant", "--json")
        assert (restarted.code, restarted.json["state"]) == (0, "running")


def test_more_and_fewer_research_workers_come_and_go_while_the_daemon_runs(home: Path) -> None:
    with scratch_daemon(home, quick_settings()) as daemon:
        kept = {name: daemon.pid(name) for name in ("zygote", "api", "assistant", "model_primary")}
        daemon.paths.settings.write_text(quick_settings(models__research={"count": 3}))
        more = {"model_research_2", "model_research_3"}
        wait_until(lambda: more <= daemon.pids().keys(), "they are not there", 10)
        server = daemon.kill("nats-server")
        daemon.wait_for("nats-server", "running", not_pid=server)
        killed = daemon.kill("model_research_3")
        daemon.wait_for("model_research_3", "running", not_pid=killed)
        daemon.paths.settings.write_text(quick_settings())
        wait_until(lambda: "model_research_2" not in daemon.pids(), "a worker is left", 10)
        daemon.wait_for("model_research", "running")
        assert {name: daemon.pid(name) for name in kept} == kept


def test_a_component_that_was_stopped_stays_so_when_its_settings_change(home: Path) -> None:
    with scratch_daemon(home, quick_settings()) as daemon:
        assert senter(home, "stop", "assistant").code == 0
        daemon.paths.settings.write_text(quick_settings(assistant={"history_turns": 3}))
        log = daemon.paths.log("supervisor")
        wait_until(lambda: "settings_applied" in log.read_text(), "nothing was applied", 10)
        assert daemon.component("assistant")["state"] == "stopped"


def test_requests_at_once_for_one_component_are_all_answered_and_leave_one_process(home: Path) -> None:
    with scratch_daemon(home, quick_settings()) as daemon:
        answers: list[object] = []

        def ask(command: str) -> None:
            answers.append(call_control(daemon.paths, command, "assistant")["state"])

        commands = ["restart", "stop", "start", "restart", "start", "restart"]
        threads = [threading.Thread(target=ask, args=(command,)) for command in commands]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == len(commands)
        assert senter(home, "start", "assistant").code == 0
        assert row(daemon, "assistant")["restarts"] == 0
        assert all(entry["reason"] == "asked to" for entry in history(home, "assistant"))


@pytest.mark.parametrize("name", ["a b", "ünï-çødé", "x" * 150])
def test_a_home_may_have_any_name(home: Path, name: str) -> None:
    with scratch_daemon(home / name, quick_settings()) as daemon:
        assert daemon.component("assistant")["state"] == "running"
        daemon.kill("assistant")
        daemon.wait_for("assistant", "running")
