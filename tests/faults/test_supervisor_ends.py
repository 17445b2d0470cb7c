"""The supervisor itself is killed, interrupted, or loses its terminal."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from senter.client.types import Conversation, Conversations
from senter.errors import DaemonNotRunning, SenterError
from senter.operations.scratch import is_running, wait_until
from tests.scripted_model import answering, hanging_midway
from tests.support.daemon import (
    Modelled,
    environment_of,
    model_server,
    modelled_daemon,
    processes_of,
    quick_settings,
    senter,
    senter_running,
    short_home,
    texts,
    turns,
    wait_until_none_is_left,
)
from tests.support.scratch import ScratchDaemon

CONVERSATION = "/api/conversations/{conversation_id}"

pytestmark = pytest.mark.process

STOP_SECONDS = 10.0


@pytest.fixture(scope="module")
def lasting() -> Iterator[Modelled]:
    """A daemon that each test ends in its way."""
    with modelled_daemon() as running:
        yield running


@pytest.fixture
def modelled(lasting: Modelled) -> Modelled:
    """It runs, and nothing was asked of it yet."""
    daemon, model = lasting
    try:
        daemon.status()
    except DaemonNotRunning:
        daemon.start()
    for summary in daemon.client.get("/api/conversations", Conversations, limit=1000)["conversations"]:
        daemon.client.delete(CONVERSATION, conversation_id=summary["id"])
    model.asked.clear()
    model.script[:] = [answering("Hello", " there")]
    return lasting


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_is_clean(modelled: Modelled) -> None:
    daemon, _ = modelled
    asked = daemon.client.ask("What is Java?")
    before = daemon.pids()
    killed = daemon.kill("supervisor")
    wait_until(lambda: not any(map(is_running, before.values())), "processes are left", 10)
    assert not processes_of(daemon.paths.home)

    assert senter(daemon.paths.home, "status").code == 3
    daemon.start()
    assert f"the daemon with pid {killed} ended without cleaning up" in texts(daemon.lines)
    assert "was cut off" in texts(daemon.lines)
    assert (
        daemon.client.get(CONVERSATION, Conversation, conversation_id=asked["conversation_id"])["turns"][0]["text"]
        == "What is Java?"
    )
    assert daemon.client.ask("What is Rust?")["response"] == "Hello there"


def test_everything_killed_in_mid_answer_leaves_a_conversation_that_says_so(modelled: Modelled) -> None:
    daemon, model = modelled
    model.script[:] = [hanging_midway, answering("Whole")]
    asking = threading.Thread(target=_ask_in_vain, args=(daemon,))
    asking.start()
    wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
    for pid in daemon.pids().values():
        os.kill(pid, signal.SIGKILL)
    asking.join(20)
    wait_until_none_is_left(daemon.paths.home, 2.0)

    daemon.start()
    [turn] = turns(daemon)
    assert (turn["query_id"], turn["text"], turn["state"]) == ("cut-off", "What is Rust?", "interrupted")
    assert "before the answer was complete" in str(turn["error"])
    assert daemon.client.ask("What is Rust?", request_id="cut-off")["response"] == "Whole"
    assert [turn["state"] for turn in turns(daemon)] == ["answered"]


def _ask_in_vain(daemon: ScratchDaemon) -> None:
    with pytest.raises(SenterError):
        daemon.client.ask("What is Rust?", request_id="cut-off")


def being_answered(modelled: Modelled) -> tuple[threading.Thread, list[str]]:
    """Whoever asks a question that takes a second, while it is answered; and what they will have been answered."""
    daemon, model = modelled
    model.script[:] = [answering("in ", "time", delay_seconds=0.5)]
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(daemon.client.ask("Quick!")["response"]))
    asking.start()
    wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
    return asking, answers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_daemon_gracefully_with_answers_in_flight(
    modelled: Modelled, number: signal.Signals
) -> None:
    daemon, _ = modelled
    asking, answers = being_answered(modelled)
    began = time.monotonic()
    daemon.kill("supervisor", number)
    wait_until_none_is_left(daemon.paths.home, STOP_SECONDS)
    assert time.monotonic() - began < STOP_SECONDS
    asking.join(10)
    assert answers == ["in time"]

    daemon.start()
    assert "cut off" not in texts(daemon.lines)
    assert [turn["state"] for turn in turns(daemon)] == ["answered"]


def test_the_daemon_survives_the_closing_of_the_terminal_it_was_started_from() -> None:
    with short_home() as home, model_server() as model:
        (home / "settings.toml").write_text(quick_settings(model.url))
        ours, theirs = pty.openpty()
        command = [sys.executable, "-P", "-m", "senter", "start"]
        shell = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment_of(home),
            preexec_fn=lambda: _take_terminal(theirs),
        )
        os.close(theirs)
        printed = _read_all(ours)
        assert shell.wait(30) == 0, printed
        os.close(ours)  # hangs up on whoever still has the terminal
        daemon = ScratchDaemon(home)
        before = daemon.pids()
        assert daemon.client.ask("What is Java?")["response"] == "Hello there"
        os.killpg(before["supervisor"], signal.SIGHUP)
        assert daemon.client.ask("What is Java?")["response"] == "Hello there"
        assert daemon.pids() == before
        daemon.stop()


def _take_terminal(terminal: int) -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def _read_all(terminal: int) -> str:
    printed = b""
    try:
        while piece := os.read(terminal, 4096):
            printed += piece
            if b"operational" in printed or b"Started with" in printed or b"FAIL" in printed:
                break
    except OSError:
        pass
    return printed.decode()


class ServiceManager:
    """The receiving end of sd_notify, as systemd has it."""

    def __init__(self, home: Path) -> None:
        self.address = str(home / "notify.sock")
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(0.1)

    def listen_for(self, word: str, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while word not in self.heard:
            assert time.monotonic() < deadline, f"{word} did not come: {self.heard}"
            try:
                self.heard.append(self._socket.recv(4096).decode())
            except TimeoutError:
                continue

    def close(self) -> None:
        self._socket.close()


@contextmanager
def foreground(home: Path) -> Generator[tuple[ServiceManager, subprocess.Popen[str]]]:
    manager = ServiceManager(home)
    environment = {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "400000"}
    try:
        with senter_running(home, "start", "--foreground", environment=environment) as running:
            yield manager, running
    finally:
        manager.close()


def test_in_the_foreground_a_service_manager_hears_ready_watchdog_and_stopping() -> None:
    with short_home() as home, model_server() as model:
        (home / "settings.toml").write_text(quick_settings(model.url))
        with foreground(home) as (manager, running):
            manager.listen_for("READY=1")
            status = ScratchDaemon(home).status()
            assert (status["state"], status["pid"]) == ("running", running.pid)
            manager.heard.clear()
            manager.listen_for("WATCHDOG=1")
            manager.heard.clear()
            manager.listen_for("WATCHDOG=1")
            running.send_signal(signal.SIGTERM)
            manager.listen_for("STOPPING=1")
            out, err = running.communicate(timeout=STOP_SECONDS)
        assert running.returncode == 0, err
        assert "[10/10]" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_end_a_daemon_in_the_foreground_gracefully(number: signal.Signals) -> None:
    with short_home() as home, model_server(answering("in ", "time", delay_seconds=0.3)) as model:
        (home / "settings.toml").write_text(quick_settings(model.url))
        with foreground(home) as (manager, running):
            manager.listen_for("READY=1")
            answers: list[str] = []
            client = ScratchDaemon(home).client
            asking = threading.Thread(target=lambda: answers.append(client.ask("Quick!")["response"]))
            asking.start()
            wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
            os.killpg(running.pid, number)
            _, err = running.communicate(timeout=STOP_SECONDS)
            asking.join(10)
        assert (running.returncode, err, answers) == (0, "", ["in time"])


def test_a_second_signal_during_the_stop_changes_nothing(modelled: Modelled) -> None:
    daemon, _ = modelled
    asking, answers = being_answered(modelled)
    for _ in range(3):
        daemon.kill("supervisor", signal.SIGTERM)
    assert daemon.status()["state"] in ("running", "stopping")
    wait_until_none_is_left(daemon.paths.home, STOP_SECONDS)
    asking.join(10)
    assert answers == ["in time"]


def test_a_daemon_that_was_killed_while_it_stopped_is_started_again_cleanly(modelled: Modelled) -> None:
    daemon, model = modelled
    model.script[:] = [hanging_midway, answering("Whole")]
    asking = threading.Thread(target=_ask_in_vain, args=(daemon,))
    asking.start()
    wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
    supervisor = daemon.kill("supervisor", signal.SIGTERM)
    wait_until(lambda: daemon.status()["state"] == "stopping", "it does not stop", 10)
    os.kill(supervisor, signal.SIGKILL)
    wait_until_none_is_left(daemon.paths.home, 2.0)
    asking.join(20)
    daemon.start()
    assert [turn["state"] for turn in turns(daemon)] == ["interrupted"]
