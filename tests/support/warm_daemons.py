"""Daemons of tests that are forked from a process that has imported what they need: for a fifth of the CPU time.

Only what would start with the same interpreter, path and environment is forked, in a home of `short_home`; all else
starts as `senter start` has it start. From the outside a fork looks like the daemon it is: `ps` shows its arguments,
and its environment names its home, for whoever looks for the processes of a home.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from senter.paths import Paths, private
from senter.supervisor.launch import StartLine, progress_of

in_use = False
"""Benches measure starts as they are."""
ROOT = Path(__file__).parents[2]
HOME = "SENTER_HOME"
ANY_HOME = "/tmp/snt-12345678"
"""As long as every home of `short_home`: what stands there is written over."""
_LARGEST_BYTES = 192 * 1024
_ARGUMENTS = b"python\0-P\0-m\0senter.supervisor\0--progress\0"
_ONE_AT_A_TIME = threading.Lock()


class ForkedDaemon:
    """A daemon that another process forked, which knows how it ended."""

    def __init__(self, pid: int, stdout: IO[bytes], channel: socket.socket) -> None:
        self.stdout = stdout
        self._pid = pid
        self._channel = channel

    def wait(self) -> int:
        return int(_asked(self._channel, str(self._pid).encode()))


def start(paths: Paths, environment: Mapping[str, str]) -> Iterator[StartLine] | None:
    """Fork a daemon and tell of its start; none where it must be started in earnest."""
    can_be = in_use and sys.platform == "linux" and re.fullmatch(r"/tmp/snt-\w{8}", str(paths.home))
    return _forked(paths, {**environment, HOME: str(paths.home)}) if can_be and _is_usual(environment) else None


def _is_usual(environment: Mapping[str, str]) -> bool:
    """Whether it says nothing else than this process has, but about Senter."""
    given, own = ({k: v for k, v in of.items() if not k.startswith("SENTER_")} for of in (environment, os.environ))
    return given == own


def _forked(paths: Paths, environment: Mapping[str, str]) -> Iterator[StartLine]:
    channel = _template(os.getpid())
    paths.make_folders()
    reading, writing = os.pipe()
    with open(paths.log_output, "ab", opener=private) as output, os.fdopen(writing, "wb") as told:
        pid = int(_asked(channel, json.dumps(dict(environment)).encode(), told.fileno(), output.fileno()))
    yield from progress_of(ForkedDaemon(pid, os.fdopen(reading, "rb"), channel), paths)


def _asked(channel: socket.socket, request: bytes, *files: int) -> bytes:
    with _ONE_AT_A_TIME:
        socket.send_fds(channel, [request], files)
        return channel.recv(_LARGEST_BYTES)


@cache
def _template(_: int) -> socket.socket:
    """One for each process of tests, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    with theirs:
        subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.support.warm_daemons", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={HOME: ANY_HOME, **own, "PYTHONPATH": path},
            cwd="/",
        ).returncode = 0
    atexit.register(ours.close)
    return ours


def main() -> None:
    """Fork a daemon for each environment that comes with two files; say how one ended to whoever sends its pid."""
    from senter.supervisor import daemon, zygote
    from senter.understanding.reading import understand

    assert daemon
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    channel = socket.socket(fileno=int(sys.argv[1]))
    zygote.preload()
    understand("Hello.", datetime.now(UTC), ZoneInfo("UTC"))  # as the assistant does: words are read from files
    gc.freeze()
    while True:
        request, files, _, _ = socket.recv_fds(channel, _LARGEST_BYTES, 2)
        if not request:
            return
        if request.isdigit():
            channel.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(int(request), 0)[1]))
            continue
        pid = os.fork()
        if not pid:
            channel.close()
            _become_daemon(json.loads(request), *files)
        for file in files:
            os.close(file)
        channel.send(b"%d" % pid)


def _become_daemon(environment: dict[str, str], told: int, output: int) -> None:
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard, file in enumerate((nothing, told, output)):
            os.dup2(file, standard)
            os.close(file)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(environment[HOME])
        sys.path[:] = [entry for entry in sys.path if entry != str(ROOT)]
        _look_like_it(environment[HOME])
        code = _supervise()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _supervise() -> int:
    from senter.supervisor.__main__ import main as supervise

    sys.argv = ["senter.supervisor", "--progress"]
    return supervise()


def _look_like_it(home: str) -> None:
    """Write over the arguments and the home that the system shows (proc_pid_stat(5): arg_start to env_end)."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    arguments, arguments_end, begin, end = (int(field) for field in fields[45:49])
    shown = ctypes.string_at(begin, end - begin)
    at = shown.index(f"{HOME}={ANY_HOME}".encode())
    ctypes.memmove(begin + at, f"{HOME}={home}".encode(), len(f"{HOME}={home}"))
    room = arguments_end - arguments
    ctypes.memmove(arguments, _ARGUMENTS[:room].ljust(room, b"\0"), room)


if __name__ == "__main__":
    main()
