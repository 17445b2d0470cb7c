"""From kill -9 of a component to its first answer, beside supervisord restarting a comparable Python program.

Senter forks components from a zygote that has imported what they need; supervisord starts a program that
imports the same modules. api is ready when it answers HTTP, assistant when the supervisor calls it running,
which is after it subscribed to what it serves; the program when it says its new pid.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from measuring import peer_component
from measuring.homes import SOURCE, daemon, scratch_home
from measuring.report import Report, quantile, run_figure
from measuring.supervisord import supervisord
from senter.operations.scratch import wait_until
from tests.support.scratch import ScratchDaemon

POLL_SECONDS = 0.001
READY_SECONDS = 20.0
# So that neither the back-off nor the limits, which are for programs that keep failing, get in the way.
SETTINGS = "[supervisor]\nquiet_seconds = 0\nfast_limit = 1000\nslow_limit = 1000\n"
HEALTHZ = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=30, help="kills of each component")
    options.add_argument("--peer-kills", type=int, default=15)
    chosen = options.parse_args()
    run_figure(lambda: measure(chosen.kills, chosen.peer_kills), limit_seconds=300)


def measure(kills: int, peer_kills: int) -> Report:
    report = Report("kill_to_ready", "from kill -9 of a forked component to its first answer")
    senter: dict[str, list[float]] = {"api": [], "assistant": []}
    peer: list[float] = []
    with daemon(SETTINGS) as started, peer_program() as peer_socket:
        for number in range(kills):
            senter["api"].append(_until_api_answers(started))
            senter["assistant"].append(_until_assistant_runs(started))
            if number < peer_kills:
                peer.append(_until_peer_answers(peer_socket))
    for name, values in senter.items():
        report.measured(f"senter_{name}", values)
    report.measured("supervisord_program", peer)
    for name, values in senter.items():
        report.at_most(f"{name}: p50", statistics.median(values), 60, "ms")
        report.at_most(f"{name}: p95", quantile(values, 95), 150, "ms")
        ratio = statistics.median(peer) / statistics.median(values)
        report.at_least(f"supervisord's median in {name}'s", ratio, 10, "times")
    return report


def _until_api_answers(started: ScratchDaemon) -> float:
    path = started.paths.api_socket
    return _timed_kill(started.pid("api"), lambda: _reply(path, HEALTHZ).startswith(b"HTTP/1.1 200"))


def _until_assistant_runs(started: ScratchDaemon) -> float:
    old = started.pid("assistant")

    def running() -> bool:
        row = started.component("assistant")
        return row["state"] == "running" and row["pid"] != old

    return _timed_kill(old, running)


def _until_peer_answers(path: Path) -> float:
    old = _reply(path)
    return _timed_kill(int(old), lambda: _reply(path) not in (b"", old))


def _timed_kill(pid: int, ready: Callable[[], bool]) -> float:
    begun = time.perf_counter()
    os.kill(pid, signal.SIGKILL)
    while not ready():
        if time.perf_counter() - begun > READY_SECONDS:
            raise TimeoutError(f"nothing came back {READY_SECONDS:g} s after kill -9 of {pid}")
        time.sleep(POLL_SECONDS)
    return (time.perf_counter() - begun) * 1_000


def _reply(path: Path, request: bytes = b"") -> bytes:
    """What a server on `path` says first; nothing while there is none."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(READY_SECONDS)
        connection.connect(str(path))
        if request:
            connection.sendall(request)
        return connection.recv(1_000)
    return b""


@contextmanager
def peer_program() -> Generator[Path]:
    """The comparable program under supervisord; yields the socket it answers on."""
    with scratch_home() as folder:
        path = folder / "peer.sock"
        command = f"env PYTHONPATH={SOURCE} {sys.executable} -P {peer_component.__file__} {path}"
        with supervisord(folder, {"peer": command}):
            wait_until(lambda: _reply(path) != b"", "the peer does not answer", READY_SECONDS)
            yield path


if __name__ == "__main__":
    main()
