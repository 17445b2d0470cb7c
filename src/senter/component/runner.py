"""Runs one component in its own process, from the first line of its log to its exit status.

Here is the one catch-all: what a component lets through is logged with its traceback, left as last
words for the supervisor, and becomes the exit status that decides what happens next.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any, cast

import structlog

from senter.bus.bus import Bus
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.clock import Clock, SystemClock
from senter.component.component import Component, Context
from senter.component.handling import open_component
from senter.component.launch import ExitCode, LastWords, Launch
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.errors import BusUnavailable, NotReady, SenterError, SettingsError, first_of
from senter.logs import writing
from senter.masking import mask_text, remember
from senter.messages.control import SettingsChanged, Shutdown
from senter.messages.health import HealthCheck, HealthReport, Heartbeat
from senter.messages.message import Done
from senter.paths import Paths
from senter.settings.secret import SecretAddress, known_values


def run_process(spec: ComponentSpec, launch: Launch) -> ExitCode:
    """Run the component to its end and say how it ended. Called once per process."""
    paths = Paths(launch.home)
    log = writing.configure(paths.log(launch.process), level=launch.log_level, component=launch.process)
    log.info("started", pid=os.getpid())
    if launch.nice and hasattr(os, "nice"):
        os.nice(launch.nice)
    try:
        reason = asyncio.run(_serve(spec, launch, paths, log))
    except BaseException as raised:
        return _fail(log, paths, launch, raised)
    log.info("stopped", reason=reason)
    return ExitCode.DONE


def _fail(log: structlog.stdlib.BoundLogger, paths: Paths, launch: Launch, raised: BaseException) -> ExitCode:
    error = first_of(raised)
    code = _exit_code(error)
    if code is ExitCode.CRASHED:
        log.error("crashed", reason=str(error), exc_info=raised)
    message = error.message if isinstance(error, SenterError) else f"{type(error).__name__}: {error}"
    hint = error.hint if isinstance(error, SenterError) else ""
    log.error("stopped", reason=message, exit_code=int(code))
    LastWords(pid=os.getpid(), message=mask_text(message)[:500], hint=hint).leave(paths.run, launch.process)
    return code


def _exit_code(error: BaseException) -> ExitCode:
    match error:
        case SettingsError():
            return ExitCode.SETTINGS
        case NotReady():
            return ExitCode.NOT_READY
        case _:
            return ExitCode.CRASHED


async def _serve(spec: ComponentSpec, launch: Launch, paths: Paths, log: structlog.stdlib.BoundLogger) -> str:
    clock = SystemClock()
    stop = StopRequest(clock, launch.finish_seconds)
    stop.listen_to_signals()
    settings = spec.settings.model_validate(launch.settings)
    remember([launch.bus.password, *known_values([SecretAddress(launch.bus.url), settings])])
    async with AsyncExitStack() as stack:
        bus = await _join(spec, launch, stack, log)
        context = Context(
            name=launch.process,
            settings=settings,
            bus=cast(Bus, bus),
            paths=paths,
            clock=clock,
            log=log,
        )
        return await _serve_on(bus, spec, load_component(spec, context), stop, launch)


async def _join(
    spec: ComponentSpec, launch: Launch, stack: AsyncExitStack, log: structlog.stdlib.BoundLogger
) -> NatsBus:
    """A bus that is away is no failure of the component."""
    try:
        return await stack.enter_async_context(NatsBus.connect(launch.bus, manifest_of(spec), log=log))
    except BusUnavailable as error:
        raise NotReady(error.message, error.hint) from error


async def _serve_on(
    bus: NatsBus, spec: ComponentSpec, component: Component[ComponentSettings], stop: StopRequest, launch: Launch
) -> str:
    async with AsyncExitStack() as stack:
        if not await stop.let(open_component(component, spec, stack)):
            return "asked to, before it was ready"
        await bus.on_broadcast(HealthCheck, lambda _: _report(component))
        await bus.on_broadcast(Shutdown, stop.obey)
        await bus.on_broadcast(SettingsChanged, _acknowledge)
        work = asyncio.create_task(component.run(), name="run")
        heart = asyncio.create_task(_beat(bus, component, launch.heartbeat_seconds), name="heartbeat")
        failed = asyncio.create_task(bus.wait_failed(), name="bus")
        asked = asyncio.create_task(stop.wait(), name="stop")
        try:
            ended, _ = await asyncio.wait({work, heart, failed, asked}, return_when=asyncio.FIRST_COMPLETED)
            if asked in ended:
                await _finish(component, stop.grace_seconds)
            for task in ended - {asked}:
                task.result()
        finally:
            await _cancel(work, failed, asked, heart)
        return "asked to" if asked in ended else "its work came to an end"


async def _finish(component: Component[ComponentSettings], grace_seconds: float) -> None:
    try:
        async with asyncio.timeout(grace_seconds):
            await component.finish(grace_seconds)
    except TimeoutError:
        component.log.warning("unfinished_work_left", grace_seconds=grace_seconds)


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _report(component: Component[ComponentSettings]) -> HealthReport:
    return HealthReport(health=component.health())


async def _acknowledge(_: SettingsChanged) -> Done:
    return Done()


async def _beat(bus: NatsBus, component: Component[ComponentSettings], every_seconds: float) -> None:
    while True:
        await bus.send(Heartbeat(pid=os.getpid(), health=component.health(), dropped=bus.counters.volatile_dropped))
        await component.clock.sleep(every_seconds)


class StopRequest:
    """Set by SIGTERM, or by a Shutdown whose sender did not follow it up in time."""

    def __init__(self, clock: Clock, finish_seconds: float) -> None:
        self._asked = asyncio.Event()
        self._clock = clock
        self._finish_seconds = finish_seconds
        self._finish_by: float | None = None
        self._opening: asyncio.Task[object] | None = None

    @property
    def grace_seconds(self) -> float:
        """How long what is in flight may still take: less for those that are stopped after others."""
        if self._finish_by is None:
            return self._finish_seconds
        return max(0.0, self._finish_by - self._clock.monotonic())

    def ask(self) -> None:
        """Have the component end."""
        self._asked.set()
        if self._opening:
            self._opening.cancel()

    async def let(self, opening: Awaitable[None]) -> bool:
        """Await `opening` in this very task; a stop cuts it short. Whether there was none."""
        self._opening = asyncio.current_task()
        try:
            await opening
        except asyncio.CancelledError:
            if not self._asked.is_set() or self._opening is None:
                raise
            self._opening.uncancel()
        finally:
            self._opening = None
        return not self._asked.is_set()

    def listen_to_signals(self) -> None:
        # Ctrl-C in a terminal reaches the whole group; only the supervisor acts on it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if os.name == "posix":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.ask)
            return
        loop = asyncio.get_running_loop()
        stop_signal = cast(signal.Signals, getattr(signal, "SIGBREAK", signal.SIGTERM))
        signal.signal(stop_signal, lambda *_: loop.call_soon_threadsafe(self.ask))

    async def obey(self, shutdown: Shutdown) -> Done:
        """Acknowledge. The supervisor ends components in order; one it forgets ends by itself after the grace."""
        self._finish_by = self._clock.monotonic() + shutdown.grace_seconds
        asyncio.get_running_loop().call_later(shutdown.grace_seconds, self.ask)
        return Done()

    async def wait(self) -> None:
        await self._asked.wait()


def manifest_of(spec: ComponentSpec) -> Manifest:
    """What the bus must let this component do."""
    return Manifest(receives=spec.receives, sends=spec.sends, observes=spec.observes)


def load_component(spec: ComponentSpec, context: Context[Any]) -> Component[ComponentSettings]:
    """Import the component's class and make the one instance of this process."""
    module_name, _, class_name = spec.entry.partition(":")
    kind = getattr(importlib.import_module(module_name), class_name)
    return cast(Component[ComponentSettings], kind(context))
