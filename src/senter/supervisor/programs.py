"""How a component's process comes to be."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping

from pydantic import JsonValue

from senter.bus.access import BusAccess
from senter.component.launch import LastWords, Launch
from senter.component.spec import ComponentSpec
from senter.errors import StartError
from senter.logs.settings import LevelName
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.forking import HAS_ZYGOTE, Zygote, spawn_fresh
from senter.supervisor.process import Child
from senter.supervisor.settings import SupervisorSettings

ZYGOTE_SECONDS = 10.0

Died = Callable[[ComponentName, int, str], Awaitable[None]]
Until = Callable[[str], Awaitable[None]]
# Waits until the zygote takes requests; false when it has been given up.
UntilForking = Callable[[], Awaitable[bool]]


class ComponentProgram:
    """Starts one process of a component, forked or fresh as its SPEC says."""

    def __init__(
        self,
        spec: ComponentSpec,
        process: ComponentName,
        *,
        section: Mapping[str, JsonValue],
        access: BusAccess,
        paths: Paths,
        zygote: Zygote,
        until_running: Until,
        until_forking: UntilForking,
        died: Died,
        settings: SupervisorSettings,
        log_level: LevelName,
    ) -> None:
        self.spec = spec
        self.process = process
        self.section = dict(section)
        self._access = access
        self._paths = paths
        self._zygote = zygote
        self._until_running = until_running
        self._until_forking = until_forking
        self._forks = False
        self._died = died
        self._settings = settings
        self._log_level: LevelName = log_level

    async def prepare(self) -> None:
        for need in self.spec.needs:
            await self._until_running(need)
        self._forks = HAS_ZYGOTE and self.spec.start == "fork" and await self._until_forking()

    async def spawn(self) -> Child:
        launch = self._launch()
        if not self._forks:
            return await spawn_fresh(launch, self._paths.log_output)
        try:
            return await self._zygote.fork(launch)
        except StartError:
            # The zygote died between `prepare` and now; its own unit starts it again.
            await self._zygote_is_back()
            return await self._zygote.fork(launch)

    async def _zygote_is_back(self) -> None:
        try:
            async with asyncio.timeout(ZYGOTE_SECONDS):
                await self._zygote.until_up()
        except TimeoutError:
            raise StartError(f"The zygote did not come back in {ZYGOTE_SECONDS:g} s.") from None

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
            bus=self._access,
            supervisor_pid=os.getpid(),
            log_level=self._log_level,
            heartbeat_seconds=self._settings.heartbeat_seconds,
            finish_seconds=self._settings.finish_seconds,
            nice=self.spec.nice,
        )
