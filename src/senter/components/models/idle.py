"""What a worker does with its embedded model while nobody asks: it measures it once, and gives its memory back."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import psutil
import structlog

from senter.clock import Clock
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.machine import physical_cores
from senter.components.models.queue import Queue
from senter.components.models.settings import ModelSettings
from senter.errors import ChildFailed

TRIAL_AFTER_SECONDS = 20.0
"""How long nobody must have asked: a trial takes all cores for some seconds."""
TRIAL_ANYWAY_AFTER_SECONDS = 600.0
"""On a machine that is never quiet the speed is what it is."""
QUIET_LOAD = 0.5
"""For each core: more, and what is measured is how busy the machine is."""


class IdleModel:
    """Looks now and then whether there is something to do, and never while somebody is answered."""

    def __init__(
        self,
        model: EmbeddedModel,
        queue: Queue,
        settings: ModelSettings,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._model = model
        self._queue = queue
        self._unload_seconds = settings.unload_minutes * 60
        self._clock = clock
        self._log = log
        self._quiet_since = clock.monotonic()
        self._measures = settings.person_waits
        self._asked = False
        self._tried: Path | None = None
        self._trial: asyncio.Task[None] | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def measuring(self) -> bool:
        return _runs(self._trial)

    def look(self) -> None:
        """Call it whenever the queue has changed, and every few seconds. Quick."""
        if self._queue.active or self._queue.waiting:
            self.disturb()
            self._asked = True
        elif not self.measuring and not _runs(self._work):
            self._begin_what_is_due(self._clock.monotonic() - self._quiet_since)

    def disturb(self) -> None:
        """Somebody asks, or is about to."""
        self._quiet_since = self._clock.monotonic()
        if self._trial:
            self._trial.cancel()

    async def close(self) -> None:
        if works := {work for work in (self._trial, self._work) if work}:
            for work in works:
                work.cancel()
            await asyncio.wait(works)

    @property
    def _may_try(self) -> bool:
        """Once for each file; the first answer does not wait for it."""
        return self._measures and self._asked and self._model.file != self._tried

    def _begin_what_is_due(self, quiet_seconds: float) -> None:
        if not self._model.loaded:
            return
        if self._unload_seconds and quiet_seconds >= self._unload_seconds:
            self._work = self._task(self._unload(), "unload the embedded model")
        elif self._may_try and _quiet_enough(quiet_seconds):
            self._trial = self._task(self._measure(), "measure the embedded model")

    def _task(self, work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
        return asyncio.create_task(work, name=name)

    async def _measure(self) -> None:
        """Whoever asks meanwhile ends it, and it is done later."""
        file = self._model.file
        try:
            if not self._model.measured:
                await self._model.measure()
        except (ChildFailed, OSError) as error:
            self._log.warning("embedded_model_not_measured", error=str(error))
        self._tried = file
        if self._model.outdated:
            self._work = self._task(self._load_anew(), "load the embedded model as measured")

    async def _load_anew(self) -> None:
        async with self._queue.alone():
            await self._model.unload()
            await asyncio.wait([self._model.begin_loading()])

    async def _unload(self) -> None:
        async with self._queue.alone():
            if not self._queue.waiting:
                await self._model.unload()
                self._log.info("embedded_model_unloaded")


def _runs(task: asyncio.Task[None] | None) -> bool:
    return task is not None and not task.done()


def _quiet_enough(quiet_seconds: float) -> bool:
    load = psutil.getloadavg()[0]
    calm = load < QUIET_LOAD * physical_cores()
    return quiet_seconds >= (TRIAL_AFTER_SECONDS if calm else TRIAL_ANYWAY_AFTER_SECONDS)
