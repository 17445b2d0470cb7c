"""The supervisor's side of the zygote: start it, ask it for forks, know whether it lives."""

from __future__ import annotations

import array
import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from senter.component.launch import Launch
from senter.errors import StartError
from senter.supervisor.life import Program
from senter.supervisor.process import Child, spawn
from senter.supervisor.zygote import EarlyZygote

FORK_TIMEOUT_SECONDS = 5.0
HAS_ZYGOTE = sys.platform == "linux"


class Zygote(Program):
    """Makes the zygote, and is the channel to the one that runs. The first is `early`, if given."""

    def __init__(self, output: Path, announce: Callable[[int], None], early: EarlyZygote | None = None) -> None:
        self._output = output
        self._announce = announce
        self._early = early
        self._channel: socket.socket | None = None
        self._pid = 0
        self._pending: dict[str, asyncio.Future[Child]] = {}
        self._up = asyncio.Event()

    async def spawn(self) -> Child:
        """Start the zygote; `announce` is called with its pid when it has preloaded."""
        early, self._early = self._early, None
        child, channel = self._begin(early) if early else self._spawn_fresh()
        channel.setblocking(False)
        self._channel, self._pid = channel, child.pid
        asyncio.get_running_loop().add_reader(channel, self.catch_up)
        return child

    def _begin(self, early: EarlyZygote) -> tuple[Child, socket.socket]:
        channel = early.begin(self._output)
        return Child(early.pid, os.pidfd_open(early.pid)), channel

    def _spawn_fresh(self) -> tuple[Child, socket.socket]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [sys.executable, "-P", "-m", "senter.supervisor.zygote", str(theirs.fileno()), str(os.getpid())]
        try:
            with theirs:
                return spawn(argv, pass_fds=[theirs.fileno()], output=self._output), ours
        except OSError:
            ours.close()
            raise

    async def died(self, pid: int, reason: str) -> None:
        self._up.clear()
        if self._channel is not None:
            self._channel.shutdown(socket.SHUT_RD)  # a fork that cannot say any more that it lives ends itself
            self.catch_up()
            asyncio.get_running_loop().remove_reader(self._channel)
            self._channel.close()
            self._channel = None
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(StartError(f"The zygote ended: {reason}."))
        self._pending.clear()

    async def until_up(self) -> None:
        await self._up.wait()

    def ping(self) -> None:
        """Ask for a sign of life; the answer comes through `announce`. One that is dead or stuck gives none."""
        with suppress(StartError):
            self._send(b"ping")

    async def fork(self, launch: Launch) -> Child:
        """A new process that runs `launch`. Raises `StartError` when the zygote does not answer."""
        waiting: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._pending[launch.process] = waiting
        try:
            self._send(launch.model_dump_json().encode())
            async with asyncio.timeout(FORK_TIMEOUT_SECONDS):
                return await waiting
        except TimeoutError:
            raise StartError(f"The zygote did not fork {launch.process} in {FORK_TIMEOUT_SECONDS:g} s.") from None
        finally:
            self._pending.pop(launch.process, None)

    def _send(self, request: bytes) -> None:
        try:
            if self._channel is None:
                raise StartError("The zygote is not running.")
            self._channel.send(request)
        except OSError as error:
            raise StartError(f"The zygote cannot be reached: {error}.") from error

    def catch_up(self) -> None:
        """Read all that has arrived: every fork that ever began to run is known after this."""
        while self._channel is not None and self._read():
            pass

    def _read(self) -> bool:
        """Read one answer; returns whether there was one."""
        assert self._channel is not None
        try:
            answer, fds = _receive(self._channel)
        except (BlockingIOError, ConnectionError):
            return False
        if not answer:
            asyncio.get_running_loop().remove_reader(self._channel)
            return False
        self._take(answer, fds)
        return True

    def _take(self, answer: bytes, fds: list[int]) -> None:
        word, *rest = answer.decode().split()
        if word == "forked":
            self._deliver(name=rest[0], pid=int(rest[1]), fds=fds)
            return
        self._up.set()
        self._announce(self._pid)

    def _deliver(self, name: str, pid: int, fds: list[int]) -> None:
        if not fds:  # the limit of open files; a process that cannot be watched must not run
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        child = Child(pid, fds[0])
        waiting = self._pending.get(name)
        if waiting is None or waiting.done():
            child.kill()  # nobody waits for it any more; a second one may be on its way
        else:
            waiting.set_result(child)


def _receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    fds = array.array("i")
    answer, ancillary, _, _ = channel.recvmsg(256, socket.CMSG_SPACE(fds.itemsize))
    for _, _, content in ancillary:
        fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
    for fd in fds:
        os.set_inheritable(fd, False)
    return answer, list(fds)


async def spawn_fresh(launch: Launch, output: Path) -> Child:
    """A fresh interpreter that runs `launch`; its standard input is its lifeline. Raises `OSError`."""
    child = spawn([sys.executable, "-P", "-m", "senter.supervisor.child"], stdin=subprocess.PIPE, output=output)
    try:
        child.tell(launch.model_dump_json().encode() + b"\n")
    except OSError:
        child.kill()
        await child.wait()
        raise
    return child
