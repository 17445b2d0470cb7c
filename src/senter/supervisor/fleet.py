"""All units together: make them, start them, stop them in order, change them when the settings change."""

from __future__ import annotations

import asyncio
import difflib
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import structlog

from senter.bus.access import BusAccess
from senter.bus.bus import Bus
from senter.component.launch import Launch
from senter.component.spec import ComponentSpec
from senter.errors import Conflict, NotFound, NotReady, Stopping
from senter.messages.control import State
from senter.messages.health import ComponentDied, Health
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.configuration import Configuration
from senter.supervisor.forking import Zygote
from senter.supervisor.journal import RestartHistory, settings_digest
from senter.supervisor.life import Program
from senter.supervisor.programs import ComponentProgram
from senter.supervisor.unit import DOWN, Unit, stop_unit
from senter.supervisor.waves import stop_waves
from senter.supervisor.zygote import EarlyZygote

BUS = ComponentName("nats-server")
ZYGOTE = ComponentName("zygote")
NAMES_OF_NEEDS = {"bus": BUS}
"""What `needs` says where the process has another name."""
# After the components' grace: nats-server syncs its files, the zygote has nothing to do.
FOUNDATIONS_SECONDS = 1.0


class Fleet:
    """Every unit of the daemon, by name."""

    def __init__(
        self,
        configuration: Configuration,
        paths: Paths,
        journal: RestartHistory,
        log: structlog.stdlib.BoundLogger,
        early: EarlyZygote | None = None,
    ) -> None:
        self.units: dict[ComponentName, Unit] = {}
        self.configuration = configuration
        self.zygote = Zygote(paths.log_output, self._zygote_spoke, early)
        self.bus: Bus | None = None
        """To tell of deaths on, once it is there."""
        self._paths = paths
        self._journal = journal
        self._log = log
        self._stories: dict[ComponentName, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closing = False

    # Making units.

    def add_components(self, accesses: Mapping[ComponentName, BusAccess]) -> None:
        """One unit for each process of each component that has none yet; those of disabled ones are not started."""
        for process, spec in self.configuration.processes().items():
            if process not in self.units:
                self._add_component(process, spec, accesses[process])

    def _add_component(self, process: ComponentName, spec: ComponentSpec, access: BusAccess) -> None:
        section = self.configuration.given(spec)
        self._journal.set_digest(process, settings_digest(section))
        settings = self.configuration.supervisor
        launch = Launch(
            process=process,
            component=spec.name,
            home=self._paths.home,
            settings=section,
            bus=access,
            supervisor_pid=os.getpid(),
            log_level=self.configuration.log.level,
            heartbeat_seconds=settings.heartbeat_seconds,
            finish_seconds=settings.finish_seconds,
            nice=spec.nice,
        )
        program = ComponentProgram(
            spec, launch, self.zygote, self.until_running, self._until_forking, died=self._tell_death
        )
        self.add(process, program, enabled=self.configuration.of(spec).enabled)

    def add(self, name: ComponentName, program: Program, *, enabled: bool = True) -> None:
        """One more unit, not started yet."""
        settings = self.configuration.supervisor
        unit = Unit(name, program, journal=self._journal, settings=settings, log=self._log, enabled=enabled)
        self.units[name] = unit
        story = asyncio.create_task(unit.run(), name=f"unit {name}")
        story.add_done_callback(self._note_end)
        self._stories[name] = story

    def _note_end(self, story: asyncio.Task[None]) -> None:
        if not story.cancelled() and (error := story.exception()) and not self._broken.done():
            self._broken.set_exception(error)

    async def wait_broken(self) -> None:
        """Wait until a unit's story breaks off through a defect, and raise that: nobody watches its process then."""
        await asyncio.shield(self._broken)

    # Looking things up.

    def unit(self, name: str) -> Unit:
        """The unit of that name. Raises `NotFound` with the names there are."""
        found = self.units.get(ComponentName(name))
        if found is not None:
            return found
        close = difflib.get_close_matches(name, self.units, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(sorted(self.units))}."
        raise NotFound(f"There is no component {name!r}.", hint)

    def components(self) -> dict[ComponentName, tuple[Unit, ComponentProgram]]:
        """The units that are components, with how their processes come to be."""
        units = self.units.items()
        return {name: (unit, unit.program) for name, unit in units if isinstance(unit.program, ComponentProgram)}

    def running_components(self) -> set[ComponentName]:
        return {name for name, (unit, _) in self.components().items() if unit.state is State.RUNNING}

    # Starting and stopping.

    async def start(self, name: ComponentName) -> State:
        """Have a unit run and wait until that is so or will not be."""
        unit = self.units[name]
        if self._closing:
            raise Stopping
        if unit.state is State.DISABLED:
            raise Conflict(f"{name} is disabled.", "Set its `enabled = true` in the settings: senter config edit")
        if reason := self._journal.given_up_because(name):
            unit.give_up_as_before(reason)
            return unit.state
        unit.want()
        return await unit.reach(State.RUNNING, State.BACKING_OFF, *DOWN)

    async def restart(self, unit: Unit) -> State:
        """Stop, forget old failures, start."""
        await stop_unit(unit)
        unit.forgive()
        return await self.start(unit.name)

    async def stop_components(self, deadline_seconds: float) -> None:
        """Stop components in waves; whatever is left at the deadline is ended. Nothing is started any more."""
        self._closing = True
        components = self.components()
        try:
            async with asyncio.timeout(deadline_seconds):
                for wave in stop_waves({name: program.spec for name, (_, program) in components.items()}):
                    await asyncio.gather(*(stop_unit(components[name][0]) for name in wave))
        except TimeoutError:
            left = [name for name, (unit, _) in components.items() if unit.life.child]
            self._log.error("stopped_by_force", components=left)
        await self._stop_within(0, [unit for unit, _ in components.values()])

    async def stop_everything(self) -> None:
        """Stop what components stand on, after any that are left."""
        self._closing = True
        await self._stop_within(0, [unit for unit, _ in self.components().values()])
        await self._stop_within(FOUNDATIONS_SECONDS, list(self.units.values()))

    async def _stop_within(self, seconds: float, units: list[Unit]) -> None:
        stopping = asyncio.gather(*(stop_unit(unit) for unit in units))
        await asyncio.wait({stopping}, timeout=seconds)
        for unit in units:
            if unit.life.child:
                unit.life.child.kill()
        await stopping

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Ends the units' tasks at the end, and with them anything that still runs."""
        try:
            yield
        finally:
            await self._end_stories()

    async def _end_stories(self) -> None:
        for child in [unit.life.child for unit in self.units.values() if unit.life.child]:
            child.kill()
            await child.wait()
        for story in self._stories.values():
            story.cancel()
        await asyncio.gather(*self._stories.values(), return_exceptions=True)

    # Changing.

    async def apply(
        self, configuration: Configuration, accesses: Mapping[ComponentName, BusAccess]
    ) -> list[ComponentName]:
        """Go over to new settings: restart, start or stop exactly the components they change, and say which."""
        before, self.configuration = self.configuration, configuration
        processes = configuration.processes()
        gone = [name for name in self.components() if name not in processes]
        changed = [
            name
            for name, (_, program) in self.components().items()
            if name in processes and before.given(program.spec) != configuration.given(program.spec)
        ]
        await asyncio.gather(*map(self._dismiss, gone), *map(self._go_over, changed))
        new = [name for name in processes if name not in self.units]
        self.add_components(accesses)
        for name in new:
            self._want(self.units[name])
        return [*gone, *changed, *new]

    async def _dismiss(self, name: ComponentName) -> None:
        await stop_unit(self.units[name])
        story = self._stories.pop(name)
        story.cancel()
        await asyncio.wait({story})
        del self.units[name]

    async def _go_over(self, name: ComponentName) -> None:
        unit, program = self.components()[name]
        section = self.configuration.given(program.spec)
        self._journal.set_digest(name, settings_digest(section))
        program.launch = program.launch.model_copy(update={"settings": section})
        was_stopped = unit.state is State.STOPPED
        unit.enable(self.configuration.of(program.spec).enabled)
        await stop_unit(unit)
        unit.forgive()
        if not was_stopped:
            self._want(unit)

    def _want(self, unit: Unit) -> None:
        if not self._closing:
            unit.want()

    # Between the units.

    async def until_running(self, need: str) -> None:
        """Wait for what a component needs. Raises `NotReady` when that is down and does not start by itself."""
        name = ComponentName(NAMES_OF_NEEDS.get(need, need))
        if name in self.units and (state := await self.units[name].reach(State.RUNNING, *DOWN)) in DOWN:
            raise NotReady(f"It needs {name}, which is {state.value}.")

    async def _tell_death(self, name: ComponentName, pid: int, reason: str) -> None:
        if self.bus:
            await self.bus.send(ComponentDied(component=name, pid=pid, reason=reason))

    async def _until_forking(self) -> bool:
        """Without a zygote components go on as fresh interpreters: slower to start, and no worse."""
        return await self.units[ZYGOTE].reach(State.RUNNING, State.STOPPED_BY_REPEATED_FAILURE) is State.RUNNING

    def bus_spoke(self, pid: int) -> None:
        """Take note that nats-server answers."""
        self.units[BUS].life.seen(pid, Health())

    def _zygote_spoke(self, pid: int) -> None:
        self.units[ZYGOTE].life.seen(pid, Health())
