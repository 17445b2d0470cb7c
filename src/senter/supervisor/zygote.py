"""Imports what components share once, then forks a component for each request.

Single-threaded on purpose: a fork copies only the calling thread. The double fork hands the child to the
supervisor (a subreaper), which so becomes its real parent: it gets the true exit status, and the child
survives the zygote's own death. The child sends its own pid and pidfd back.

Wire format on the SEQPACKET socket: a request is the JSON of a `Launch`, or `ping`; answers are
`ready`, `pong`, or `forked PROCESS PID` with the child's pidfd attached.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback

from senter.component.parenthood import die_with, wait_for_parent

LARGEST_REQUEST_BYTES = 192 * 1024


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


def main() -> None:
    supervisor_pid = int(sys.argv[2])
    die_with(supervisor_pid)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    channel = socket.socket(fileno=int(sys.argv[1]))
    preload()
    serve(channel, supervisor_pid)


if __name__ == "__main__":
    main()
