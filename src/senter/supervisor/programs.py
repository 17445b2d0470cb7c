"""How a component's process comes to be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from senter.component.launch import LastWords, Launch
from senter.component.spec import ComponentSpec
from senter.errors import StartError
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.forking import HAS_ZYGOTE, Zygote, spawn_fresh
from senter.supervisor.process import Child

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
        launch: Launch,
        zygote: Zygote,
        until_running: Until,
        until_forking: UntilForking,
        *,
        died: Died,
    ) -> None:
        self.spec = spec
        self.launch = launch
        """For the next process."""
        self._paths = Paths(launch.home)
        self._zygote = zygote
        self._until_running = until_running
        self._until_forking = until_forking
        self._forks = False
        self._died = died

    async def prepare(self) -> None:
        for need in self.spec.needs:
            await self._until_running(need)
        self._forks = HAS_ZYGOTE and self.spec.start == "fork" and await self._until_forking()

    async def spawn(self) -> Child:
        if not self._forks:
            return await spawn_fresh(self.launch, self._paths.log_output)
        try:
            return await self._zygote.fork(self.launch)
        except StartError:
            # The zygote died between `prepare` and now; its own unit starts it again.
            await self._zygote_is_back()
            return await self._zygote.fork(self.launch)

    async def _zygote_is_back(self) -> None:
        try:
            async with asyncio.timeout(ZYGOTE_SECONDS):
                await self._zygote.until_up()
        except TimeoutError:
            raise StartError(f"The zygote did not come back in {ZYGOTE_SECONDS:g} s.") from None

    def last_words(self, pid: int) -> str:
        words = LastWords.take(self._paths.run, self.launch.process, pid)
        return "" if words is None else words.message

    async def died(self, pid: int, reason: str) -> None:
        await self._died(self.launch.process, pid, reason)
