"""What a person may ask of the supervisor, over the control socket or the bus."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict

from pydantic import JsonValue

from senter.component.job_check import check_job
from senter.errors import Conflict, InvalidInput, SettingsError
from senter.messages.control import (
    ChangeSetting,
    CheckJob,
    DaemonStatus,
    GetDaemonStatus,
    GetSettings,
    SettingChanged,
    SettingsReply,
    State,
    TakeUpSettings,
)
from senter.messages.message import Done
from senter.paths import Paths
from senter.supervisor.changes import Changes, TakenUp
from senter.supervisor.control import Handler
from senter.supervisor.fleet import BUS, ZYGOTE, Fleet
from senter.supervisor.journal import RestartHistory
from senter.supervisor.setting_changes import change_setting, view_settings
from senter.supervisor.status import StatusBoard
from senter.supervisor.unit import Unit, stop_unit


class Administration:
    """Answers status, identify, describe, take_up, stop, start, restart."""

    def __init__(
        self,
        paths: Paths,
        fleet: Fleet,
        board: StatusBoard,
        journal: RestartHistory,
        *,
        stop_daemon: Callable[[], None],
    ) -> None:
        self._paths = paths
        self._fleet = fleet
        self._board = board
        self._journal = journal
        self._stop_daemon = stop_daemon
        self.changes: Changes | None = None
        """Once there is a bus to tell of them on."""

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "status": self._status,
            "identify": self._identify,
            "describe": self._describe,
            "take_up": self._take_up_now,
            "stop": self._stop,
            "start": self._start,
            "restart": self._restart,
        }

    async def daemon_status(self, _: GetDaemonStatus) -> DaemonStatus:
        return self._board.daemon()

    async def take_up_settings(self, _: TakeUpSettings) -> Done:
        if self.changes:
            await self.changes.take_up()
        return Done()

    async def settings(self, command: GetSettings) -> SettingsReply:
        return await asyncio.to_thread(view_settings, self._paths, command)

    async def change_setting(self, command: ChangeSetting) -> SettingChanged:
        """In the file: the next look at it takes it up, when who asked has the answer."""
        return await asyncio.to_thread(change_setting, self._paths, command)

    async def check_job(self, job: CheckJob) -> Done:
        check_job(self._fleet.configuration.specs, job)
        return Done()

    async def _status(self, _: str | None) -> JsonValue:
        return self._board.daemon().model_dump(mode="json")

    async def _identify(self, _: str | None) -> JsonValue:
        return {"state": self._board.state.value, "pid": os.getpid(), "code": self._board.code}

    async def _describe(self, name: str | None) -> JsonValue:
        unit = self._fleet.unit(_named(name))
        row = self._board.daemon().components[unit.name]
        history: list[JsonValue] = [dict(asdict(restart)) for restart in self._journal.history(unit.name)]
        return {"name": unit.name, **row.model_dump(mode="json"), "history": history}

    async def _take_up_now(self, _: str | None) -> JsonValue:
        taken = await self.changes.take_up() if self.changes else TakenUp()
        return {"restarted": [*taken.restarted], "needs_restart": [*taken.needs_restart]}

    async def _stop(self, name: str | None) -> JsonValue:
        if name is None:
            asyncio.get_running_loop().call_soon(self._stop_daemon)
            return {"state": State.STOPPING.value}
        unit = self._component(name)
        await stop_unit(unit)
        return _state_of(unit)

    async def _start(self, name: str | None) -> JsonValue:
        unit = self._component(_named(name))
        if unit.state is State.STARTING:
            await self._fleet.start(unit.name)
        if unit.state is State.RUNNING:
            return _state_of(unit)
        return await self._restart(name)

    async def _restart(self, name: str | None) -> JsonValue:
        unit = self._component(_named(name), also=(BUS, ZYGOTE))
        await self._take_up(unit)
        await self._fleet.restart(unit)
        self._journal.add_restart(unit.name, reason="asked to", outcome=unit.state.value, downtime_seconds=None)
        return _state_of(unit)

    async def _take_up(self, unit: Unit) -> None:
        """Settings that cannot be used must not keep anyone from restarting what runs on the old ones."""
        try:
            if self.changes:
                await self.changes.take_up()
        except SettingsError as error:
            if unit.state is State.STOPPED_BY_SETTINGS_ERROR:
                raise Conflict(error.message, error.hint) from error

    def _component(self, name: str, also: tuple[str, ...] = ()) -> Unit:
        unit = self._fleet.unit(name)
        if unit.name in (BUS, ZYGOTE) and unit.name not in also:
            raise Conflict(f"{name} carries everything else.", f"Use: senter restart {name}, or senter stop")
        return unit


def _named(name: str | None) -> str:
    if name is None:
        raise InvalidInput("This command needs the name of a component.")
    return name


def _state_of(unit: Unit) -> JsonValue:
    child = unit.life.child
    return {"name": unit.name, "state": unit.state.value, "reason": unit.reason, "pid": child and child.pid}
