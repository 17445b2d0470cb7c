"""Imports what components share once, then forks a component for each request.

Single-threaded on purpose: a fork copies only the calling thread. The double fork hands the child to the
supervisor (a subreaper), which so becomes its real parent: it gets the true exit status, and the child
survives the zygote's own death. The child sends its own pid and pidfd back.

The first zygote is forked from the supervisor, so that what both import is imported once; it waits for where to write
before it imports the rest. One that is started again is a fresh interpreter.

Wire format on the SEQPACKET socket: a request is the JSON of a `Launch`, or `ping`; answers are
`ready`, `pong`, or `forked PROCESS PID` with the child's pidfd attached. The first zygote is sent `begin` before all
else, with the file for its output attached.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path

from senter.parenthood import die_with, wait_for_parent
from senter.paths import private

LARGEST_REQUEST_BYTES = 192 * 1024


class EarlyZygote:
    """A zygote that was forked from this process and waits to begin."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self._channel = channel
        self._begun = False

    def begin(self, output: Path) -> socket.socket:
        """Have it import what it needs and write to `output`; from now on it is the caller's. Raises `OSError`."""
        self._begun = True
        with open(output, "ab", opener=private) as file:
            socket.send_fds(self._channel, [b"begin"], [file.fileno()])
        return self._channel

    def end(self) -> None:
        """End it, where it was not begun."""
        if not self._begun:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def fork_zygote() -> EarlyZygote | None:
    """Fork one from this process, which must have no threads and no loop yet. None where the system refuses."""
    supervisor_pid = os.getpid()
    try:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
    except OSError:
        return None
    if pid:
        theirs.close()
        return EarlyZygote(pid, ours)
    try:
        ours.close()
        _run_early(theirs, supervisor_pid)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _run_early(channel: socket.socket, supervisor_pid: int) -> None:
    os.setpgid(0, 0)  # as for all that the supervisor starts
    _call_this_process(b"senter.supervisor.zygote")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.close(nothing)
    _depend_on(supervisor_pid)
    _, outputs, _, _ = socket.recv_fds(channel, LARGEST_REQUEST_BYTES, 1)
    for output in outputs:  # none where the supervisor ends without a zygote
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        preload()
        serve(channel, supervisor_pid)


def _call_this_process(name: bytes) -> None:
    """What `ps` shows instead of the supervisor's arguments (proc_pid_stat(5): arg_start and arg_end)."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    begin, end = int(fields[45]), int(fields[46])
    if 0 < len(name) < end - begin:
        ctypes.memmove(begin, name.ljust(end - begin, b"\0"), end - begin)


def preload() -> None:
    """Import what the forks will need; freeze it so that collecting garbage does not unshare its pages."""
    gc.disable()  # imports leave no garbage, and looking for some took a tenth of the time
    from senter.components.specs import all_specs

    for spec in all_specs():
        if spec.start == "fork":
            for module in (spec.entry.partition(":")[0], *spec.preload):
                _import(module)
    importlib.import_module("senter.supervisor.child")
    gc.collect()
    gc.freeze()
    gc.enable()


def _import(module: str) -> None:
    """What cannot be imported fails the component that needs it, in its own process, and no other."""
    try:
        importlib.import_module(module)
    except (Exception, SystemExit):
        traceback.print_exc()


def serve(channel: socket.socket, supervisor_pid: int) -> None:
    """Answer requests until the supervisor closes its end."""
    channel.send(b"ready")
    while request := channel.recv(LARGEST_REQUEST_BYTES):
        if request == b"ping":
            channel.send(b"pong")
        else:
            _fork_twice(request, channel, supervisor_pid)


def _fork_twice(request: bytes, channel: socket.socket, supervisor_pid: int) -> None:
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return
    if os.fork():
        os._exit(0)
    _become_component(request, channel, supervisor_pid)


def _become_component(request: bytes, channel: socket.socket, supervisor_pid: int) -> None:
    code = 1
    try:
        wait_for_parent(supervisor_pid)
        die_with(supervisor_pid)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        pidfd = os.pidfd_open(os.getpid())
        process = json.loads(request)["process"]
        socket.send_fds(channel, [f"forked {process} {os.getpid()}".encode()], [pidfd])
        os.close(pidfd)
        channel.close()
        code = _run(request)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _run(request: bytes) -> int:
    from senter.component.launch import Launch
    from senter.supervisor import child

    return child.run(Launch.model_validate_json(request))


def _depend_on(supervisor_pid: int) -> None:
    die_with(supervisor_pid)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)


def main() -> None:
    supervisor_pid = int(sys.argv[2])
    _depend_on(supervisor_pid)
    channel = socket.socket(fileno=int(sys.argv[1]))
    preload()
    serve(channel, supervisor_pid)


if __name__ == "__main__":
    main()
