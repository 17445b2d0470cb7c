"""One fetch after the other, each in a process of its own that ends with this one and goes on with the next."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from senter.clock import Clock, set_within
from senter.component.ending import collect, kill
from senter.masking import mask_text
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import Weights

FIRST_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 6 * 3_600.0
LARGEST_LINE_BYTES = 64 * 1024


@dataclass(slots=True, eq=False)
class Wanted:
    """One model that somebody wants here, and how far it is."""

    weights: Weights
    file: str = ""
    """A file of the user's to take instead of fetching it."""
    done_bytes: int = 0
    place: str = ""
    problem: str = ""
    failures: int = 0
    begun: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it is not tried again: a file of the user's does not become another one by itself."""
        return bool(self.file and self.failures)

    @property
    def state(self) -> Literal["absent", "waiting", "fetching"]:
        if self.begun:
            return "fetching"
        return "absent" if self.is_over else "waiting"


class Fetching:
    """What is wanted, one after the other. What no source handed over is asked for again, ever less often."""

    def __init__(
        self,
        cache: WeightsCache,
        arrived: Callable[[Weights], Awaitable[None]],
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._cache = cache
        self._arrived = arrived
        self._clock = clock
        self._log = log
        self._wanted: deque[Wanted] = deque()
        self._changed = asyncio.Event()
        self._process: Process | None = None

    def of(self, name: str) -> Wanted | None:
        return next((wanted for wanted in self._wanted if wanted.weights.name == name), None)

    @property
    def note(self) -> str:
        """How far the first one is, or why it could not be had; for people."""
        wanted = next((one for one in self._wanted if not one.is_over), None)
        if wanted is None:
            return ""
        if wanted.problem:
            return f"{wanted.problem} It is tried again."
        done, size = wanted.done_bytes // 10**6, wanted.weights.size_bytes // 10**6
        return f"{wanted.weights.name} is being fetched: {done:,} of {size:,} MB."

    def want(self, weights: Weights, file: str = "") -> Wanted:
        """Have it fetched; one that waits for its next try is tried at once, and one that is under way goes on."""
        if known := self.of(weights.name):
            if known.begun and known.file == file:
                known.problem = ""
                return known
            self._wanted.remove(known)
        wanted = Wanted(weights, file, self._cache.arrived_bytes(weights))
        self._wanted.appendleft(wanted)
        self._changed.set()
        return wanted

    async def forget(self, name: str) -> None:
        """Have it fetched no more; a fetch that runs has ended when this returns, and holds the file no more."""
        if known := self.of(name):
            self._wanted.remove(known)
            if known.begun and self._process:
                kill(self._process)
                await self._process.wait()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            self._changed.clear()
            wanted = next((one for one in self._wanted if not one.is_over), None)
            if wanted is None:
                await self._changed.wait()
                continue
            if await self._fetched(wanted):
                if wanted in self._wanted:
                    self._wanted.remove(wanted)
                    await self._arrived(wanted.weights)
            elif wanted in self._wanted:
                wanted.failures += 1
                self._wanted.rotate(-1)
                if not wanted.is_over:
                    seconds = min(FIRST_WAIT_SECONDS * 2 ** (wanted.failures - 1), LONGEST_WAIT_SECONDS)
                    await set_within(self._changed, self._clock, seconds)

    async def _fetched(self, wanted: Wanted) -> bool:
        """Whether its file is here after this try."""
        wanted.begun = True
        process = self._process = await asyncio.create_subprocess_exec(
            *command_for(wanted, self._cache.folder),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
            limit=LARGEST_LINE_BYTES,
        )
        try:
            assert process.stdout is not None
            told = False
            while line := await process.stdout.readline():
                told = self._take(wanted, json.loads(line))
            ended = await process.wait()
        finally:
            kill(process)
            await asyncio.shield(asyncio.create_task(collect(process)))
            self._process = None
            wanted.begun, wanted.place = False, ""
        if ended and not told:
            wanted.problem = f"The fetch ended with exit status {ended}."
            self._log.warning("weights_not_fetched", model=wanted.weights.name, reason=wanted.problem)
        return not ended

    def _take(self, wanted: Wanted, said: dict[str, Any]) -> bool:
        """Whether it says why there is nothing. Why there was nothing before is so until something comes."""
        match said:
            case {"event": "begins", "place": str(place)}:
                wanted.place = place
                self._log.info(
                    "weights_fetch_begins", model=wanted.weights.name, place=place, size_bytes=wanted.weights.size_bytes
                )
            case {"event": "arrived", "done_bytes": int(done)}:
                wanted.done_bytes, wanted.problem = done, ""
            case {"event": "failed", "place": str(place), "reason": str(reason)}:
                self._log.warning("weights_source_failed", place=place, reason=mask_text(reason))
            case {"event": "error", "message": str(message)}:
                wanted.problem = mask_text(message)
                self._log.warning("weights_not_fetched", model=wanted.weights.name, reason=wanted.problem)
                return True
            case _:
                pass
        return False


def command_for(wanted: Wanted, folder: Path) -> tuple[str, ...]:
    """What fetches it, in a process that ends with this one."""
    file = ("--file", wanted.file) if wanted.file else ()
    where = ("--folder", str(folder), "--parent", str(os.getpid()))
    return (sys.executable, "-P", "-m", "senter.weights", "get", wanted.weights.name, *where, *file)
