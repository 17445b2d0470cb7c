"""Commands of tests that are forked from a process that has imported what they need: for a fraction of the CPU time.

What is forked has what a command has that is started: files, environment, path, folder, session, signals, exit code.
Where its interpreter itself would be another, and in benches, it is started in earnest; so are the commands of the
tests that look at a start: what it imports, and what scripts hand it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import selectors
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypedDict, cast

from senter import __main__ as program
from tests.support import warm_processes
from tests.support.warm_processes import (
    HOME,
    LARGEST_BYTES,
    LONGEST_HOME,
    SOURCE,
    become,
    channel_of_template,
    template,
)

_BEGIN = (sys.executable, "-P", "-m", "senter")
_ENCODING = "PYTHONIOENCODING"
_TAKEN_ON = ("PYTHONPATH", _ENCODING)
"""What the interpreter goes by, and a fork goes by as well."""
_LOCALE = ("LANG", "LC_ALL", "LC_CTYPE")
_WHAT_COMMANDS_IMPORT_LATE = ("senter.supervisor.configuration",)


class _Asked(TypedDict):
    """What a command is to be; its standard files, and one where its end is told, come beside it."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    own_session: bool
    group: int
    """-1 for that of the tests."""


def command(arguments: Sequence[str], environment: Mapping[str, str]) -> type[subprocess.Popen[str]]:
    """What to start this with, as with `subprocess.Popen`: by a fork, where that makes no difference."""
    return _ForkedCommand if _can_be_forked(arguments, environment) else subprocess.Popen


def run(
    arguments: Sequence[str], environment: Mapping[str, str], given: str, seconds: float, folder: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end; after so many seconds it is killed."""
    pipe = subprocess.PIPE
    with command(arguments, environment)(
        arguments, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", cwd=folder
    ) as process:
        try:
            out, err = process.communicate(given, seconds)
        finally:
            if process.poll() is None:
                process.kill()
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def _can_be_forked(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    return (
        warm_processes.in_use
        and sys.platform == "linux"
        and tuple(arguments[: len(_BEGIN)]) == _BEGIN
        and str(SOURCE) in environment.get("PYTHONPATH", "").split(os.pathsep)
        and len(environment.get(HOME, "").encode()) in range(1, LONGEST_HOME)
        and _of_the_interpreter(environment) == _of_the_interpreter(os.environ)
        and all(value.upper().endswith(("UTF-8", "UTF8")) for value in _other_locales(environment))
    )


def _of_the_interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith("PYTHON") and k not in _TAKEN_ON}


def _other_locales(environment: Mapping[str, str]) -> set[str]:
    """Those that this process does not have itself; what is written in them may be encoded otherwise."""
    return {environment.get(name, "") for name in _LOCALE if environment.get(name) != os.environ.get(name)} - {""}


class _ForkedCommand(subprocess.Popen[str]):
    """A command that a template forked: in place of what forks and what waits for a child of one's own."""

    def _execute_child(
        self,
        args: Sequence[str],
        executable: object,
        preexec_fn: object,
        close_fds: object,
        pass_fds: object,
        cwd: str | None,
        env: Mapping[str, str],
        startupinfo: object,
        creationflags: object,
        shell: object,
        stdin: int,
        to_stdin: int,
        from_stdout: int,
        stdout: int,
        from_stderr: int,
        stderr: int,
        *rest: object,
    ) -> None:
        asked = _Asked(
            arguments=args,
            environment=env,
            folder=str(cwd or Path.cwd()),
            own_session=bool(rest[-2]),
            group=int(str(rest[-1])),
        )
        standard = [own if file == -1 else file for own, file in enumerate((stdin, stdout, stderr))]
        self._ended, ended = os.pipe()
        try:
            self.pid = int(template(__name__).asked(json.dumps(asked).encode(), *standard, ended))
        finally:
            os.close(ended)
            for theirs, ours in ((stdin, to_stdin), (stdout, from_stdout), (stderr, from_stderr)):
                if ours != -1:
                    os.close(theirs)
            if self._nothing is not None:
                os.close(self._nothing)
        self._child_created = True
        self._closed_child_pipe_fds = True

    @property
    def _nothing(self) -> int | None:
        """The null device, where one of the standard files is it."""
        return getattr(self, "_devnull", None)

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        """As `os.waitpid` answers for a child: nothing while it runs, and then its pid and how it ended."""
        if wait_flags & os.WNOHANG and not select.select([self._ended], [], [], 0)[0]:
            return 0, 0
        status = int(os.read(self._ended, 32))
        os.close(self._ended)
        return self.pid, status

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        if self.returncode is None and self._child_created:
            pid, status = self._try_wait(os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


class _Forks:
    """The commands that run, each with the file to which its end is told."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(channel, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the tests are gone."""
        while True:
            for key, _ in self._waiting.select():
                if key.fileobj is not self._channel:
                    self._tell(cast(int, key.fileobj), *key.data)
                elif not self._fork():
                    return

    def _fork(self) -> bool:
        request, files, _, _ = socket.recv_fds(self._channel, LARGEST_BYTES, 4)
        if not request:
            return False
        if not (pid := os.fork()):
            _run_command(json.loads(request), files[:3])
        for file in files[:3]:
            os.close(file)
        self._waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, files[3]))
        self._channel.send(b"%d" % pid)
        return True

    def _tell(self, pidfd: int, pid: int, ended: int) -> None:
        self._waiting.unregister(pidfd)
        os.close(pidfd)
        status = os.waitpid(pid, 0)[1]
        with suppress(BrokenPipeError):
            os.write(ended, b"%d" % status)
        os.close(ended)


def _run_command(asked: _Asked, files: Sequence[int]) -> None:
    code = 1
    try:
        if asked["own_session"]:
            os.setsid()
        elif asked["group"] >= 0:
            os.setpgid(0, asked["group"])
        become(asked["arguments"], asked["environment"], asked["folder"], files)
        code = _command_line(asked["arguments"][len(_BEGIN) :], asked["environment"].get(_ENCODING))
    except KeyboardInterrupt:
        code = program.INTERRUPTED
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _command_line(arguments: Sequence[str], encoding: str | None) -> int:
    """As the interpreter does from its first to its last line."""
    time.tzset()
    encoding = encoding or sys.stdout.encoding
    sys.stdin, sys.stdout, sys.stderr = (
        open(file, mode, buffered, encoding, errors, "\n", closefd=False)  # noqa: SIM115 until the process ends
        for file, mode, buffered, errors in ((0, "r", -1, None), (1, "w", -1, None), (2, "w", 1, "backslashreplace"))
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    sys.argv = [str(program.__file__), *arguments]
    try:
        program.main()
    except SystemExit as ended:
        return int(str(ended.code or 0))
    finally:
        sys.stderr.flush()


def main() -> None:
    """Fork a command for each that is asked for."""
    from senter.terminal.commands import COMMANDS

    channel = channel_of_template()
    commands = (target.partition(":")[0] for target, _ in COMMANDS.values())
    for module in ("senter.cli.main", *commands, *_WHAT_COMMANDS_IMPORT_LATE):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    _Forks(channel).serve()


if __name__ == "__main__":
    main()
