"""One process of a unit, from its start to its certain end. What follows is the unit's business."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import structlog

from senter.component.launch import ExitCode
from senter.errors import SenterError, StartError
from senter.messages.health import Health
from senter.supervisor.process import Child, describe_exit
from senter.supervisor.settings import SupervisorSettings


class Program(Protocol):
    """How one kind of process comes to be."""

    async def prepare(self) -> None:
        """Wait for what it needs, if anything. May be cancelled. Raises `NotReady`."""

    async def spawn(self) -> Child:
        """Start it. Bounded in time, never cancelled. Raises `StartError` or `OSError`."""
        ...

    def last_words(self, pid: int) -> str:
        """What the process left as the reason for its end, or nothing."""
        return ""

    async def died(self, pid: int, reason: str) -> None:
        """Called at every death, before anything else happens."""
        ...


class Cause(Enum):
    """Why a life ended."""

    ASKED = auto()
    FAILED = auto()
    NOT_READY = auto()
    SETTINGS = auto()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a life ended, for the unit to judge."""

    cause: Cause
    reason: str


ASKED_TO_STOP = Ending(Cause.ASKED, "asked to stop")


class Life:
    """Made just before the process, so that nothing of its predecessor is taken for its own."""

    def __init__(
        self,
        program: Program,
        settings: SupervisorSettings,
        unwanted: asyncio.Event,
        *,
        on_ready: Callable[[], None],
        on_stopping: Callable[[], None],
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self.child: Child | None = None
        """The process that runs now."""
        self.health = Health()
        self.last_seen = 0.0
        """When it last said that it lives, on the monotonic clock."""
        self.dropped = 0
        self._program = program
        self._settings = settings
        self._unwanted = unwanted
        self._on_ready = on_ready
        self._on_stopping = on_stopping
        self._log = log
        self._ready = asyncio.Event()
        self._sentence: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def seen(self, pid: int, health: Health, dropped: int = 0) -> None:
        """Take note of a sign of life; the first one means that the process is ready."""
        if self.child is None or self.child.pid != pid:
            return
        self.last_seen = time.monotonic()
        self.health = health
        self.dropped = dropped
        self._ready.set()

    def condemn(self, reason: str) -> None:
        """End the process, and treat that as a failure."""
        if not self._sentence.done():
            self._sentence.set_result(reason)

    async def run(self) -> Ending:
        """Start the process and see it through to its end. Nothing is left of it when this returns."""
        try:
            self.child = await self._program.spawn()
        except (StartError, OSError) as error:
            return Ending(Cause.FAILED, error.message if isinstance(error, SenterError) else f"cannot start: {error}")
        self._log.info("unit_spawned", child_pid=self.child.pid)
        ending = await self._watch(self.child)
        await self._program.died(self.child.pid, ending.reason)
        self.child, self.health, self.dropped = None, Health(), 0
        return ending

    async def _watch(self, child: Child) -> Ending:
        async with asyncio.TaskGroup() as group:
            exited = group.create_task(child.wait())
            ready = group.create_task(self._become_ready())
            stop = group.create_task(self._unwanted.wait())
            condemned = group.create_task(self._wait_condemned())
            await asyncio.wait({exited, stop, condemned}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            ending = await self._end(child, exited, condemned, asked=stop.done() and not exited.done())
            stop.cancel()
            condemned.cancel()
        return ending

    async def _become_ready(self) -> None:
        try:
            async with asyncio.timeout(self._settings.start_timeout_seconds):
                await self._ready.wait()
        except TimeoutError:
            if not self._ready.is_set():  # it may have spoken while this process was away
                self.condemn(f"not ready after {self._settings.start_timeout_seconds:g} s")
                return
        self._on_ready()

    async def _wait_condemned(self) -> str:
        return await asyncio.shield(self._sentence)

    async def _end(
        self, child: Child, exited: asyncio.Task[int], condemned: asyncio.Task[str], *, asked: bool
    ) -> Ending:
        if exited.done():
            return self._explain(child.pid, exited.result())
        if asked:
            self._on_stopping()
            child.terminate()
            grace = self._settings.stop_grace_seconds
            await asyncio.wait({exited, condemned}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
            if child.alive:
                self._log.warning("unit_ended_by_force", grace_seconds=grace)
        child.kill()
        await exited
        return ASKED_TO_STOP if asked else Ending(Cause.FAILED, condemned.result())

    def _explain(self, pid: int, code: int) -> Ending:
        words = self._program.last_words(pid)
        if code == ExitCode.SETTINGS:
            return Ending(Cause.SETTINGS, words or "its settings cannot be used")
        if code == ExitCode.NOT_READY:
            return Ending(Cause.NOT_READY, words or "it is not ready")
        return Ending(Cause.FAILED, f"{describe_exit(code)}: {words}" if words else describe_exit(code))
