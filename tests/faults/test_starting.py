"""Starts that meet another start, a stop, a stale or recycled pid, or a taken port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from senter.operations.scratch import wait_until
from senter.paths import Paths
from senter.supervisor.lock import boot_id
from tests.scripted_model import answering
from tests.support.daemon import (
    environment_of,
    model_server,
    processes_of,
    quick_settings,
    senter,
    senter_running,
    short_home,
    texts,
)
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as folder:
        yield folder


def test_two_starts_at_once_make_one_daemon_and_both_succeed(home: Path) -> None:
    (home / "settings.toml").write_text(quick_settings())
    with senter_running(home, "start") as one, senter_running(home, "start") as other:
        said = [one.communicate(timeout=60), other.communicate(timeout=60)]
        assert (one.returncode, other.returncode) == (0, 0), said
    daemon = ScratchDaemon(home)
    supervisors = [pid for pid, line in processes_of(home).items() if "senter.supervisor --progress" in line]
    assert supervisors == [daemon.pids()["supervisor"]]
    assert senter(home, "start").out == f"Senter is already running (pid {supervisors[0]}).\n"
    daemon.stop()


@pytest.fixture(scope="module")
def running() -> Iterator[ScratchDaemon]:
    """A daemon for tests that only look at it."""
    with short_home() as folder, scratch_daemon(folder, quick_settings()) as daemon:
        yield daemon


def test_the_daemon_does_not_stay_in_the_folder_it_was_started_from(running: ScratchDaemon) -> None:
    folders = {Path(f"/proc/{pid}/cwd").readlink() for pid in running.pids().values()}
    assert folders == {running.paths.home.resolve()}


def test_a_second_daemon_in_the_foreground_is_refused_and_names_the_first(running: ScratchDaemon) -> None:
    second = senter(running.paths.home, "start", "--foreground")
    assert second.code == 1
    assert f"Senter is already running (pid {running.pids()['supervisor']})." in second.all
    assert running.client.status()["state"] == "running"


def test_a_stale_pid_file_does_not_hinder_the_start(home: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    paths = Paths(home)
    paths.make_folders()
    paths.pid.write_text(f"{int(ended.stdout)} 123.0 {boot_id()}\n")
    assert senter(home, "status").code == 3
    with scratch_daemon(home, quick_settings()) as daemon:
        assert "ended without cleaning up" in texts(daemon.lines)
        assert daemon.status()["state"] == "running"


@pytest.mark.parametrize("boot", [boot_id(), "another-boot"])
def test_a_recycled_pid_is_not_taken_for_the_daemon_and_is_left_alone(home: Path, boot: str) -> None:
    paths = Paths(home)
    paths.make_folders()
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        paths.pid.write_text(f"{stranger.pid} 123.0 {boot}\n")
        stopped = senter(home, "stop")
        assert (stopped.code, stranger.poll()) == (3, None), stopped.all
        with scratch_daemon(home, quick_settings()) as daemon:
            assert daemon.status()["state"] == "running"
        assert stranger.poll() is None
    finally:
        stranger.communicate(b"\n")


@pytest.mark.parametrize("nonsense", [b"", b"\xff\xfe\x00", b"-1 x y\n", b"99999999999999999999 1 1\n"])
def test_a_pid_file_with_nonsense_does_not_hinder_the_start(home: Path, nonsense: bytes) -> None:
    paths = Paths(home)
    paths.make_folders()
    paths.pid.write_bytes(nonsense)
    with scratch_daemon(home, quick_settings()) as daemon:
        assert daemon.status()["state"] == "running"


def test_a_port_that_was_chosen_and_is_taken_fails_the_start_and_says_by_whom(home: Path) -> None:
    (home / "settings.toml").write_text(quick_settings())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        started = senter(home, "start", environment={"SENTER_API__PORT": str(port)})
    assert started.code == 1
    assert "[FAIL]" in started.all
    assert f"port {port} is taken by" in started.all
    assert f"(pid {os.getpid()})" in started.all
    assert not processes_of(home)


def test_the_default_port_being_taken_leaves_tcp_off_with_a_warning_and_the_rest_works(home: Path) -> None:
    with model_server() as model, default_port_taken():
        text = quick_settings(model.url)
        environment = {name: value for name, value in environment_of(home).items() if name != "SENTER_API__PORT"}
        (home / "settings.toml").write_text(text)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "senter", "start"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        daemon = ScratchDaemon(home)
        try:
            assert done.returncode == 0, done.stderr
            assert "[WARN] api: TCP is off: port 8765 was taken by" in done.stdout
            assert daemon.client.ask("What is a socket?")["response"] == "Hello there"
            assert not daemon.paths.port.exists()
        finally:
            daemon.stop()


@contextmanager
def default_port_taken() -> Generator[None]:
    """Somebody listens on 8765: this process, or who holds it for longer than another of these tests does."""
    ends_at = time.monotonic() + 20
    with ExitStack() as stack:
        while time.monotonic() < ends_at:
            with suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", 8765)))
                break
            time.sleep(0.1)
        yield


def test_a_question_asked_while_the_daemon_stops_is_answered_by_the_next_one(home: Path) -> None:
    with (
        model_server(answering("slow", delay_seconds=1.0), answering("next")) as model,
        scratch_daemon(home, quick_settings(model.url)) as daemon,
    ):
        first: list[str] = []
        asking = threading.Thread(target=lambda: first.append(daemon.client.ask("First.")["response"]))
        asking.start()
        wait_until(lambda: len(model.asked) == 1, "the model is not asked", 10)
        with senter_running(home, "stop") as stopping:
            wait_until(lambda: daemon.status()["state"] == "stopping", "it does not stop", 10)
            second = senter(home, "ask", "--json", "Second.")
            assert stopping.wait(30) == 0
        asking.join(30)
        assert first == ["slow"]
        assert (second.code, second.json["response"]) == (0, "next")


def test_a_question_asked_while_the_daemon_starts_is_answered(home: Path) -> None:
    with model_server() as model:
        (home / "settings.toml").write_text(quick_settings(model.url))
        with senter_running(home, "start") as starting:
            time.sleep(0.2)
            asked = senter(home, "ask", "Why is the sky blue?")
            assert (asked.code, asked.out) == (0, "Hello there\n")
            assert starting.wait(30) == 0
        ScratchDaemon(home).stop()


def test_a_start_that_is_interrupted_leaves_nothing_running(home: Path) -> None:
    (home / "settings.toml").write_text(quick_settings())
    with senter_running(home, "start", "--foreground") as starting:
        wait_until(lambda: len(processes_of(home)) >= 3, "it does not begin", 10)
        starting.terminate()
        out, err = starting.communicate(timeout=20)
    assert starting.returncode in (0, 1), (out, err)
    assert not processes_of(home)
    with scratch_daemon(home) as daemon:
        assert daemon.status()["state"] == "running"


def test_a_command_in_a_pipe_starts_the_daemon_and_prints_its_json_and_nothing_else(home: Path) -> None:
    (home / "settings.toml").write_text(quick_settings())
    said = senter(home, "documents", "--json")
    assert (said.code, said.json) == (0, {"folders": [], "skipped": [], "pictures": 0})
    assert "Starting Senter.\n" in said.err
    ScratchDaemon(home).stop()
