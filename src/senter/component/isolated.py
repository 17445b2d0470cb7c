"""A child process for code that may crash, hang, or answer without end: parsers, search engines, foreign tools.

The child is a module of ours that calls `isolated_child.serve`. It is started when first needed, answers
one request at a time, dies with this process, and is ended, with all it started, when it fails. The
next request then gets a new one. It guards against faults, not against malice: the child has the rights
of the user, beyond the limits it is given.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from senter.component.ending import CLOSE_SECONDS, collect, kill
from senter.component.frames import LARGEST_FRAME_BYTES, Frame, receive
from senter.errors import ChildFailed, TooLarge
from senter.masking import mask_text

LAST_WORDS_BYTES = 2_000
CLOSED = "It was ended, because what asked it is ending too."
# What broke is broken for good; a new child has new pipes.
BROKEN = (EOFError, BrokenPipeError, ConnectionResetError)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use. Where the system cannot limit, only the time-out of a request holds."""

    memory_mb: int = 2_048
    """Address space, in MiB."""
    cpu_seconds: int = 60
    """For one request."""
    answer_bytes: int = LARGEST_FRAME_BYTES
    """The largest frame it may send."""
    idle_seconds: float = 60.0
    """A child that was not asked for so long is let go; the next request starts another."""


DEFAULT_LIMITS = ChildLimits()


class ChildExchange:
    """One request and all that is said about it."""

    def __init__(self, process: Process, limits: ChildLimits) -> None:
        self._process = process
        self._limits = limits

    async def send(self, frame: Frame) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(frame.encode())
        await self._process.stdin.drain()

    async def receive(self) -> Frame:
        assert self._process.stdout is not None
        return await receive(self._process.stdout, self._limits.answer_bytes)


class Isolated:
    """One child at a time, running `module` with `arguments`. Use it as a context manager, or `close` it."""

    def __init__(self, module: str, *arguments: str, limits: ChildLimits = DEFAULT_LIMITS) -> None:
        allowed = (str(limits.memory_mb), str(limits.cpu_seconds))
        self._argv = (sys.executable, "-P", "-m", module, str(os.getpid()), *allowed, *arguments)
        self._name = " ".join((module, *arguments))
        self._limits = limits
        self._free = asyncio.Lock()
        self._process: Process | None = None
        self._last_words = bytearray()
        self._listening: asyncio.Task[None] | None = None
        self._letting_go: asyncio.Task[None] | None = None
        self._asked = 0
        self._time: asyncio.Timeout | None = None
        self._closed = False

    async def ask(self, frame: Frame, *, timeout_seconds: float) -> Frame:
        """Send one frame and return the one that answers it. Raises `ChildFailed`."""
        async with self.exchange(timeout_seconds=timeout_seconds) as exchange:
            await exchange.send(frame)
            return await exchange.receive()

    @asynccontextmanager
    async def exchange(self, *, timeout_seconds: float) -> AsyncGenerator[ChildExchange]:
        """The child, for one request; whoever comes meanwhile waits. An error inside ends the child.

        Raises `ChildFailed` when it dies, is closed, sends too much, or the block is not left in time.
        """
        async with self._free:
            if self._closed:
                raise ChildFailed(CLOSED)
            self._asked += 1
            try:
                async with asyncio.timeout(timeout_seconds) as self._time:
                    try:
                        yield ChildExchange(await self._running(), self._limits)
                    finally:
                        self._time = None
                asyncio.get_running_loop().call_later(self._limits.idle_seconds, self._let_go, self._asked)
            except TimeoutError:
                await self._end()
                late = f"It did not answer within {timeout_seconds:g} s and was ended."
                raise ChildFailed(CLOSED if self._closed else late) from None
            except BROKEN:
                raise ChildFailed(await self._how_it_ended()) from None
            except (TooLarge, ValueError) as error:
                await self._end()
                raise ChildFailed(f"It said what cannot be taken, and was ended: {error}") from error
            except BaseException:  # the pipes hold half a conversation
                await self._end()
                raise

    @property
    def pid(self) -> int | None:
        """The child's process while there is one."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def close(self) -> None:
        """Let the child end, or end it in the middle of a request. Nothing can be asked of it afterwards."""
        self._closed = True
        if self._time is not None and not self._time.expired():
            self._time.reschedule(asyncio.get_running_loop().time())
        if self._letting_go is not None:
            await self._letting_go
        async with self._free:
            await self._close()

    def _let_go(self, asked: int) -> None:
        if asked == self._asked and self._process is not None:
            self._letting_go = asyncio.create_task(self._close_if_idle(asked))

    async def _close_if_idle(self, asked: int) -> None:
        async with self._free:
            if asked == self._asked:
                await self._close()

    async def _close(self) -> None:
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await process.wait()
        await self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                *self._argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_environment(), start_new_session=True
            )
            self._last_words.clear()
            self._listening = asyncio.create_task(self._listen(self._process))
        return self._process

    async def _listen(self, process: Process) -> None:
        """Keep the end of what it writes to standard error, and no more."""
        assert process.stderr is not None
        while piece := await process.stderr.read(4_096):
            self._last_words += piece
            del self._last_words[:-LAST_WORDS_BYTES]

    async def _how_it_ended(self) -> str:
        process = self._process
        await self._end()
        code = process.returncode if process else None
        words = mask_text(self._last_words.decode(errors="replace")).strip().splitlines()
        said = f": {words[-1][:300]}" if words else ""
        return f"Its process ended ({_reason(code)}){said}."

    async def _end(self) -> None:
        process, self._process = self._process, None
        listening, self._listening = self._listening, None
        if process is None:
            return
        kill(process)
        await asyncio.shield(asyncio.create_task(collect(process, listening)))


def _environment() -> Mapping[str, str]:
    """What we can import the child can too; what we were told about models and keys is not for it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _reason(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
