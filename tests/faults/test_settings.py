"""Settings that cannot be used: one sentence with file, line, key and what was expected; nothing is started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from senter.operations.scratch import wait_until
from tests.support.daemon import quick_settings, senter, short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

BROKEN = {
    "a typo in a key": (b"[api]\nprot = 1\n", ":2: api.prot is not a setting of Senter. Did you mean api.port?"),
    "a typo in a section": (b"[modles.primary]\nname = 'x'\n", ":1: modles is not a section of Senter."),
    "a wrong type": (b"\n[api]\nkeep_alive_seconds = 'long'\n", ":3: api.keep_alive_seconds: expected a whole number"),
    "a value out of bounds": (b"[supervisor]\nheartbeat_seconds = 0\n", ":2: supervisor.heartbeat_seconds: expected"),
    "an unknown key": (b"[assistant]\ncolour = 'red'\n", ":2: assistant.colour is not a setting of Senter."),
    "not UTF-8": (b"[api]\nhost = '\xff\xfe'\n", "UTF-8"),
    "not TOML": (b"[api\nport = 1\n", "settings.toml:1"),
}  # fmt: skip


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as folder:
        yield folder


@pytest.mark.parametrize("text, sentence", BROKEN.values(), ids=BROKEN.keys())
def test_broken_settings_fail_the_start_with_a_sentence(home: Path, text: bytes, sentence: str) -> None:
    (home / "settings.toml").write_bytes(text)
    started = senter(home, "start")
    assert started.code == 1
    assert "[1/10]" in started.all
    assert "[FAIL]" in started.all
    assert "settings.toml" in started.all
    assert sentence in started.all
    checked = senter(home, "config", "check", "--json")
    assert checked.code == 1
    assert sentence in checked.error["message"].replace("\\n", "\n")


def test_a_question_with_broken_settings_starts_nothing_and_says_so(home: Path) -> None:
    (home / "settings.toml").write_bytes(BROKEN["a wrong type"][0])
    asked = senter(home, "ask", "--json", "Why is the sky blue?")
    assert (asked.code, asked.error["code"]) == (1, "settings_error")


def test_a_wrong_variable_of_the_environment_is_named(home: Path) -> None:
    started = senter(home, "start", "--json", environment={"SENTER_API__PORT": "high"})
    assert started.code == 1
    assert "SENTER_API__PORT: api.port: expected a whole number" in started.error["message"]


@pytest.fixture(scope="module")
def daemon() -> Iterator[ScratchDaemon]:
    with short_home() as folder, scratch_daemon(folder, quick_settings()) as running:
        yield running


def test_settings_broken_while_the_daemon_runs_change_nothing_and_are_said(daemon: ScratchDaemon) -> None:
    before, good = daemon.pids(), daemon.paths.settings.read_text()
    daemon.paths.settings.write_text(good + "[api]\nprot = 1\n")
    log = daemon.paths.log("supervisor")
    wait_until(lambda: "settings_not_applied" in log.read_text(), "nothing is said", 10)
    assert "api.prot is not a setting" in log.read_text()
    assert daemon.pids() == before
    restarted = senter(daemon.paths.home, "restart", "assistant")
    assert restarted.code == 0, restarted.all
    daemon.paths.settings.write_text(good)


def test_changed_settings_restart_exactly_the_components_they_change(daemon: ScratchDaemon) -> None:
    before = daemon.pids()
    daemon.paths.settings.write_text(quick_settings(assistant={"history_turns": 3}))
    daemon.wait_for("assistant", "running", not_pid=before["assistant"])
    after = daemon.pids()
    assert {name for name in before if before[name] != after[name]} == {"assistant"}
