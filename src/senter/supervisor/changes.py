"""Takes up changed settings while the daemon runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from senter.bus.connection import NatsBus
from senter.errors import SenterError, SettingsError
from senter.messages.control import SettingsChanged, State
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.buses import BusHouse
from senter.supervisor.configuration import Configuration, stamp_of
from senter.supervisor.fleet import BUS, Fleet
from senter.supervisor.status import StatusBoard

ACKNOWLEDGE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What became of a change of the settings."""

    restarted: tuple[ComponentName, ...] = ()
    """Components that were restarted, started or stopped for it."""
    needs_restart: tuple[str, ...] = ()
    """Sections that only the next daemon goes by."""


class Changes:
    """Compares the settings file with what the fleet runs on; one change is taken up after the other."""

    def __init__(
        self,
        paths: Paths,
        fleet: Fleet,
        board: StatusBoard,
        house: BusHouse,
        bus: NatsBus,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._paths = paths
        self._fleet = fleet
        self._board = board
        self._house = house
        self._bus = bus
        self._log = log
        self._refused_stamp: int | None = None
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> None:
        """Take up a changed file; what is wrong with it is said in the log, once, and in the status."""
        stamp = stamp_of(self._paths.settings)
        if stamp == self._refused_stamp:
            return
        try:
            await self.take_up()
        except SettingsError as error:
            self._refused_stamp = stamp
            self._log.error("settings_not_applied", reason=error.message)
        except SenterError as error:  # the bus, mostly; the next look tries again
            self._log.warning("settings_put_off", reason=error.message)
        else:
            self._refused_stamp = None

    async def take_up(self) -> TakenUp:
        """Go over to the file as it is, once the daemon runs. Raises `SettingsError`, and then nothing has changed."""
        async with self._one_at_a_time:
            before, self._board.settings_problem = self._fleet.configuration, ""
            if self._board.state is not State.RUNNING or stamp_of(self._paths.settings) == before.stamp:
                return TakenUp()
            configuration = self._read()
            await self._house.admit(configuration, self._restart_bus)
            changed = await self._fleet.apply(configuration, self._house.accesses())
            self._log.info("settings_applied", restarted=changed)
            unheeded = configuration.core_sections_unlike(before)
            if unheeded:
                self._log.warning("settings_need_restart", sections=unheeded)
            await self._tell()
            return TakenUp(tuple(changed), tuple(unheeded))

    def _read(self) -> Configuration:
        try:
            return Configuration.read(self._paths)
        except SettingsError as error:
            self._board.settings_problem = error.message
            raise

    async def _restart_bus(self) -> None:
        await self._fleet.restart(self._fleet.units[BUS])

    async def _tell(self) -> None:
        try:
            await self._bus.broadcast(
                SettingsChanged(), expected=self._fleet.running_components(), timeout_seconds=ACKNOWLEDGE_SECONDS
            )
        except SenterError as error:
            self._log.warning("settings_not_announced", reason=error.message)
