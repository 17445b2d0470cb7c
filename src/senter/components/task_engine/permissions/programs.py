"""One started program, and its certain end, at whatever instant that is asked for.

Bubblewrap is two processes before it is a sandbox. Killed in its first milliseconds, it can leave the second
one behind, which then waits for the first for ever, or runs the program that nobody wants any more. Until it
has let the second one go, it shares a process group with it; from then on its status has told the second
one's process. So both are killed: the group first, and then what the status told until its end.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from senter.component.ending import CLOSE_SECONDS, PIECE_BYTES, collect, kill
from senter.errors import ToolError

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108  its own /tmp


class Innermost(BaseModel):
    """The first process inside a sandbox, which takes all others with it when it ends."""

    model_config = ConfigDict(frozen=True)

    pid: int = Field(alias="child-pid")
    namespace: int = Field(alias="pid-namespace")
    """The inode of its namespace, because a process's number may be given to another."""


class SandboxStatus:
    """What bubblewrap tells: one line about the sandbox it makes, and more until it is gone."""

    def __init__(self, told: StreamReader, transport: asyncio.BaseTransport, tells: int) -> None:
        self._told = told
        self._transport = transport
        self._line = b""
        self.tells = tells
        """Where bubblewrap is to write; closed here once it has it."""

    @classmethod
    async def open(cls) -> Self:
        told, tells = os.pipe()
        reader = StreamReader()
        try:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(told, "rb", buffering=0)
            )
        except BaseException:
            os.close(tells)
            raise
        return cls(reader, transport, tells)

    async def innermost(self) -> Innermost | None:
        """The sandbox's first process; none when bubblewrap ended before it let one go, in mid-line perhaps."""
        self._line = self._line or await self._told.readline()
        return Innermost.model_validate_json(self._line) if self._line.endswith(b"\n") else None

    async def close(self) -> Innermost | None:
        """The same, when bubblewrap is being killed and writes no more: all it wrote until its end counts."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                return await self.innermost()
        except TimeoutError:
            return None
        finally:
            self._transport.close()


async def begin(
    argv: Sequence[str], stack: AsyncExitStack, *, folder: Path | None = None, status: SandboxStatus | None = None
) -> Process:
    """Start a program in a group of its own, which is ended with the stack. With `status`, it is bubblewrap."""
    starting = asyncio.create_task(_start(argv, folder, status))
    stack.push_async_callback(_end, starting, status)
    return await asyncio.shield(starting)


async def _start(argv: Sequence[str], folder: Path | None, status: SandboxStatus | None) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=PIPE if status else DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            cwd=folder,
            env=_environment(),
            pass_fds=(status.tells,) if status else (),
            start_new_session=True,
            limit=PIECE_BYTES,
        )
    except OSError as error:
        raise ToolError(f"{argv[0]} cannot be run: {error.strerror or error}.") from error
    finally:
        if status:
            os.close(status.tells)


def _environment() -> Mapping[str, str]:
    if os.name == "posix":
        return ENVIRONMENT
    return {"SYSTEMROOT": os.environ.get("SYSTEMROOT", ""), "PATH": os.environ.get("PATH", "")}


async def _end(starting: asyncio.Task[Process], status: SandboxStatus | None) -> None:
    """Not to be interrupted: whoever is cancelled again goes, and this goes on."""
    await asyncio.shield(asyncio.create_task(_ended(starting, status)))


async def _ended(starting: asyncio.Task[Process], status: SandboxStatus | None) -> None:
    await asyncio.wait([starting])
    process = None if starting.exception() else starting.result()
    if process:
        kill(process)
    if status and (innermost := await status.close()):
        _kill_innermost(innermost)
    if process:
        await collect(process)


def _kill_innermost(innermost: Innermost) -> None:
    with suppress(OSError):  # it is gone
        process = os.pidfd_open(innermost.pid)
        try:
            if Path(f"/proc/{innermost.pid}/ns/pid").stat().st_ino == innermost.namespace:
                signal.pidfd_send_signal(process, signal.SIGKILL)
        finally:
            os.close(process)
