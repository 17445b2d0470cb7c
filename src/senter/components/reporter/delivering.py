"""Delivers notifications: each target by itself, so that a slow one holds up nobody, and no one twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from senter.clock import Clock, set_within
from senter.components.reporter.days import QuietHours
from senter.components.reporter.notifications import Due, Notifications
from senter.components.reporter.sending import Sender, Sent
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.targets import Target
from senter.errors import ChildFailed, StorageFull
from senter.messages.reports import DeliveryState
from senter.moments.zones import user_zone
from senter.store.stamps import from_stamp

LONGEST_WAIT_SECONDS: Final = 900.0
# The wall clock may be set, and quiet hours end: while something waits, look at least so often.
LOOK_SECONDS: Final = 60.0
DISK_SECONDS: Final = 5.0


class TargetDelivery:
    """Everything for one target, in order."""

    def __init__(
        self,
        target: Target,
        notifications: Notifications,
        settings: ReporterSettings,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self.target = target
        self._notifications = notifications
        self._settings = settings
        self._quiet = QuietHours(settings.quiet_from, settings.quiet_to, user_zone(settings.timezone))
        self._clock = clock
        self._log = log.bind(target=target.shown)
        self._changed = asyncio.Event()
        self.problem = ""
        """Why the last attempt failed; empty once one succeeds."""

    def look(self) -> None:
        """There may be something new."""
        self._changed.set()

    async def run(self) -> None:
        """Deliver for ever."""
        async with Sender(self.target) as sender:
            while True:
                self._changed.clear()
                due = self._next()
                if due is None:
                    await self._wait()
                    continue
                try:
                    await self._attempt(sender, due)
                except StorageFull as error:  # nothing was sent yet
                    self._log.warning("delivery_waits", reason=error.message)
                    await self._clock.sleep(DISK_SECONDS)

    def _next(self) -> Due | None:
        return self._notifications.next_due(self.target, critical_only=self._quiet.at(self._clock.now()))

    async def _wait(self) -> None:
        next_at = self._notifications.next_at(self.target)
        if next_at is None:
            await self._changed.wait()
            return
        seconds = (next_at - self._clock.now()).total_seconds()
        seconds = min(seconds, LOOK_SECONDS) if seconds > 0 else LOOK_SECONDS
        await set_within(self._changed, self._clock, seconds)

    async def _attempt(self, sender: Sender, due: Due) -> None:
        """The child is ready before the delivery is marked, so that little can happen in between."""
        try:
            checked = await sender.check()
        except ChildFailed as error:
            self._try_later(due, due.attempts + 1, error.message)
            return
        if checked.problem:
            await self._end(due, "given_up", checked.problem)
            return
        self._notifications.begin(due, self.target)
        await self._settle(due, await sender.send(due.title, due.body))

    async def _settle(self, due: Due, sent: Sent) -> None:
        if sent.sent:
            await self._end(due, "sent")
        elif sent.unknown:
            await self._end(due, "unknown", f"It may have arrived and is not sent again. {sent.problem}")
        else:
            await self._kept(lambda: self._try_later(due, due.attempts + 1, sent.problem))

    def _try_later(self, due: Due, attempts: int, problem: str) -> None:
        self.problem = problem
        self._log.warning("delivery_failed", notification_id=due.id, attempts=attempts, reason=problem)
        begun = from_stamp(due.first_tried_at) if due.first_tried_at else self._clock.now()
        hours = self._settings.give_up_after_hours
        if self._clock.now() - begun >= timedelta(hours=hours):
            reason = f"Given up after {hours:g} hours and {attempts} attempts. {problem}"
            self._notifications.end(due, self.target, "given_up", reason)
            return
        seconds = min(self._settings.retry_seconds * 2.0 ** min(attempts - 1, 30), LONGEST_WAIT_SECONDS)
        self._notifications.try_later(due, self.target, attempts, seconds, problem)

    async def _end(self, due: Due, state: DeliveryState, problem: str = "") -> None:
        self.problem = problem
        await self._kept(lambda: self._notifications.end(due, self.target, state, problem))
        self._log.info("delivery_ended", notification_id=due.id, state=state, reason=problem)

    async def _kept(self, write: Callable[[], None]) -> None:
        """What is known now must not be lost, however long the disk is full."""
        while True:
            try:
                write()
            except StorageFull as error:
                self._log.warning("delivery_waits", reason=error.message)
                await self._clock.sleep(DISK_SECONDS)
            else:
                return
