"""A component that fails again and again: back-off, then given up, said, and the rest goes on."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from senter.errors import StartError
from senter.operations.scratch import wait_until
from tests.support.daemon import Section, history, model_server, quick_settings, senter, short_home, texts
from tests.support.scratch import ScratchDaemon, scratch_daemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process

LIMITS: Section = {"fast_limit": 4, "first_wait_seconds": 0.1, "quiet_seconds": 300.0}
GIVEN_UP = "stopped_by_repeated_failure"


@contextmanager
def daemon_with_moody(mood: str, **more: Section) -> Generator[ScratchDaemon]:
    with short_home() as home, model_server() as model:
        changes: dict[str, Section] = {"supervisor": LIMITS, "moody": {"mood": mood}, **more}
        text = quick_settings(model.url, **changes)
        with scratch_daemon(home, text, installed(home, "moody")) as daemon:
            yield daemon


def set_mood(daemon: ScratchDaemon, mood: str) -> None:
    text = daemon.paths.settings.read_text()
    before, _, after = text.partition("mood = ")
    daemon.paths.settings.write_text(f'{before}mood = "{mood}"\n{after.partition(chr(10))[2]}')


def starts_of(daemon: ScratchDaemon, name: str) -> int:
    return daemon.paths.log(name).read_text().count('"event": "started"')


def history_of(daemon: ScratchDaemon, name: str) -> list[tuple[str, str]]:
    return [(restart["reason"], restart["outcome"]) for restart in history(daemon.paths.home, name)]


@pytest.fixture(scope="module")
def running() -> Iterator[ScratchDaemon]:
    """A daemon that was started with a component that crashes; its mood is each test's own."""
    with daemon_with_moody("crashing") as daemon:
        yield daemon


@pytest.fixture
def given_up(running: ScratchDaemon) -> ScratchDaemon:
    """The daemon when the crashing component was just given up."""
    if running.component("moody")["state"] == "running":
        set_mood(running, "crashing")
    running.wait_for("moody", GIVEN_UP)
    return running


def test_a_component_that_always_crashes_is_given_up_and_the_rest_runs_and_status_says_why(
    given_up: ScratchDaemon,
) -> None:
    daemon = given_up
    assert "moody: " in texts(daemon.lines)
    row = daemon.component("moody")
    assert row["reason"] == "failed 4 times in 300 s; last: exited with 1: RuntimeError: a bad day"
    assert row["pid"] is None
    assert starts_of(daemon, "moody") == 4
    count = len(daemon.pids())  # the one that is down apart, the supervisor included: as many as there are rows
    assert daemon.status()["health_score"] == round(100 * (count - 1) / count)
    assert daemon.client.ask("How is moody?")["response"] == "Hello there"

    shown = senter(daemon.paths.home, "status")
    assert "Stopped by repeated failure" in shown.out
    assert "failed 4 times in 300 s" in shown.out
    assert history_of(daemon, "moody")[0] == (row["reason"], GIVEN_UP)
    assert "RuntimeError: a bad day" in senter(daemon.paths.home, "logs", "moody").out
    assert "RuntimeError" in (daemon.paths.logs / "health.log").read_text()


def test_what_was_given_up_stays_so_over_a_restart_of_the_daemon_until_it_is_restarted_by_name(
    given_up: ScratchDaemon,
) -> None:
    daemon, before = given_up, starts_of(given_up, "moody")
    daemon.stop()
    daemon.start()
    assert "a bad day" in texts(daemon.lines)
    assert "senter restart moody" in str([line.get("hint") for line in daemon.lines])
    assert daemon.component("moody")["state"] == GIVEN_UP
    assert "a bad day" in str(daemon.component("moody")["reason"])
    assert starts_of(daemon, "moody") == before

    asked_again = senter(daemon.paths.home, "restart", "moody")
    assert asked_again.code in (0, 1), asked_again.all
    daemon.wait_for("moody", GIVEN_UP)
    assert starts_of(daemon, "moody") == before + 4


def test_what_was_given_up_is_tried_again_when_its_settings_change(given_up: ScratchDaemon) -> None:
    set_mood(given_up, "well")
    given_up.wait_for("moody", "running")
    assert given_up.component("moody")["reason"] == ""


def test_what_was_given_up_is_tried_again_when_its_settings_changed_while_the_daemon_was_down(
    given_up: ScratchDaemon,
) -> None:
    given_up.stop()
    set_mood(given_up, "well")
    given_up.start()
    assert given_up.component("moody")["state"] == "running"


def test_a_component_that_refuses_its_settings_stays_down_until_they_change(running: ScratchDaemon) -> None:
    set_mood(running, "well")
    running.wait_for("moody", "running")
    before = starts_of(running, "moody")
    set_mood(running, "refusing")
    running.wait_for("moody", "stopped_by_settings_error")
    assert running.component("moody")["reason"] == "moody.mood is not to its taste."
    assert starts_of(running, "moody") == before + 1
    assert running.client.ask("How is moody?")["response"] == "Hello there"
    restarted = senter(running.paths.home, "restart", "moody", "--json")
    assert restarted.code == 1
    assert "moody.mood is not to its taste." in restarted.error["message"]
    set_mood(running, "well")
    running.wait_for("moody", "running")


def test_a_component_that_refuses_its_settings_at_the_start_fails_the_start() -> None:
    with short_home() as home:
        text = quick_settings(moody={"mood": "refusing"})
        with pytest.raises(StartError) as failed, scratch_daemon(home, text, installed(home, "moody")):
            pass
        assert failed.value.message == "moody: moody.mood is not to its taste."


def test_a_component_that_is_not_ready_is_tried_again_without_being_given_up() -> None:
    with daemon_with_moody("not_ready", supervisor={**LIMITS, "fast_limit": 1}) as daemon:
        waits = "The stars are not in place."
        wait_until(lambda: waits in daemon.component("moody")["reason"], "it does not say why", 30)
        row = daemon.component("moody")
        assert row["state"] in ("backing_off", "starting"), row["reason"]
        set_mood(daemon, "well")
        daemon.wait_for("moody", "running")


def test_a_component_that_takes_too_much_memory_is_restarted_and_that_is_on_record() -> None:
    with daemon_with_moody("greedy", moody={"mood": "greedy", "max_memory_mb": 100}) as daemon:
        first = daemon.pid("moody")
        daemon.wait_for("moody", "running", not_pid=first)
        reason, outcome = history_of(daemon, "moody")[0]
        assert reason.startswith("used ")
        assert reason.endswith("MiB of memory, more than its limit of 100")
        assert outcome in ("restarted", GIVEN_UP)


def test_who_does_not_answer_the_health_check_or_the_shutdown_is_named_and_ended_by_force() -> None:
    patience: Section = {"hung_after_seconds": 30.0, "stop_grace_seconds": 1.0}
    with daemon_with_moody("deaf", supervisor=patience) as daemon:
        assert "moody did not answer the health check" in texts(daemon.lines)
        daemon.stop()
        log = daemon.paths.log("supervisor").read_text()
        assert '"shutdown_not_acknowledged", "components": ["moody"]' in log
        assert '"unit_ended_by_force", "unit": "moody"' in log
