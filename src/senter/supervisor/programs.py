"""The two kinds of process beside the zygote: components, and the daemon's own nats-server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from senter.component.launch import BusLogin, LastWords, Launch
from senter.component.spec import ComponentSpec
from senter.errors import StartError
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.forking import HAS_ZYGOTE, Zygote, spawn_fresh
from senter.supervisor.process import Child, spawn

Died = Callable[[ComponentName, int, str], Awaitable[None]]
Until = Callable[[str], Awaitable[None]]


class ComponentProgram:
    """Starts one process of a component, forked or fresh as its SPEC says."""

    def __init__(
        self,
        spec: ComponentSpec,
        process: ComponentName,
        *,
        section: Mapping[str, JsonValue],
        login: BusLogin,
        paths: Paths,
        zygote: Zygote,
        until_running: Until,
        died: Died,
        heartbeat_seconds: float,
        log_level: str,
    ) -> None:
        self.spec = spec
        self.process = process
        self.section = dict(section)
        self._login = login
        self._paths = paths
        self._zygote = zygote
        self._until_running = until_running
        self._died = died
        self._heartbeat_seconds = heartbeat_seconds
        self._log_level = log_level

    @property
    def forked(self) -> bool:
        return HAS_ZYGOTE and self.spec.start == "fork"

    async def prepare(self) -> None:
        for need in self.spec.needs:
            await self._until_running(need)
        if self.forked:
            await self._zygote.until_up()

    async def spawn(self) -> Child:
        launch = self._launch()
        if not self.forked:
            return await spawn_fresh(launch, self._paths.log_output)
        try:
            return await self._zygote.fork(launch)
        except StartError:
            # The zygote died between `prepare` and now; its own unit starts it again.
            async with asyncio.timeout(10):
                await self._zygote.until_up()
            return await self._zygote.fork(launch)

    def last_words(self, pid: int) -> str:
        words = LastWords.take(self._paths.run, self.process, pid)
        return "" if words is None else words.message

    async def died(self, pid: int, reason: str) -> None:
        await self._died(self.process, pid, reason)

    def _launch(self) -> Launch:
        return Launch(
            process=self.process,
            component=self.spec.name,
            home=self._paths.home,
            settings=self.section,
            bus=self._login,
            supervisor_pid=os.getpid(),
            log_level=self._log_level,
            heartbeat_seconds=self._heartbeat_seconds,
            nice=self.spec.nice,
        )


class BusProgram:
    """Starts the daemon's own nats-server."""

    def __init__(self, argv: Sequence[str], output: Path, died: Died) -> None:
        self._argv = argv
        self._output = output
        self._died = died

    async def prepare(self) -> None:
        return

    async def spawn(self) -> Child:
        try:
            return spawn(self._argv, output=self._output)
        except OSError as error:
            raise StartError(f"nats-server cannot be started: {error}.") from error

    def last_words(self, pid: int) -> str:
        return ""

    async def died(self, pid: int, reason: str) -> None:
        await self._died(ComponentName("nats-server"), pid, reason)
