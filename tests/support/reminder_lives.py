"""Reminders through simulated days, snoozed and left out: the machine sleeps, the scheduler restarts and crashes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from senter.component.testing import FakeClock
from senter.components.scheduler.job_changes import JobChanges
from senter.errors import Conflict, InvalidInput
from senter.messages.activity import REMINDER, ActivityLogged
from senter.messages.schedule import ChangeJob, FiringOutcome
from tests.support.plain_reminders import (
    PlainReminder,
    Said,
    Span,
    Telling,
    plain_life,
    reminders_of_the_year,
)
from tests.support.schedule import Gone, JobHouse

BEGIN = datetime(2027, 9, 1, 0, 0, 30, tzinfo=UTC)
"""A year from then has a 29 February."""
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
SNOOZES = (5, 10, 60, 9 * 60, 24 * 60, 40 * 60)
"""In minutes; the later ones reach beyond the next time of many."""
SKIPS = 0.15
"""How much of what is said leaves out one day."""
MOST = 1_000_000


@dataclass(frozen=True)
class Compared:
    """A life beside the plain one."""

    told: int
    snoozed: int
    left_out: int
    missed: Counter[Telling]
    doubled: Counter[Telling]
    misread: int
    """Words of the person that did something in one life alone."""
    untold: int
    """Tellings that are on record and were not announced, or the other way round."""


def compare_lives(home: Path, zone_name: str, days: int, seed: int) -> Compared:
    """Both lives, each from the same beginning."""
    chance, zone = random.Random(f"{seed} {zone_name}"), ZoneInfo(zone_name)  # noqa: S311 - no secret
    span = (BEGIN, BEGIN + timedelta(days=days))
    reminders = list(reminders_of_the_year(zone, BEGIN))
    asleep = list(nights(chance, span))
    said = list(words(chance, span, reminders, asleep))
    plain = plain_life(reminders, said, asleep, zone, span)
    life = _Life(home, zone_name, chance)
    life.live(reminders, said, asleep, span[1])
    expected, found = Counter(plain.told), Counter(life.told())
    return Compared(
        told=len(plain.told),
        snoozed=sum(each.until is not None for each in said) - sum(each.until is not None for each in plain.refused),
        left_out=sum(each.left_out is not None for each in said)
        - sum(each.left_out is not None for each in plain.refused),
        missed=expected - found,
        doubled=found - expected,
        misread=len(set(plain.refused) ^ set(life.refused)),
        untold=life.untold(),
    )


def nights(chance: random.Random, span: Span) -> Iterator[Span]:
    """When the machine sleeps, or Senter is stopped."""
    moment, end = span
    while (moment := moment + timedelta(minutes=chance.randint(600, 40_000))) < end - timedelta(days=6):
        woken = moment + timedelta(minutes=chance.choice((3, 70, 500, 1_500, 6_000)))
        yield moment, woken
        moment = woken


def words(
    chance: random.Random, span: Span, reminders: Sequence[PlainReminder], asleep: Sequence[Span]
) -> Iterator[Said]:
    """What a person says, whatever was told; nothing while the machine sleeps."""
    for reminder in reminders:
        moment = max(span[0], reminder.once or span[0])
        while (moment := moment + timedelta(seconds=chance.randint(61, 300_000))) < span[1]:
            if any(slept < moment <= woken for slept, woken in asleep):
                continue
            if chance.random() < SKIPS and moment < span[1] - timedelta(days=6):  # the plain life ends there
                yield Said(moment, reminder.name, None, (moment + timedelta(days=chance.randint(0, 4))).date())
                continue
            is_snooze = chance.random() < 0.6
            yield Said(moment, reminder.name, moment + timedelta(minutes=chance.choice(SNOOZES)) if is_snooze else None)
            if reminder.once and chance.random() < 0.5:
                break


class _Life:
    def __init__(self, home: Path, zone: str, chance: random.Random) -> None:
        self._house = JobHouse(home, zone=zone, clock=FakeClock(BEGIN))
        self._changes = JobChanges(self._house.store, self._house.jobs)
        self._chance = chance
        self.refused: list[Said] = []

    def live(
        self, reminders: Sequence[PlainReminder], said: Sequence[Said], asleep: Sequence[Span], end: datetime
    ) -> None:
        for each in reminders:
            self._house.add(each.name, job_type="custom", payload={"reminder": each.name}, **each.asked)
        left = sorted(said, key=lambda each: each.at)
        while (moment := self._next(left, asleep, end)) <= end:
            self._house.clock.elapse((moment - self._house.clock.now()).total_seconds())
            self._decide()
            while left and left[0].at <= moment:
                self._say(left.pop(0))

    def _next(self, left: Sequence[Said], asleep: Sequence[Span], end: datetime) -> datetime:
        moments = [each.at for each in left[:1]]
        if due := self._house.due_jobs.next_due():
            moments.append(due)
        first = max(self._house.clock.now(), min(moments, default=end + timedelta(seconds=1)))
        return next((woken for slept, woken in asleep if slept < first <= woken), first)

    def _decide(self) -> None:
        """Now and then in a new process, or in one that ends on the way."""
        fate = self._chance.random()
        if fate < 0.02:
            self._again()
        self._house.crash_after = self._chance.randint(0, 1) if fate > 0.98 else None
        try:
            self._house.decide()
        except Gone:
            self._again()
            self._house.decide()
        self._house.crash_after = None

    def _again(self) -> None:
        self._house.reopen()
        self._changes = JobChanges(self._house.store, self._house.jobs)

    def _say(self, said: Said) -> None:
        action, at = ("snooze", said.until.isoformat()) if said.until else ("done", None)
        if said.left_out:
            action, at = "skip", said.left_out.isoformat()
        try:
            self._changes.carry_out(ChangeJob.model_validate({"job": said.name, "action": action, "at": at}))
        except (Conflict, InvalidInput):
            self.refused.append(said)

    def told(self) -> Iterator[Telling]:
        for firing in self._house.jobs.history("", MOST):
            if firing.outcome is FiringOutcome.FIRED:
                yield firing.job, firing.due_at, firing.at

    def untold(self) -> int:
        announced = (
            event for event in self._house.told if isinstance(event, ActivityLogged) and event.kind == REMINDER
        )
        named = Counter((str(each.details["job"]), str(each.details["due_at"])) for each in announced)
        recorded = Counter((name, due.isoformat()) for name, due, _ in self.told())
        self._house.database.close()
        return ((named - recorded) + (recorded - named)).total()
