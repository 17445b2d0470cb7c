"""Notifications and what became of each at each target. Only states change here; nothing is sent.

A delivery is `sending` on disk before a byte leaves, and `sent` as soon as the target answered. What is
found `sending` when the reporter starts was cut off: whether it arrived nobody can know, so it becomes
`unknown`, is shown at the next visit, and is never sent again. So does what the record of what was sent knows
of and the database does not, because it fell back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from senter.clock import Clock
from senter.component.events import EventLog
from senter.components.reporter import queries
from senter.components.reporter.activities import SENTENCE_CHARACTERS
from senter.components.reporter.sent_record import SentRecord
from senter.components.reporter.targets import Target
from senter.messages.envelope import continuing
from senter.messages.message import named_after
from senter.messages.reports import (
    MAX_KEPT,
    Delivery,
    DeliveryState,
    Importance,
    ListNotifications,
    Notification,
    NotificationEnded,
    NotificationsReply,
)
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp
from senter.text import one_line

TITLE = "Senter"
MOST_WAITING = 100
CUT_OFF = "Senter ended while it was sending this; it may have arrived and is not sent again."
SENT_BEFORE = "activity.db fell back to before it was sent; it may have arrived and is not sent again."
GONE = "The target is not in the settings any more."
NO_TARGET = "There is no desktop and no notification target."
SWITCHED_OFF = "Notifications are switched off."
WITHOUT_DELIVERIES = partial(Notification, deliveries=())


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is due."""

    id: int
    origin: str
    title: str
    body: str
    attempts: int
    first_tried_at: str | None


@dataclass(frozen=True, slots=True)
class _Sending:
    """A notification on its way to one target."""

    id: int
    origin: str
    target: str
    shown: str


class Notifications:
    """Owns the tables of notifications and deliveries. `targets` are those of the settings."""

    def __init__(self, events: EventLog, targets: Sequence[Target], sent: SentRecord, clock: Clock) -> None:
        self._events = events
        self._database = events.database
        self._targets = targets
        self._sent = sent
        self._clock = clock

    def settle(self, gone: str) -> int:
        """At the start: end what was cut off, and, because of `gone`, what has nowhere to go. Returns how many."""
        known = json.dumps([target.key for target in self._targets])
        forgotten = self._sent_before() if self._events.fell_back else list[_Sending]()
        ended: list[tuple[_Sending, DeliveryState, str]] = [
            *((one, "unknown", CUT_OFF) for one in self._database.rows(queries.CUT_OFF, (), _Sending)),
            *((one, "unknown", SENT_BEFORE) for one in forgotten),
            *((one, "given_up", gone) for one in self._database.rows(queries.OF_OTHER_TARGETS, (known,), _Sending)),
        ]
        if ended:
            with self._database.transaction() as tx:
                for one, state, problem in ended:
                    self._end(tx, one, state, problem)
        return len(ended)

    def _sent_before(self) -> list[_Sending]:
        waiting = self._database.rows(queries.WAITING, (), _Sending)
        known = {target.key for target in self._targets}
        return [one for one in waiting if one.target in known and self._sent.may_have_arrived(one.origin, one.target)]

    def add(
        self,
        tx: Transaction,
        origin: str,
        importance: Importance,
        body: str,
        cause: str,
        *,
        asked_for: bool = False,
        characters: int = SENTENCE_CHARACTERS,
    ) -> None:
        """Tell the user, once for each `origin`. `cause` is the request that started what it is about, `characters` how
        long the text may be.

        Targets with too many waiting get no more than a person asked for; the rest is kept then.
        """
        self._add(tx, origin, importance, one_line(body, characters), cause, asked_for=asked_for)

    def add_text(self, tx: Transaction, origin: str, text: str, cause: str) -> None:
        """As `add`, a text with line breaks."""
        self._add(tx, origin, "normal", text, cause, asked_for=False)

    def _add(
        self, tx: Transaction, origin: str, importance: Importance, body: str, cause: str, *, asked_for: bool
    ) -> None:
        now = stamp(self._clock.now())
        values = (origin, now, importance, TITLE, body, cause)
        if not tx.execute(queries.ADD_NOTIFICATION, values):
            return
        number = tx.row(queries.NOTIFICATION_OF, (origin,), int) or 0
        for target in self._targets:
            if self._sent.may_have_arrived(origin, target.key):
                tx.execute(queries.ADD_DELIVERY, (number, target.key, target.shown, now))
                self._end(tx, _Sending(number, origin, target.key, target.shown), "unknown", SENT_BEFORE)
            elif asked_for or (tx.row(queries.PENDING, (target.key,), int) or 0) < MOST_WAITING:
                tx.execute(queries.ADD_DELIVERY, (number, target.key, target.shown, now))

    def next_due(self, target: Target, *, critical_only: bool) -> Due | None:
        values = {"target": target.key, "now": stamp(self._clock.now()), "all": int(not critical_only)}
        return self._database.row(queries.NEXT_DELIVERY, values, Due)

    def next_at(self, target: Target) -> datetime | None:
        """When the next delivery that waits is due, quiet hours aside; none when nothing waits."""
        found = self._database.row(queries.NEXT_AT, (target.key,), str)
        return from_stamp(found) if found else None

    def begin(self, due: Due, target: Target) -> None:
        """Just before a byte leaves."""
        self._sent.begin(due.origin, target.key)
        with self._database.transaction() as tx:
            tx.execute(queries.BEGIN_SENDING, (stamp(self._clock.now()), due.id, target.key))

    def try_later(self, due: Due, target: Target, attempts: int, seconds: float, problem: str) -> None:
        now = self._clock.now()
        next_at = stamp(now + timedelta(seconds=seconds))
        values = {"error": problem, "next_at": next_at, "attempts": attempts, "now": stamp(now)}
        self._sent.refused(due.origin, target.key)
        with self._database.transaction() as tx:
            tx.execute(queries.TRY_LATER, values | {"id": due.id, "target": target.key})

    def end(self, due: Due, target: Target, state: DeliveryState, problem: str = "") -> None:
        """As soon as it is known what became of it."""
        with self._database.transaction() as tx:
            self._end(tx, _Sending(due.id, due.origin, target.key, target.shown), state, problem)

    async def list_newest(self, command: ListNotifications) -> NotificationsReply:
        """The newest first."""
        found = self._database.rows(queries.NOTIFICATIONS, (command.limit,), WITHOUT_DELIVERIES)
        return NotificationsReply(notifications=tuple(map(self._complete, found)))

    def kept(self) -> tuple[Notification, ...]:
        """What reached nobody and was not shown yet; the newest first."""
        return tuple(map(self._complete, self._database.rows(queries.KEPT, (MAX_KEPT,), WITHOUT_DELIVERIES)))

    def _complete(self, one: Notification) -> Notification:
        deliveries = self._database.rows(queries.DELIVERIES_OF, (one.id,), Delivery)
        return one.model_copy(update={"deliveries": tuple(deliveries)})

    def _end(self, tx: Transaction, one: _Sending, state: DeliveryState, problem: str) -> None:
        tx.execute(queries.END_DELIVERY, (state, problem, one.id, one.target))
        ended = NotificationEnded(notification_id=one.id, target=one.shown, state=state, reason=problem)
        named = named_after(NotificationEnded.wire_name, one.origin, one.target, state)
        with continuing(tx.row(queries.CAUSE_OF, (one.id,), str)):
            self._events.add(tx, ended, named=named)
