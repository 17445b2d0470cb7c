"""Settings that change while the daemon runs, and requests that come at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from senter.client import call_control
from senter.components.models.gguf import installed_model
from senter.operations.scratch import wait_until
from tests.support.daemon import NO_MODEL, Section, history, quick_settings, row, senter, short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

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


@pytest.mark.model
def test_the_model_that_a_person_chooses_answers_and_another_one_where_its_file_goes_bad(home: Path) -> None:
    embedded: Section = {**NO_MODEL, "embedded": True, "max_tokens": 20}
    settings = quick_settings(supervisor=SELDOM, models__primary=embedded, models__research=embedded)
    installed, mine = installed_model(), home / "mine.gguf"
    assert installed is not None
    mine.write_bytes(installed.read_bytes())
    with scratch_daemon(home, settings) as daemon:
        used = senter(home, "models", "use", str(mine))
        assert used.out.splitlines() == [
            "model_primary answers by mine.",
            "model_research answers by mine.",
            "Undo with: senter models use auto",
        ]
        assert senter(home, "ask", "--json", "Say hello.").json["model"] == "mine"
        # Written over in place while it is mapped: the worker dies of it, and the next one finds half a file.
        mine.write_bytes(installed.read_bytes()[:3_000_000])
        answer = senter(home, "ask", "--json", "Say goodbye.").json
        assert str(answer["model"]).startswith("SmolLM2")
        assert f"{mine} cannot be loaded: it is cut off" in str(answer["degraded_reason"])
        assert senter(home, "models", "use", "auto").code == 0
        assert daemon.paths.settings.read_text() == settings


@pytest.fixture(scope="module")
def quick() -> Iterator[ScratchDaemon]:
    """A daemon whose settings are `quick_settings()` again after each test."""
    with short_home() as folder, scratch_daemon(folder, quick_settings()) as running:
        yield running


def test_settings_that_cannot_be_used_are_in_the_status_until_they_can(quick: ScratchDaemon) -> None:
    pid, usable = quick.pid("assistant"), quick.paths.settings.stat()
    good = quick.paths.settings.read_text()

    def problem() -> str:
        return str(call_control(quick.paths, "status")["settings_problem"])

    for broken in ("[assistant\n", '[assistant]\nhistory_turns = "many"\n'):
        quick.paths.settings.write_text(broken)
        wait_until(lambda: "settings.toml" in problem(), "nothing is said", 10)
        assert "not in use" in senter(quick.paths.home, "status").out
        quick.paths.settings.write_text(good)
        os.utime(quick.paths.settings, ns=(usable.st_atime_ns, usable.st_mtime_ns))
        wait_until(lambda: not problem(), "it is still said", 10)
    assert quick.pid("assistant") == pid


def test_a_component_that_was_given_up_runs_when_its_restart_returns(home: Path) -> None:
    limits: Section = {"fast_limit": 1}
    with scratch_daemon(home, quick_settings(supervisor=limits)) as daemon:
        daemon.kill("assistant")
        daemon.wait_for("assistant", "stopped_by_repeated_failure")
        restarted = senter(home, "restart", "assistant", "--json")
        assert (restarted.code, restarted.json["state"]) == (0, "running")


def test_more_and_fewer_research_workers_come_and_go_while_the_daemon_runs(quick: ScratchDaemon) -> None:
    kept = {name: quick.pid(name) for name in ("zygote", "api", "assistant", "model_primary")}
    quick.paths.settings.write_text(quick_settings(models__research={"count": 3}))
    more = {"model_research_2", "model_research_3"}
    wait_until(lambda: more <= quick.pids().keys(), "they are not there", 10)
    server = quick.kill("nats-server")
    quick.wait_for("nats-server", "running", not_pid=server)
    quick.wait_for("model_research_3", "running")
    killed = quick.kill("model_research_3")
    quick.wait_for("model_research_3", "running", not_pid=killed)
    quick.paths.settings.write_text(quick_settings())
    wait_until(lambda: "model_research_2" not in quick.pids(), "a worker is left", 10)
    quick.wait_for("model_research", "running")
    assert {name: quick.pid(name) for name in kept} == kept


def test_a_component_that_was_stopped_stays_so_when_its_settings_change(quick: ScratchDaemon) -> None:
    def applied() -> int:
        return quick.paths.log("supervisor").read_text().count("settings_applied")

    assert senter(quick.paths.home, "stop", "assistant").code == 0
    before = applied()
    quick.paths.settings.write_text(quick_settings(assistant={"history_turns": 3}))
    wait_until(lambda: applied() > before, "nothing was applied", 10)
    assert quick.component("assistant")["state"] == "stopped"
    quick.paths.settings.write_text(quick_settings())
    wait_until(lambda: applied() > before + 1, "nothing was applied", 10)


def test_requests_at_once_for_one_component_are_all_answered_and_leave_one_process(quick: ScratchDaemon) -> None:
    answers: list[object] = []

    def ask(command: str) -> None:
        answers.append(call_control(quick.paths, command, "assistant")["state"])

    commands = ["restart", "stop", "start", "restart", "start", "restart"]
    threads = [threading.Thread(target=ask, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(commands)
    assert senter(quick.paths.home, "start", "assistant").code == 0
    assert row(quick, "assistant")["restarts"] == 0
    assert all(entry["reason"] == "asked to" for entry in history(quick.paths.home, "assistant"))


@pytest.mark.parametrize("name", ["a b", "ünï-çødé", "x" * 150])
def test_a_home_may_have_any_name(home: Path, name: str) -> None:
    with scratch_daemon(home / name, quick_settings()) as daemon:
        assert daemon.component("assistant")["state"] == "running"
        daemon.kill("assistant")
        daemon.wait_for("assistant", "running")
