"""The life of the daemon: ten steps to ready, then watching, then a stop that loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

from senter.bus.connection import NatsBus
from senter.clock import SystemClock
from senter.component.spec import Finding
from senter.errors import CommunicationError, SettingsError, StartError
from senter.logs import writing
from senter.messages.control import (
    ChangeSetting,
    CheckJob,
    GetDaemonStatus,
    GetSettings,
    Shutdown,
    State,
    TakeUpSettings,
)
from senter.messages.health import HealthCheck, Heartbeat
from senter.parenthood import adopt_orphans
from senter.paths import Paths
from senter.store.database import Database
from senter.store.recovery import forget_sentences
from senter.supervisor.administration import Administration
from senter.supervisor.buses import BusHouse
from senter.supervisor.changes import ACKNOWLEDGE_SECONDS, Changes
from senter.supervisor.configuration import Configuration
from senter.supervisor.control import control_server
from senter.supervisor.findings import look_ahead, look_at_databases, look_at_third_parties, recovered
from senter.supervisor.fleet import BUS, ZYGOTE, Fleet
from senter.supervisor.forking import HAS_ZYGOTE
from senter.supervisor.journal import RestartHistory
from senter.supervisor.lock import InstanceLock
from senter.supervisor.notify import notify
from senter.supervisor.progress import Progress
from senter.supervisor.status import StatusBoard
from senter.supervisor.watch import Watch
from senter.supervisor.zygote import EarlyZygote

HEALTH_CHECK_SECONDS = 5.0
"""A worker that loads the default model answers nothing for two seconds and more."""


class Daemon:
    """One run of the daemon, from the lock to its release."""

    def __init__(self, paths: Paths, progress: Progress, early: EarlyZygote | None) -> None:
        self._paths = paths
        self._progress = progress
        self._early = early
        self._clock = SystemClock()
        self._stop = asyncio.Event()
        self._journal_recovered = ""
        self._told_of_damage = False

    async def run(self, *, ready: Callable[[], None]) -> None:
        """Start, serve until asked to stop, stop. Raises `SenterError` when a step of the start fails."""
        adopt_orphans()
        async with AsyncExitStack() as stack:
            bus = await self._start_unless_stopped(stack)
            ready()
            await self._serve(bus)

    def stop(self) -> None:
        """Ask for the stop; `run` returns when it is done."""
        self._stop.set()

    # The start.

    async def _start_unless_stopped(self, stack: AsyncExitStack) -> NatsBus:
        starting = asyncio.create_task(self._start(stack))
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            raise StartError("The start was interrupted.", "Start again with: senter start")
        return starting.result()

    async def _start(self, stack: AsyncExitStack) -> NatsBus:
        self._read_settings()
        self._take_lock(stack)
        self._check_folders()
        self._open_journal(stack)
        self._fleet = Fleet(self._configuration, self._paths, self._journal, self._log, self._early)
        self._board = StatusBoard(self._fleet.units)
        await stack.enter_async_context(self._fleet.running())
        stack.push_async_callback(self._end)
        self._listen_to_signals()
        self._administration = self._make_administration()
        await stack.enter_async_context(control_server(self._paths, self._administration.handlers()))
        self._start_foundations()
        await self._look_around()
        bus = await self._start_bus(stack)
        await self._start_components()
        await self._check_health(bus)
        self._progress.begin()
        self._board.state = State.RUNNING
        self._progress.ok(f"http on {self._paths.api_socket}")
        notify("READY=1")
        self._log.info("ready", pid=os.getpid())
        return bus

    def _read_settings(self) -> None:
        self._progress.begin()
        self._configuration = Configuration.read(self._paths)
        exists = self._paths.settings.exists()
        self._progress.ok(str(self._paths.settings) if exists else "no settings file, so the defaults")
        for notice in self._configuration.settings.moved.notices:
            self._progress.warn(notice)
        for finding in look_at_third_parties():
            self._progress.warn(finding.text, finding.hint)

    def _take_lock(self, stack: AsyncExitStack) -> None:
        self._progress.begin()
        self._paths.make_folders()
        lock = InstanceLock(self._paths.lock, self._paths.pid)
        left = lock.acquire()
        stack.callback(lock.release)
        if left:
            self._remove_leftovers()
            self._progress.warn(f"{left}; its leftovers were removed")
        else:
            self._progress.ok(f"pid {os.getpid()}")

    def _remove_leftovers(self) -> None:
        for pattern in ("*.sock", "*.last-words.json", "port"):
            for folder in {self._paths.run, self._paths.sockets}:
                for path in folder.glob(pattern):
                    path.unlink(missing_ok=True)

    def _check_folders(self) -> None:
        self._progress.begin()
        self._log = writing.configure(
            self._paths.log("supervisor"), level=self._configuration.log.level, component="supervisor"
        )
        self._log.info("started", pid=os.getpid())
        self._progress.ok(f"{self._paths.home}, for this user only")

    def _open_journal(self, stack: AsyncExitStack) -> None:
        database = stack.enter_context(
            Database.open(
                self._paths.database("supervisor"),
                migrations="senter.supervisor",
                snapshots=self._paths.snapshots,
                clock=self._clock,
                log=self._log,
            )
        )
        self._journal = RestartHistory(database, self._clock, self._log)
        self._journal_recovered = database.recovered

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        if os.name != "posix":
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._stop.set))
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # it is ignored when detached, or under nohup
            loop.add_signal_handler(signal.SIGHUP, self._stop.set)

    def _make_administration(self) -> Administration:
        return Administration(self._paths, self._fleet, self._board, self._journal, stop_daemon=self.stop)

    def _start_foundations(self) -> None:
        """The zygote and nats-server need a moment each: have it pass while the next steps look around."""
        self._house = BusHouse(self._configuration, self._paths, self._log)
        if HAS_ZYGOTE:
            self._fleet.add(ZYGOTE, self._fleet.zygote)
        if program := self._house.program(self._fleet.bus_spoke):
            self._fleet.add(BUS, program)
        for unit in self._fleet.units.values():
            unit.want()

    async def _look_around(self) -> None:
        ahead = asyncio.create_task(look_ahead(self._configuration, self._paths))
        self._progress.begin()
        cut_off = self._journal.begin_run()
        databases, work = look_at_databases(self._configuration.specs, self._paths, self._clock, self._log)
        if self._journal_recovered:
            databases.insert(0, recovered(self._journal_recovered))
        self._tell(databases, otherwise="nothing to migrate")
        self._told_of_damage = True
        self._progress.begin()
        if cut_off:
            work.insert(0, Finding(well=True, text=cut_off))
        self._tell(work, otherwise="none")
        self._progress.begin()
        self._tell(await ahead, otherwise="no component asks for one")

    def _tell(self, findings: list[Finding], *, otherwise: str) -> None:
        for finding in findings:
            if finding.well:
                self._progress.ok(finding.text, finding.hint)
            else:
                self._progress.warn(finding.text, finding.hint)
        if not findings:
            self._progress.ok(otherwise)

    async def _start_bus(self, stack: AsyncExitStack) -> NatsBus:
        self._progress.begin()
        await self._await_bus()
        bus = await stack.enter_async_context(self._house.open())
        watch = Watch(self._fleet, self._board, self._configuration.supervisor, self._paths.log_output, self._log)
        await bus.listen(Heartbeat, watch.hear)
        await bus.serve(GetDaemonStatus, self._administration.daemon_status)
        await bus.serve(CheckJob, self._administration.check_job)
        await bus.serve(GetSettings, self._administration.settings)
        await bus.serve(ChangeSetting, self._administration.change_setting)
        await bus.serve(TakeUpSettings, self._administration.take_up_settings)
        self._fleet.bus = bus
        changes = Changes(self._paths, self._fleet, self._board, self._house, bus, self._log)
        self._administration.changes = changes
        self._watching = asyncio.create_task(watch.run(self._house, changes.look))
        stack.push_async_callback(self._stop_components, bus)
        stack.push_async_callback(self._stop_watching)
        self._progress.ok(self._house.description)
        return bus

    async def _await_bus(self) -> None:
        unit = self._fleet.units.get(BUS)
        if unit is None:
            return
        state = await unit.reach(State.RUNNING, State.BACKING_OFF, State.STOPPED_BY_REPEATED_FAILURE)
        if state is not State.RUNNING:
            raise StartError(f"The bus does not start: {unit.reason}.", "See: senter logs nats-server")

    async def _stop_watching(self) -> None:
        self._watching.cancel()
        await asyncio.wait({self._watching})

    async def _start_components(self) -> None:
        self._progress.begin()
        self._fleet.add_components(self._house.accesses())
        names = list(self._fleet.components())
        enabled = [name for name in names if self._fleet.units[name].state is not State.DISABLED]
        await asyncio.gather(*(self._fleet.start(name) for name in enabled))
        for name in enabled:
            unit = self._fleet.units[name]
            if unit.state is State.RUNNING:
                self._progress.ok(f"{name} (pid {unit.life.child.pid if unit.life.child else '-'})")
            elif unit.state is State.STOPPED_BY_SETTINGS_ERROR:  # as wrong as what step 1 refuses
                raise SettingsError(f"{name}: {unit.reason}", "Change it with: senter config edit")
            else:
                given_up = unit.state is State.STOPPED_BY_REPEATED_FAILURE
                again = f"; try it again with: senter restart {name}" if given_up else ""
                self._progress.warn(f"{name}: {unit.state.value}: {unit.reason}", f"See: senter status {name}{again}")

    async def _check_health(self, bus: NatsBus) -> None:
        self._progress.begin()
        running = self._fleet.running_components()
        answers = await bus.broadcast(HealthCheck(), expected=running, timeout_seconds=HEALTH_CHECK_SECONDS)
        for name in sorted(answers.missing):
            self._progress.warn(f"{name} did not answer the health check", f"See: senter status {name}")
        for name, report in sorted(answers.replies.items()):
            if report.health.detail and not self._progress.warned_of(name):
                self._progress.warn(f"{name}: {report.health.detail}")
            if report.health.note:
                self._progress.ok(f"{name}: {report.health.note}")
        self._progress.ok(f"health {self._board.health_score()} of 100")

    # Serving.

    async def _serve(self, bus: NatsBus) -> None:
        """Until asked to stop, or until something ends without which the daemon would only seem to work."""
        asked = asyncio.create_task(self._stop.wait())
        broken = asyncio.create_task(self._fleet.wait_broken())
        bus_failed = asyncio.create_task(bus.wait_failed())
        keeping = asyncio.create_task(self._journal.keep_snapshots())
        ends = {asked, broken, bus_failed}
        ended, _ = await asyncio.wait({*ends, self._watching}, return_when=asyncio.FIRST_COMPLETED)
        for end in (*ends, keeping):
            end.cancel()
        for end in ended - {asked}:
            self._log.error("supervision_broke_off", exc_info=end.exception())
            end.result()

    # The stop.

    async def _stop_components(self, bus: NatsBus) -> None:
        """While the bus and the control socket still answer."""
        self._begin_stop()
        settings = self._configuration.supervisor
        await self._ask_to_shut_down(bus, settings.finish_seconds)
        await self._fleet.stop_components(settings.stop_grace_seconds)

    async def _end(self) -> None:
        """Stop whatever still runs, wherever the start or the stop got to."""
        self._begin_stop()
        await self._fleet.stop_everything()
        self._journal.end_run()
        if self._told_of_damage:
            forget_sentences(self._paths.data)
        self._board.state = State.STOPPED
        self._log.info("stopped", reason="asked to" if self._stop.is_set() else "the start failed")

    def _begin_stop(self) -> None:
        self._board.state = State.STOPPING
        notify("STOPPING=1")

    async def _ask_to_shut_down(self, bus: NatsBus, grace: float) -> None:
        try:
            answers = await bus.broadcast(
                Shutdown(grace_seconds=grace),
                expected=self._fleet.running_components(),
                timeout_seconds=ACKNOWLEDGE_SECONDS,
            )
        except CommunicationError as error:
            self._log.warning("shutdown_not_announced", reason=error.message)
            return
        if answers.missing:
            self._log.warning("shutdown_not_acknowledged", components=sorted(answers.missing))
