"""The reporter: takes in what was done, keeps it, and tells people of it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from senter.component.component import Component
from senter.component.events import EventLog, waiting_for_space
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities, characters_of
from senter.components.reporter.audit_heads import AuditHeads
from senter.components.reporter.days import LocalDays
from senter.components.reporter.delivering import TargetDelivery
from senter.components.reporter.digests import Digests
from senter.components.reporter.exports import Exports
from senter.components.reporter.looking import Lookout
from senter.components.reporter.notifications import GONE, NO_TARGET, SWITCHED_OFF, Notifications
from senter.components.reporter.sent_record import SentRecord
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.spec import SPEC
from senter.components.reporter.targets import targets_of
from senter.components.reporter.trial import try_targets
from senter.components.reporter.visits import Visits
from senter.messages.activity import REMINDER, ActivityLogged
from senter.messages.envelope import current
from senter.messages.health import Health
from senter.messages.reports import (
    Away,
    DigestTimeSet,
    GetNotificationTargets,
    GetProgress,
    NotificationTargetsReply,
    NotificationTestReply,
    ProgressReply,
    Seen,
    TestNotification,
)
from senter.moments.zones import user_zone
from senter.sentences import phrase, speaking, spoken
from senter.store.database import Transaction
from senter.store.stamps import stamp

IMPORTANCES = ("low", "normal", "high", "critical")
DIGEST_TIME = "digest_time"
CANNOT_RING = "Reminders cannot ring."


class Reporter(Component[ReporterSettings]):
    """Owns activity.db, and the files below progress."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)
        database, settings = self.events.database, self.settings
        targets = targets_of(settings.targets, desktop=settings.desktop) if settings.notifications else ()
        days = LocalDays(user_zone(settings.timezone))
        self._activities = Activities(database, self.clock, days)
        self.visits = Visits(database, self._activities, str(self.paths.data / "Focuses"), self.clock)
        with waiting_for_space():
            sent = SentRecord(database.path.with_suffix(".sent"), self.clock)
        self.notifications = Notifications(self.events, targets, sent, self.clock)
        self.audit_heads = AuditHeads(database, self.clock)
        telling = self.notifications if settings.notifications else None
        heads, lookout = self.audit_heads, Lookout(self.bus, self.log)
        self.digests = Digests(
            self.events, self._activities, days, telling, heads, lookout, settings, self.clock, self.log
        )
        self._exports = Exports(database, self._activities, self.paths, self.clock, self.log)
        self._deliveries = [
            TargetDelivery(target, self.notifications, settings, self.clock, self.log) for target in targets
        ]
        for delivery in self._deliveries:
            database.on_commit(delivery.look)
        with waiting_for_space():
            self._begin()
        self.events.on_stream_remade(self._log_remade_stream)
        self.events.each_hour(self._forget)

    async def run(self) -> None:
        await self.events.run(self.digests.run, self._exports.run, *(delivery.run for delivery in self._deliveries))

    def health(self) -> Health:
        failing = [f"{one.target.shown}: {one.problem}" for one in self._deliveries if one.problem]
        found = self.events.health(
            self.digests.problem or self._exports.problem,
            target_count=len(self._deliveries),
            targets_failing=len(failing),
        )
        if failing and not found.detail:
            return found.model_copy(update={"detail": f"A notification target fails: {failing[0]}"})
        silent = self._why_silent()
        return found.model_copy(update={"note": f"{CANNOT_RING} {silent}"}) if silent else found

    def _begin(self) -> None:
        gone = GONE if self.settings.notifications else SWITCHED_OFF
        if settled := self.notifications.settle(gone):
            self.log.warning("deliveries_ended_at_start", count=settled)
        wanted = DigestTimeSet(time=self.settings.digest_time, days=self.settings.digest_days)
        if self.events.database.row(queries.SAID, (DIGEST_TIME,), str) != wanted.model_dump_json():
            with self.events.database.transaction() as tx:
                tx.execute(queries.SAY, (DIGEST_TIME, wanted.model_dump_json()))
                self.events.add(tx, wanted)

    def log_activity(self, tx: Transaction, event: ActivityLogged) -> None:
        envelope = current()
        with speaking(self.settings.user_language or spoken()):
            text = self._activities.add(tx, event, envelope.sent_at)
        asked_for = event.kind == REMINDER
        matters = IMPORTANCES.index(event.importance) >= IMPORTANCES.index(self.settings.threshold)
        if self.settings.notifications and (asked_for or matters):
            origin, cause = f"activity {envelope.id}", envelope.correlation
            characters = characters_of(event.kind)
            self.notifications.add(
                tx, origin, event.importance, text, cause, asked_for=asked_for, characters=characters
            )

    def _log_remade_stream(self, tx: Transaction) -> None:
        summary = "The event stream was lost and made anew. What may not have arrived was sent again."
        self.events.add(tx, ActivityLogged(kind="event_stream_remade", summary=summary, importance="high"))

    async def report_progress(self, command: GetProgress) -> ProgressReply:
        now = self.clock.now()
        since = now - timedelta(hours=command.hours)
        by_type = self._activities.by_kind(since, now + timedelta(days=1))
        kept = self.notifications.kept()
        newest = self._activities.newest_id()
        return ProgressReply(
            hours=command.hours,
            total=sum(by_type.values()),
            by_type=by_type,
            activities=tuple(self._activities.newest(since, command.limit)),
            away=self._away(newest),
            kept=kept,
            seen=Seen(activity_id=newest, notification_ids=tuple(one.id for one in kept)),
        )

    def _away(self, newest: int) -> Away:
        with speaking(self.settings.user_language or spoken()):
            return self.visits.away(newest)

    async def notification_targets(self, _: GetNotificationTargets) -> NotificationTargetsReply:
        return NotificationTargetsReply(count=len(self._deliveries), reason=self._why_silent())

    def _why_silent(self) -> str:
        """Why nothing can ring; empty where something can."""
        if self._deliveries:
            return ""
        return phrase(NO_TARGET if self.settings.notifications else SWITCHED_OFF)

    async def test_notification(self, command: TestNotification) -> NotificationTestReply:
        return await try_targets(command, self.settings)

    async def _forget(self) -> None:
        """A little at a time: whoever asks meanwhile does not wait long."""
        while self._activities.forget_older(self.settings.keep_days):
            await self.clock.sleep(0)
        oldest = self.clock.now() - timedelta(days=self.settings.keep_days)
        with self.events.database.transaction(durable=False) as tx:
            for query in (queries.FORGET_VISITS, queries.FORGET_DIGESTS, queries.FORGET_NOTIFICATIONS):
                tx.execute(query, (stamp(oldest),))
        await asyncio.to_thread(self._exports.forget_older, oldest)
