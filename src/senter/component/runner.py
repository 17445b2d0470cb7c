"""Runs one component in its own process, from the first line of its log to its exit status.

Here is the one catch-all: what a component lets through is logged with its traceback, left as last
words for the supervisor, and becomes the exit status that decides what happens next.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
from contextlib import AsyncExitStack
from typing import Any, cast

import structlog

from senter import logs
from senter.bus.bus import Bus
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.clock import Clock, SystemClock
from senter.component.component import Component, Context
from senter.component.launch import ExitCode, LastWords, Launch
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.errors import NotReady, SenterError, SettingsError
from senter.messages.control import SettingsChanged, Shutdown
from senter.messages.health import HealthCheck, HealthReport, Heartbeat
from senter.messages.message import Done
from senter.paths import Paths

FINISH_SECONDS = 6.0


def run_process(spec: ComponentSpec, launch: Launch) -> ExitCode:
    """Run the component to its end and say how it ended. Called once per process."""
    paths = Paths(launch.home)
    log = logs.configure(paths.log(launch.process), level=launch.log_level, component=launch.process)
    log.info("started", pid=os.getpid())
    if launch.nice and hasattr(os, "nice"):
        os.nice(launch.nice)
    try:
        asyncio.run(_serve(spec, launch, paths, log))
    except SettingsError as error:
        return _end(log, paths, launch, ExitCode.SETTINGS, error)
    except NotReady as error:
        return _end(log, paths, launch, ExitCode.NOT_READY, error)
    except BaseException as error:
        log.exception("crashed", reason=str(error))
        return _end(log, paths, launch, ExitCode.CRASHED, error)
    log.info("stopped", reason="asked to")
    return ExitCode.DONE


def _end(
    log: structlog.stdlib.BoundLogger, paths: Paths, launch: Launch, code: ExitCode, error: BaseException
) -> ExitCode:
    message = error.message if isinstance(error, SenterError) else f"{type(error).__name__}: {error}"
    hint = error.hint if isinstance(error, SenterError) else ""
    log.error("stopped", reason=message, exit_code=int(code))
    LastWords(pid=os.getpid(), message=message[:500], hint=hint).leave(paths.run, launch.process)
    return code


async def _serve(spec: ComponentSpec, launch: Launch, paths: Paths, log: structlog.stdlib.BoundLogger) -> None:
    clock = SystemClock()
    stop = StopRequest(clock)
    stop.listen_to_signals()
    async with NatsBus.connect(launch.bus, manifest_of(spec), log=log) as bus:
        context = Context(
            name=launch.process,
            settings=spec.settings.model_validate(launch.settings),
            bus=cast(Bus, bus),
            paths=paths,
            clock=clock,
            log=log,
        )
        await _serve_on(bus, load_component(spec, context), stop, launch)


async def _serve_on(bus: NatsBus, component: Component[ComponentSettings], stop: StopRequest, launch: Launch) -> None:
    async with AsyncExitStack() as stack:
        await component.open(stack)
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

    def __init__(self, clock: Clock) -> None:
        self._asked = asyncio.Event()
        self._clock = clock
        self._finish_by: float | None = None

    @property
    def grace_seconds(self) -> float:
        """How long what is in flight may still take: less for those that are stopped after others."""
        if self._finish_by is None:
            return FINISH_SECONDS
        return max(0.0, self._finish_by - self._clock.monotonic())

    def listen_to_signals(self) -> None:
        # Ctrl-C in a terminal reaches the whole group; only the supervisor acts on it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if os.name == "posix":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._asked.set)
            return
        loop = asyncio.get_running_loop()
        stop_signal = cast(signal.Signals, getattr(signal, "SIGBREAK", signal.SIGTERM))
        signal.signal(stop_signal, lambda *_: loop.call_soon_threadsafe(self._asked.set))

    async def obey(self, shutdown: Shutdown) -> Done:
        """Acknowledge. The supervisor ends components in order; one it forgets ends by itself after the grace."""
        self._finish_by = self._clock.monotonic() + shutdown.grace_seconds
        asyncio.get_running_loop().call_later(shutdown.grace_seconds, self._asked.set)
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
