"""A child process, watched through a handle that cannot name another process by mistake.

Linux: a pidfd (pidfd_open(2)); it becomes readable at death and `waitid` on it gives the true status.
Elsewhere: a thread that waits for the process. Both are one `Child` to the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from senter.parenthood import die_with
from senter.paths import private

HAS_PIDFD = hasattr(os, "pidfd_open")
UNKNOWN_STATUS = 255

# The children whose exit status is not yet taken, by pid: `reap_strays` leaves them to their owners.
_watched: set[int] = set()


class Child:
    """One running process. `wait` may be awaited by many and gives the exit code, negative for a signal."""

    def __init__(self, pid: int, pidfd: int | None, popen: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self.started_monotonic = time.monotonic()
        self._pidfd = pidfd
        self._popen = popen
        self._exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        _watched.add(pid)
        if pidfd is not None:
            asyncio.get_running_loop().add_reader(pidfd, self._reap)
        else:
            self._watch_from_thread()

    @property
    def alive(self) -> bool:
        return not self._exited.done()

    async def wait(self) -> int:
        """The exit code, once the process is certainly gone."""
        return await asyncio.shield(self._exited)

    def tell(self, line: bytes) -> None:
        """Write to its standard input, which stays open: its end is the end of the child. Raises `OSError`."""
        assert self._popen is not None and self._popen.stdin is not None
        self._popen.stdin.write(line)
        self._popen.stdin.flush()

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM if os.name == "posix" else signal.CTRL_BREAK_EVENT)

    def kill(self) -> None:
        """End it now; works on a stopped process too."""
        self._signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if not self.alive:
            return
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, number)
            elif self._popen is not None:
                self._popen.send_signal(number)

    def _reap(self) -> None:
        assert self._pidfd is not None
        try:
            status = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED)
        except ChildProcessError:  # somebody else collected it: it is gone, but its status with it
            status = None
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._pidfd = None
        if status is None:
            self._end(UNKNOWN_STATUS)
        else:
            self._end(status.si_status if status.si_code == os.CLD_EXITED else -status.si_status)

    def _watch_from_thread(self) -> None:
        assert self._popen is not None
        loop, popen = asyncio.get_running_loop(), self._popen

        def watch() -> None:
            code = popen.wait()
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it everyone who asks
                loop.call_soon_threadsafe(self._end, code)

        # Its own thread, not one of a pool: it waits for as long as the process lives.
        threading.Thread(target=watch, name=f"wait for {self.pid}", daemon=True).start()

    def _end(self, code: int) -> None:
        _watched.discard(self.pid)
        if self._popen is not None:
            self._popen.returncode = code
            if self._popen.stdin is not None:
                with contextlib.suppress(OSError):
                    self._popen.stdin.close()
        self._exited.set_result(code)


def spawn(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    output: Path | None = None,
    umask: int = -1,
) -> Child:
    """Start a program that dies with this process. Its output is appended to `output`, else inherited, and so is its
    umask where none is given."""
    parent = os.getpid()
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(open(output, "ab", opener=private)) if output else None
        popen = subprocess.Popen(
            list(argv),
            env=dict(environment) if environment is not None else None,
            pass_fds=tuple(pass_fds),
            stdin=stdin,
            stdout=out,
            stderr=out,
            umask=umask,
            preexec_fn=(lambda: die_with(parent)) if sys.platform == "linux" else None,
            # What a terminal sends to its group is for this process to act on: nats-server would end, or read its
            # configuration again and forget who may still reply.
            process_group=0 if os.name == "posix" else None,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    return Child(popen.pid, os.pidfd_open(popen.pid) if HAS_PIDFD else None, popen)


def describe_exit(code: int) -> str:
    """How a process ended, for people."""
    if code >= 0:
        return f"exited with {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def reap_strays(catch_up: Callable[[], None]) -> None:
    """Collect adopted grandchildren that died before they could say who they were.

    One that did say so may have died before it was heard: `catch_up` makes a `Child` of every such one.
    """
    if not HAS_PIDFD:
        return
    while (pid := _dead_child()) and pid not in _watched:
        catch_up()
        if pid not in _watched:
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG)


def _dead_child() -> int:
    """Some child whose status nobody has taken; 0 when there is none."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return 0
    return found.si_pid if found else 0
