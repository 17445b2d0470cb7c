"""Makes digests: the day's once for each local day, and others whenever somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from senter.clock import Clock
from senter.component.events import EventLog
from senter.components.reporter import queries
from senter.components.reporter.activities import Activities
from senter.components.reporter.audit_heads import AuditHeads
from senter.components.reporter.days import LocalDays
from senter.components.reporter.digest_text import nothing_said, text_of
from senter.components.reporter.happened import lines_of
from senter.components.reporter.looking import Lookout
from senter.components.reporter.notifications import Notifications
from senter.components.reporter.sections import DigestMaterial, sections_of
from senter.components.reporter.settings import ReporterSettings
from senter.errors import InvalidInput, StorageFull
from senter.messages.envelope import continuing, current
from senter.messages.message import named_after
from senter.messages.reports import (
    DIGEST_PARTS,
    DigestPart,
    DigestReady,
    DigestReply,
    DigestRequested,
    DigestSection,
    GetDigest,
)
from senter.moments.shown import shown_day
from senter.sentences import phrase, speaking, spoken
from senter.store.database import Transaction
from senter.store.stamps import from_stamp, stamp

PERIOD = timedelta(hours=24)
LONGEST_PERIOD = timedelta(days=7)
AT_THE_SAME_TIME = timedelta(minutes=1)
RETRY_SECONDS = 5.0
NOTIFICATION_CHARACTERS = 1_500
"""What services take; the digest has the rest."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    day: str
    due_at: str
    by_hand: int
    cause: str


@dataclass(frozen=True, slots=True)
class _AskedFor:
    """What a digest is to be of, and how much of it is to be said."""

    day: date
    begin: datetime
    end: datetime
    now: datetime
    parts: Sequence[DigestPart]
    length: str
    is_whole_day: bool = False

    @property
    def hours(self) -> int:
        return round((self.end - self.begin).total_seconds() / 3_600)


class Digests:
    """`notifications` is none when they are switched off."""

    def __init__(
        self,
        events: EventLog,
        activities: Activities,
        days: LocalDays,
        notifications: Notifications | None,
        audit_heads: AuditHeads,
        lookout: Lookout,
        settings: ReporterSettings,
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._events = events
        self._database = events.database
        self._activities = activities
        self._days = days
        self._notifications = notifications
        self._audit_heads = audit_heads
        self._lookout = lookout
        self._settings = settings
        self._clock = clock
        self._log = log
        self._changed = asyncio.Event()
        self.problem = ""
        self._database.on_commit(self._changed.set)

    def wanted(self, tx: Transaction, event: DigestRequested) -> None:
        """Have it made, unless it is the day's and that is made, or a person's asking at the same time is answered."""
        day = self._days.of(event.due_at).isoformat()
        values = {
            "key": f"{day} {current().id}" if event.by_hand else day,
            "day": day,
            "job": event.job,
            "due_at": stamp(event.due_at),
            "by_hand": int(event.by_hand),
            "correlation_id": current().correlation,
            "a_minute_before": stamp(event.due_at - AT_THE_SAME_TIME),
            "a_minute_after": stamp(event.due_at + AT_THE_SAME_TIME),
        }
        tx.execute(queries.ASK_FOR_DIGEST, values)

    async def of(self, command: GetDigest) -> DigestReply:
        """One on request: of a calendar day, or of the last 24 hours. Nothing is stored or sent."""
        now = self._clock.now()
        parts = _parts(command.parts) or self._settings.digest_parts
        length = command.length or self._settings.digest_length
        with speaking(self._settings.user_language or spoken()):
            return await self._of(command, now, parts, length)

    async def _of(self, command: GetDigest, now: datetime, parts: Sequence[DigestPart], length: str) -> DigestReply:
        if not command.day.strip():
            return await self._digest(_AskedFor(self._days.of(now), now - PERIOD, now, now, parts, length))
        day = self._days.named(command.day, now)
        return await self._digest(_AskedFor(day, *self._days.span(day), now, parts, length, is_whole_day=True))

    async def run(self) -> None:
        """Make what is wanted, for ever."""
        while True:
            self._changed.clear()
            wanted = self._database.row(queries.DIGEST_TO_MAKE, (), _Wanted)
            if wanted is None:
                await self._changed.wait()
                continue
            try:
                await self._make(wanted)
                self.problem = ""
            except StorageFull as error:
                self._log.warning("digest_waits", day=wanted.day, reason=error.message)
                self.problem = f"The digest of {wanted.day} waits: {error.message}"
                await self._clock.sleep(RETRY_SECONDS)

    async def _make(self, wanted: _Wanted) -> None:
        until, settings = from_stamp(wanted.due_at), self._settings
        asked = _AskedFor(
            date.fromisoformat(wanted.day),
            until - PERIOD if wanted.by_hand else self._after_the_last(until),
            until,
            self._clock.now(),
            settings.digest_parts,
            settings.digest_length,
        )
        with speaking(self._settings.user_language):
            digest = await self._digest(asked)
            told = _for_notification(digest)
        ready = DigestReady(
            day=wanted.day, by_hand=bool(wanted.by_hand), activity_count=digest.activity_count, summary=digest.summary
        )
        named = named_after(DigestReady.wire_name, wanted.key)
        with self._database.transaction() as tx, continuing(wanted.cause):
            if not tx.execute(queries.DIGEST_MADE, (digest.model_dump_json(), stamp(self._clock.now()), wanted.key)):
                return
            if self._notifications is not None:
                self._notifications.add_text(tx, f"digest {wanted.key}", told, wanted.cause)
            self._events.add(tx, ready, named=named)
        self._log.info("digest_made", day=wanted.day, activities=digest.activity_count)

    def _after_the_last(self, until: datetime) -> datetime:
        """From where the day's digest before ended, so that none leaves out a weekend or a day without a machine."""
        last = self._database.row(queries.LAST_DAILY, (stamp(until),), str)
        return max(from_stamp(last), until - LONGEST_PERIOD) if last else until - PERIOD

    async def _digest(self, asked: _AskedFor) -> DigestReply:
        """What is to come is looked at for today only; what was on an earlier day is as its own digest told it."""
        begin, end = self._days.span(asked.day)
        is_today = asked.day == self._days.of(asked.now)
        ahead = await self._lookout.look(begin, end, asked.now) if is_today else None
        happened = self._activities.happened(asked.begin, asked.end)
        material = DigestMaterial.of(asked.day, asked.now, happened, ahead)
        sections = (*(() if is_today else self._agenda_of(asked)), *sections_of(material, self._days, asked.parts))
        unknown = ahead.unknown_of(asked.parts) if ahead else ()
        nothing = nothing_said(asked.parts, asked.day, is_today=is_today)
        head = "" if asked.is_whole_day else self._audit_heads.newest()
        shown_head = f"\nAudit log: {head}" if head and asked.length == "long" else ""
        return DigestReply(
            type="day" if asked.is_whole_day else "daily",
            day=asked.day.isoformat(),
            period_hours=asked.hours,
            activity_count=happened.count,
            summary=text_of(sections, asked.length, nothing, unknown) + shown_head,
            sections=sections,
            not_looked_at=unknown,
            lines=lines_of(happened),
            by_type=dict(happened.by_kind),
            audit_head=head,
            generated_at=self._clock.now(),
        )

    def _agenda_of(self, asked: _AskedFor) -> tuple[DigestSection, ...]:
        """The agenda of a day that is over, as the day's digest told it."""
        kept = self._database.row(queries.KEPT_DIGEST, (asked.day.isoformat(),), str)
        if not kept or "agenda" not in asked.parts:
            return ()
        told = DigestReply.model_validate_json(kept).sections
        shown = {"title": shown_day(asked.day), "see": f"senter digest {asked.day} --part agenda --length long"}
        return tuple(one.model_copy(update=shown) for one in told if one.part == "agenda")


def _parts(text: str) -> tuple[DigestPart, ...]:
    """Raises `InvalidInput`."""
    named = [part for part in text.split(",") if part]
    known: dict[str, DigestPart] = {part: part for part in DIGEST_PARTS}
    if unknown := next((part for part in named if part not in known), ""):
        raise InvalidInput(f'Unknown part "{unknown}".', f"The parts are: {', '.join(DIGEST_PARTS)}.")
    return tuple(dict.fromkeys(known[part] for part in named))


def _for_notification(digest: DigestReply) -> str:
    """As many of its first rows as a notification takes."""
    if len(digest.summary) <= NOTIFICATION_CHARACTERS:
        return digest.summary
    return f"{digest.summary[:NOTIFICATION_CHARACTERS].rpartition(chr(10))[0]}\n{phrase('More: senter digest')}"
