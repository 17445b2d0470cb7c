"""Daemons of tests that are forked from a process that has imported what they need: for a fifth of the CPU time.

Only what would start with the same interpreter, path and environment is forked, in a home of `short_home`; all else
starts as `senter start` has it start.
"""

from __future__ import annotations

import gc
import json
import os
import re
import socket
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO
from zoneinfo import ZoneInfo

from senter.paths import Paths, private
from senter.supervisor.launch import StartLine, progress_of
from tests.support import warm_processes
from tests.support.warm_processes import HOME, LARGEST_BYTES, SOURCE, Template, become, channel_of_template, template

_MODULE = "senter.supervisor"


class ForkedDaemon:
    """A daemon that another process forked, which knows how it ended."""

    def __init__(self, pid: int, stdout: IO[bytes], parent: Template) -> None:
        self.stdout = stdout
        self._pid = pid
        self._parent = parent

    def wait(self) -> int:
        return int(self._parent.asked(str(self._pid).encode()))


def start(paths: Paths, environment: Mapping[str, str]) -> Iterator[StartLine] | None:
    """Fork a daemon and tell of its start; none where it must be started in earnest."""
    can_be = warm_processes.in_use and sys.platform == "linux" and re.fullmatch(r"/tmp/snt-\w{8}", str(paths.home))
    return _forked(paths, {**environment, HOME: str(paths.home)}) if can_be and _is_usual(environment) else None


def _is_usual(environment: Mapping[str, str]) -> bool:
    """Whether it says nothing else than this process has, but about Senter."""
    given, own = ({k: v for k, v in of.items() if not k.startswith("SENTER_")} for of in (environment, os.environ))
    return given == own


def _forked(paths: Paths, environment: Mapping[str, str]) -> Iterator[StartLine]:
    parent = template(__name__)
    paths.make_folders()
    reading, writing = os.pipe()
    with open(paths.log_output, "ab", opener=private) as output, os.fdopen(writing, "wb") as told:
        pid = int(parent.asked(json.dumps(dict(environment)).encode(), told.fileno(), output.fileno()))
    yield from progress_of(ForkedDaemon(pid, os.fdopen(reading, "rb"), parent), paths)


def main() -> None:
    """Fork a daemon for each environment that comes with two files; say how one ended to whoever sends its pid."""
    from senter.supervisor import daemon, zygote
    from senter.understanding.reading import understand

    assert daemon
    channel = channel_of_template()
    zygote.preload()
    understand("Hello.", datetime.now(UTC), ZoneInfo("UTC"))  # as the assistant does: words are read from files
    gc.freeze()
    while True:
        request, files, _, _ = socket.recv_fds(channel, LARGEST_BYTES, 2)
        if not request:
            return
        if request.isdigit():
            channel.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(int(request), 0)[1]))
            continue
        pid = os.fork()
        if not pid:
            _become_daemon(json.loads(request), *files)
        for file in files:
            os.close(file)
        channel.send(b"%d" % pid)


def _become_daemon(environment: dict[str, str], told: int, output: int) -> None:
    code = 1
    try:
        os.setsid()
        environment = {**environment, "PYTHONPATH": environment.get("PYTHONPATH", str(SOURCE))}
        arguments = ("python", "-P", "-m", _MODULE, "--progress")
        become(arguments, environment, environment[HOME], (os.open(os.devnull, os.O_RDWR), told, output))
        code = _supervise()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _supervise() -> int:
    from senter.supervisor.__main__ import main as supervise

    sys.argv = [_MODULE, "--progress"]
    return supervise()


if __name__ == "__main__":
    main()
