"""Holds the exams of one worker: unasked while nothing else is to be done, or because a person wants one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

import structlog

from senter.clock import Clock, set_within
from senter.components.models.deltas import DeltaSender
from senter.components.models.exam.quiet import Quiet
from senter.components.models.exam.results import ExamRecord, ExamResults, ModelIdentity
from senter.components.models.exam.scoring import tally
from senter.components.models.exam.sitting import EndedEarly, Limits, Sitting
from senter.components.models.provider_link import LinkKind, ProviderLink
from senter.components.models.retries import BACKGROUND
from senter.errors import Conflict, ModelError
from senter.messages.model import ModelDelta

IDLE_SECONDS = 60.0
"""How long nobody must have asked anything before an exam begins unasked."""
PEOPLES_IDLE_SECONDS = 90.0
"""The same in the worker that answers people: the one for background work comes first."""
LOOK_SECONDS = 300.0
"""How often it is looked whether a model behind its name has changed."""
MOST_BROKEN_OFF = 3
"""An exam that ended its process so often is not begun unasked any more."""
REST_SECONDS = 3_600.0
"""How long a model whose exam failed is left alone; also between two unasked exams of one name."""


class Examiner:
    """At most one exam at a time. `announce` tells the other workers that there is a new result."""

    def __init__(
        self,
        links: tuple[ProviderLink, ...],
        results: ExamResults,
        quiet: Quiet,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
        announce: Callable[[], Awaitable[None]],
    ) -> None:
        self.links = links
        self.results = results
        self.quiet = quiet
        self._clock = clock
        self._log = log
        self._announce = announce
        self.idle_seconds = IDLE_SECONDS
        self.unasked = True
        """Whether exams begin unasked; one worker of a kind is enough."""
        self.random: Callable[[], Random] = Random
        self.limits = Limits()
        self.retries = BACKGROUND
        self._wanted = asyncio.Event()
        self._by_person: ProviderLink | None = None
        self._running: tuple[ProviderLink, asyncio.Task[None]] | None = None
        self.waits = False
        """Whether it has nothing to do until it looks again."""
        self._said: dict[LinkKind, str] = {}
        self._rests_until: dict[LinkKind, float] = {}

    @property
    def running(self) -> bool:
        """Whether an exam goes on: its model is in use."""
        return self._running is not None

    def is_running(self, link: ProviderLink) -> bool:
        """Whether it is being examined, or about to be."""
        return link is self._by_person or bool(self._running and self._running[0] is link)

    def said(self, link: ProviderLink) -> str:
        """How far its exam is, or why it has none; empty where there is nothing to say."""
        if link.kind in self._said:
            return self._said[link.kind]
        return link.record.why if link.record else ""

    def want(self, link: ProviderLink) -> None:
        """Begin an exam now that a person wants. Raises `Conflict` while one of another model goes on."""
        if self.is_running(link):
            return
        if self._by_person:
            raise Conflict("Another exam is going on.", "Wait for it: it takes at most 10 minutes.")
        if self._running:
            self._running[1].cancel()
        self._by_person = link
        self._said[link.kind] = "The exam begins ..."
        self._wanted.set()

    async def stop(self) -> None:
        """End the exam that goes on, without a result."""
        if link := self._by_person or (self._running and self._running[0]):
            self._said[link.kind] = "The exam was ended."
        self._by_person = None
        if self._running:
            self._running[1].cancel()
            await asyncio.wait({self._running[1]})

    async def run(self) -> None:
        """Look now and then, and at once where a person wants one."""
        wait_seconds = self.idle_seconds
        while True:
            self.waits = True
            await set_within(self._wanted, self._clock, wait_seconds)
            self.waits = False
            self._wanted.clear()
            if link := self._by_person:
                await self._in_task(link)
                self._by_person = None
                continue
            left = self.idle_seconds - self.quiet.seconds
            wait_seconds = max(left, 1.0) if left > 0 else LOOK_SECONDS
            if self.unasked and left <= 0 and (link := await self._unknown()):
                await self._in_task(link)

    async def _in_task(self, link: ProviderLink) -> None:
        """In a task of its own, which `stop` can reach."""
        task = asyncio.create_task(self._examine(link), name=f"examine {link.model}")
        self._running = link, task
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._running = None

    async def _unknown(self) -> ProviderLink | None:
        """The link in use, where its model is to be examined unasked."""
        link = next((link for link in self.links if link.ready), None)
        if link is None or not link.may_be_examined_unasked:
            return None
        await link.identify()
        if not link.identified or self._rests_until.get(link.kind, 0.0) > self._clock.monotonic():
            return None
        record = link.record
        settled = record and (record.level or record.why or record.broken_off >= MOST_BROKEN_OFF)
        return None if settled or link.standing.known_by == "shipped" else link

    async def _examine(self, link: ProviderLink) -> None:
        try:
            with self.results.alone() as alone:
                if not alone:
                    if self._by_person:
                        self._said[link.kind] = "Another exam is going on; try again when it has ended."
                    return
                self._rests_until[link.kind] = self._clock.monotonic() + REST_SECONDS
                await self._hold(link)
        except (ModelError, OSError) as error:
            reason = error.message if isinstance(error, ModelError) else str(error)
            self._said[link.kind] = f"The exam could not be held: {reason}"
            self._log.warning("exam_failed", model=link.model, reason=reason)
        await self._announce()

    async def _hold(self, link: ProviderLink) -> None:
        """One exam, whose result stands in for what was known of the model. Raises `ModelError` and `OSError`."""
        prepared = await link.prepare(_silent(self._clock))
        await link.identify()
        identity = link.identity
        record = before = self.results.begin(identity)
        sitting = Sitting(
            endpoint=prepared.endpoint,
            model=prepared.model,
            clock=self._clock,
            asking=self.quiet.during,
            progress=lambda done, of: self._note(link, done, of),
            told_context=link.told_context,
            tries_context=link.kind is not LinkKind.EMBEDDED,
            limits=self.limits,
            random=self.random(),
            retries=self.retries,
        )
        try:
            record = await self._sit(identity, before, sitting)
            self._said.pop(link.kind, None)
        finally:
            self.results.keep(record)
        await link.identify()
        if link.identity != identity:
            self._said[link.kind] = f"{link.title} changed its model during the exam, so it gives no level."

    async def _sit(self, identity: ModelIdentity, before: ExamRecord, sitting: Sitting) -> ExamRecord:
        """The record of an exam; one that ended early takes nothing from what an earlier one showed."""
        level, features, passed, why = before.level, before.features, before.passed, ""
        try:
            outcome = await sitting.outcome()
            level, features, passed = outcome.level, outcome.features, tally(outcome.marked)
        except EndedEarly as error:
            why = f"The exam ended early: {error}. It gives no level."
        self._log.info("exam_ended", model=identity.model, level=level, why=why, tokens=sitting.spent.tokens)
        return ExamRecord(
            model=identity.model,
            address=identity.address,
            told=identity.told,
            level=level,
            features=features,
            passed=passed,
            why=why,
            seconds=round(sitting.spent.seconds, 1),
            tokens=sitting.spent.tokens,
            at=self._clock.now(),
        )

    def _note(self, link: ProviderLink, done: int, of: int) -> None:
        self._said[link.kind] = f"Examining {link.model}: question {done + 1} of {of} ..."


def _silent(clock: Clock) -> DeltaSender:
    """Nobody listens to an exam."""

    async def nowhere(delta: ModelDelta) -> None:
        pass

    return DeltaSender(nowhere, clock, None)
