"""Processes of tests that are forked from one that has imported what they need: for a fraction of the CPU time.

Such a template serves one process of tests, and ends with it. To the system a fork looks like what it stands for: `ps`
shows its arguments, and its environment names its home, for whoever looks for the processes of a home.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

in_use = False
"""Benches measure starts as they are."""
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
HOME = "SENTER_HOME"
LARGEST_BYTES = 192 * 1024
LONGEST_HOME = 200
MOST_FILES = 256
"""More than a template ever has open."""
ENDING_SECONDS = 5.0
HELD_BACK = (signal.SIGINT, signal.SIGHUP)
"""What a terminal sends to all: a template ends with its tests only, and a fork hears of it once it is what it is."""
_ANY_HOME = "/".ljust(LONGEST_HOME, "-")
_ANY_ARGUMENTS = "-" * 400
"""What stands there is written over."""


class Template:
    """The process that forks, spoken with over a socket that keeps messages apart."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._one_at_a_time = threading.Lock()

    def asked(self, request: bytes, *files: int) -> bytes:
        with self._one_at_a_time:
            socket.send_fds(self._channel, [request], files)
            return self._channel.recv(LARGEST_BYTES)


def template(module: str) -> Template:
    """The one that runs this module's `main`, started when it is first asked for."""
    return _template(module, os.getpid())


@cache
def _template(module: str, _: int) -> Template:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(theirs.fileno()), _ANY_ARGUMENTS],
            pass_fds=[theirs.fileno()],
            env={HOME: _ANY_HOME, **own, "PYTHONPATH": os.pathsep.join(map(str, (SOURCE, ROOT)))},
            cwd="/",
        )
    atexit.register(_end, process, ours)
    return Template(ours)


def _end(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    """Wait for it, so that its CPU time counts with that of the tests."""
    channel.close()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def channel_of_template() -> socket.socket:
    """For the template itself: where it is asked. From then on signals of the terminal wait."""
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    return socket.socket(fileno=int(sys.argv[1]))


def become(arguments: Sequence[str], environment: Mapping[str, str], folder: str, files: Sequence[int]) -> None:
    """For a fork: take on what a process is given when it starts; `files` are its standard ones."""
    for standard, file in enumerate(files):
        os.dup2(file, standard)
    os.closerange(3, MOST_FILES)
    added = os.environ["PYTHONPATH"].split(os.pathsep)
    sys.path[:] = environment["PYTHONPATH"].split(os.pathsep) + [entry for entry in sys.path if entry not in added]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    _look_like(b"".join(os.fsencode(argument) + b"\0" for argument in arguments), environment[HOME])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)


def _look_like(arguments: bytes, home: str) -> None:
    """Write over the arguments and the home that the system shows (proc_pid_stat(5): arg_start to env_end)."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    first, end, begin, last = (int(field) for field in fields[45:49])
    at = begin + ctypes.string_at(begin, last - begin).index(f"{HOME}={_ANY_HOME}".encode())
    room = len(f"{HOME}={_ANY_HOME}")
    ctypes.memmove(at, f"{HOME}={home}".encode().ljust(room, b"\0"), room)
    ctypes.memmove(first, arguments[: end - first - 1].ljust(end - first, b"\0"), end - first)
