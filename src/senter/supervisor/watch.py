"""Looks at everything every few seconds: signs of life, costs, settings, the service manager's watchdog."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from senter.messages.control import State
from senter.messages.envelope import current
from senter.messages.health import Heartbeat
from senter.supervisor.buses import BusHouse
from senter.supervisor.fleet import BUS, ZYGOTE, Fleet
from senter.supervisor.notify import notify, watchdog_interval_seconds
from senter.supervisor.process import reap_strays
from senter.supervisor.settings import SupervisorSettings
from senter.supervisor.status import StatusBoard

OUTPUT_LIMIT_BYTES = 10 * 1024 * 1024


class Watch:
    """The supervisor's eyes."""

    def __init__(
        self,
        fleet: Fleet,
        board: StatusBoard,
        settings: SupervisorSettings,
        output: Path,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._fleet = fleet
        self._board = board
        self._settings = settings
        self._output = output
        self._log = log
        self._sampled_at = 0.0
        self._looked_at = time.monotonic()
        self._bus_heard_at = time.monotonic()

    async def hear(self, heartbeat: Heartbeat) -> None:
        """Take note of a component's sign of life."""
        unit = self._fleet.units.get(current().source)
        if unit is not None:
            unit.life.seen(heartbeat.pid, heartbeat.health, heartbeat.dropped)

    async def run(self, house: BusHouse, look_at_settings: Callable[[], Awaitable[None]]) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._feed_watchdog())
            group.create_task(self._ping_bus_on_and_on(house))
            group.create_task(house.look_at_stream())
            while True:
                await asyncio.sleep(self._settings.heartbeat_seconds)
                self._fleet.zygote.ping()
                self.judge()
                self.sample()
                await look_at_settings()
                reap_strays(self._fleet.zygote.catch_up)

    async def _ping_bus_on_and_on(self, house: BusHouse) -> None:
        """Beside the rest: a hung bus keeps a ping waiting, and that must not look as if this process was away."""
        while True:
            await self._ping_bus(house)
            await asyncio.sleep(self._settings.heartbeat_seconds)

    async def _ping_bus(self, house: BusHouse) -> None:
        unit = self._fleet.units.get(BUS)
        child = unit.life.child if unit else None
        if not await house.ping():
            return
        self.hear_bus()
        if unit and child:
            unit.life.seen(child.pid, house.health())

    def hear_bus(self) -> None:
        """Take note that the bus carries messages."""
        self._bus_heard_at = time.monotonic()

    def judge(self) -> None:
        """Condemn who has been silent too long, unless it was this process or the bus that was away."""
        now = time.monotonic()
        patience = self._settings.hung_after_seconds
        was_away = now - self._looked_at > patience / 2 + self._settings.heartbeat_seconds
        self._looked_at = now
        bus_silent = now - self._bus_heard_at > 2 * self._settings.heartbeat_seconds
        for unit in self._fleet.units.values():
            if unit.state is not State.RUNNING:
                continue
            if was_away or (bus_silent and unit.name not in (BUS, ZYGOTE)):
                unit.life.last_seen = now  # its silence was not its own
            elif now - unit.life.last_seen > patience:
                unit.life.condemn(f"hung: no sign of life for {patience:g} s")

    def sample(self) -> None:
        """Read what everything costs, when it is time; condemn who costs too much."""
        if time.monotonic() - self._sampled_at < self._settings.sample_seconds:
            return
        self._sampled_at = time.monotonic()
        usage = self._board.sample()
        configuration = self._fleet.configuration
        for name, (unit, program) in self._fleet.components().items():
            used = usage[name].memory_mb if name in usage else 0.0
            if used <= configuration.of(program.spec).max_memory_mb:
                continue
            limit = program.spec.memory_limit_mb(configuration.as_run(program.spec))
            if used > limit:
                unit.life.condemn(f"used {used:.0f} MiB of memory, more than its limit of {limit}")
        self._shorten_output()

    def _shorten_output(self) -> None:
        """Stray output has no rotation of its own. It is appended to, so it may be emptied at any time."""
        try:
            if self._output.stat().st_size > OUTPUT_LIMIT_BYTES:
                with self._output.open("r+b") as file:
                    file.truncate(0)
        except OSError as error:
            self._log.warning("output_not_shortened", reason=str(error))

    async def _feed_watchdog(self) -> None:
        interval = watchdog_interval_seconds()
        while interval is not None:
            notify("WATCHDOG=1")
            await asyncio.sleep(interval)
