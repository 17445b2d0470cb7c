"""What a component is tested with: a fake clock, the in-memory bus, and a way to run it.

These are shipped, and pass the same contract suites as the real ones, so that third parties can test
their components as Senter's own are tested.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import Clock, SystemClock
from senter.component.component import Component, Context
from senter.component.handling import open_component
from senter.component.job_check import check_job
from senter.component.runner import load_component, manifest_of
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.errors import first_of
from senter.messages.control import SUPERVISOR, CheckJob
from senter.messages.message import ComponentName, Done
from senter.paths import Paths

YIELDS_PER_STEP = 20


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), waiting))
        await waiting

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass. Sleepers wake in the order in which they are due, each at its own time."""
        await _let_others_run()
        target = self._monotonic + seconds
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, waiting = heapq.heappop(self._sleepers)
            self._move_to(max(due, self._monotonic))
            if not waiting.done():
                waiting.set_result(None)
            await _let_others_run()
        self._move_to(target)

    def elapse(self, seconds: float) -> None:
        """Let `seconds` pass for code that does not sleep; sleepers that are due wake at the next `advance`."""
        self._move_to(self._monotonic + seconds)

    def set_wall_time(self, now: datetime) -> None:
        """Move the wall clock, as a person or a time server does; the monotonic clock does not notice."""
        self._now = now

    def _move_to(self, monotonic: float) -> None:
        self._now += timedelta(seconds=monotonic - self._monotonic)
        self._monotonic = monotonic


@asynccontextmanager
async def checking_jobs(broker: MemoryBroker, *specs: ComponentSpec) -> AsyncGenerator[None]:
    """The supervisor, as far as it says whether these components do a job."""
    bus = broker.bus(SUPERVISOR, Manifest(receives=(CheckJob,)))

    async def check(job: CheckJob) -> Done:
        check_job(specs, job)
        return Done()

    await bus.serve(CheckJob, check)
    yield
    await bus.close()


async def _let_others_run() -> None:
    for _ in range(YIELDS_PER_STEP):
        await asyncio.sleep(0)


@asynccontextmanager
async def run_component(
    spec: ComponentSpec,
    home: Path,
    *,
    settings: ComponentSettings | None = None,
    broker: MemoryBroker | None = None,
    clock: Clock | None = None,
) -> AsyncGenerator[Component[ComponentSettings]]:
    """Run a component on the in-memory bus in this process, as the runner does in a process of its own.

    What its `run` or the bus raises comes out when the context ends.
    """
    paths = Paths(home)
    paths.make_folders()
    async with AsyncExitStack() as stack:
        bus = (broker or MemoryBroker()).bus(ComponentName(spec.name), manifest_of(spec))
        stack.push_async_callback(bus.close)
        context = Context(
            name=ComponentName(spec.name),
            settings=settings or spec.settings(),
            bus=bus,
            paths=paths,
            clock=clock or SystemClock(),
            log=structlog.stdlib.get_logger(spec.name),
        )
        component = load_component(spec, context)
        await open_component(component, spec, stack)
        work = asyncio.create_task(component.run())
        try:
            yield component
        finally:
            if not work.done():
                work.cancel()
            await asyncio.wait({work})
        if not work.cancelled() and (error := work.exception()):
            raise first_of(error)
