"""Ends the daemons of tests that were killed before they could do so, by their ids: one watcher for a test process.

The watcher reads homes, a line each, until the test process is gone, however that ended; then it kills what still runs
for one of them, and removes it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from senter.operations.scratch import is_running

ROOT = Path(__file__).parents[2]
MOST_ROUNDS = 100
"""A process may start another while it is looked for."""


def end_with_these_tests(home: Path) -> None:
    """Whatever runs for this home does not outlive the test process."""
    told = _watcher(os.getpid()).stdin
    assert told is not None
    told.write(f"{home}\n")
    told.flush()


@cache
def _watcher(_: int) -> subprocess.Popen[str]:
    """One for each process, as a fork must not hold the pipe of its parent's."""
    command = [sys.executable, "-P", "-m", "tests.support.left_behind"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
    environment = {**inherited, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT)))}
    watcher = subprocess.Popen(
        command, stdin=subprocess.PIPE, text=True, start_new_session=True, env=environment, cwd="/"
    )
    atexit.register(watcher.communicate)
    return watcher


def processes_of(home: Path) -> dict[int, str]:
    """The processes that run for this home, whoever started them, with their command lines."""
    mark = f"SENTER_HOME={home}\0".encode()
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes() and is_running(int(entry.name)):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def main() -> None:
    for home in [Path(line.rstrip("\n")) for line in sys.stdin]:
        _end(home)


def _end(home: Path) -> None:
    for _ in range(MOST_ROUNDS):
        left = processes_of(home)
        if not left:
            break
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
