"""Reminders worked out the plain way, from what clocks show minute by minute; nothing of Senter's is asked.

What it goes by is what docs/reminders.md says: a time that clocks skip is told when they have jumped (cron), or as long
after the jump as it lay behind its beginning (RRULE); one that comes twice is told the first time. What was missed is
told once, for the first time that was missed. A snooze is told once at its time, or with its series where both are told
at one moment. What is left out on a day is not told on it, and counts where it comes so many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Span = tuple[datetime, datetime]
Telling = tuple[str, datetime, datetime]
"""Which reminder, for which time, and when it was told."""


@dataclass(frozen=True)
class PlainReminder:
    """A reminder as a person asks for it, and what that means."""

    name: str
    asked: dict[str, object]
    is_on: Callable[[date], bool] | None = None
    """On which days, by the clocks of the zone; none where it comes by real time or once."""
    at: time = time()
    jumps: bool = True
    """Whether a time that is skipped is told as soon as clocks have jumped."""
    most: int = 10_000
    """How often, from its first day on, whether or not that is over."""
    every: timedelta | None = None
    """By real time; none where it comes on days, or once."""
    once: datetime | None = None


@dataclass(frozen=True)
class Said:
    """What a person does with one."""

    at: datetime
    name: str
    until: datetime | None
    """When it is to be told again; none where it is done, or left out."""
    left_out: date | None = None
    """The day on which it is not to be told."""


@dataclass
class _Standing:
    due: list[datetime]
    comes_once: bool = False
    is_open: bool = False
    was_told: bool = False
    snoozed: datetime | None = None


@dataclass
class PlainLife:
    """What is to be told, and which words of the person do nothing."""

    told: list[Telling] = field(default_factory=list[Telling])
    refused: list[Said] = field(default_factory=list[Said])


@dataclass(frozen=True)
class LocalMinutes:
    """When clocks show the times that are asked for."""

    first: dict[datetime, datetime]
    jumps: list[tuple[datetime, datetime, datetime]]
    """The moment of each, what clocks showed a minute before, and what they show then."""

    def moment(self, local: datetime, *, jumps: bool) -> datetime:
        if local in self.first:
            return self.first[local]
        jump, before, _ = next(each for each in self.jumps if each[1] < local < each[2])
        return jump if jumps else jump + (local - before - MINUTE)


def local_minutes(zone: ZoneInfo, begin: datetime, end: datetime, times: set[time]) -> LocalMinutes:
    """Every minute is looked at."""
    found, before, moment = LocalMinutes({}, []), None, begin.replace(second=0)
    while moment <= end:
        local = moment.astimezone(zone).replace(tzinfo=None, fold=0)
        if before is not None and local - before > MINUTE:
            found.jumps.append((moment, before, local))
        if local.time() in times:
            found.first.setdefault(local, moment)
        before, moment = local, moment + MINUTE
    return found


def series(reminder: PlainReminder, minutes: LocalMinutes, zone: ZoneInfo, span: Span) -> list[datetime]:
    """When it is due after the beginning, until the end."""
    begin, end = span
    if reminder.once:
        return [reminder.once]
    if reminder.every:
        return [begin + reminder.every * number for number in range(1, int((end - begin) / reminder.every) + 1)]
    day, last, due = begin.astimezone(zone).date() - DAY, end.astimezone(zone).date(), list[datetime]()
    while day < last:
        day += DAY
        if reminder.is_on and reminder.is_on(day):
            due.append(minutes.moment(datetime.combine(day, reminder.at), jumps=reminder.jumps))
    return [moment for moment in due[: reminder.most] if begin < moment <= end]


def plain_life(
    reminders: Sequence[PlainReminder], said: Sequence[Said], asleep: Sequence[Span], zone: ZoneInfo, span: Span
) -> PlainLife:
    """The whole time, moment by moment, while the machine is awake."""
    begin, end = span
    minutes = local_minutes(zone, begin - 2 * DAY, end + 2 * DAY, {each.at for each in reminders if each.is_on})
    standing = {each.name: _Standing(series(each, minutes, zone, span), bool(each.once)) for each in reminders}
    words, life, now = sorted(said, key=lambda each: each.at), PlainLife(), begin
    while (moment := _next(standing, words, now, asleep)) is not None and moment <= end:
        now = moment
        for name, one in standing.items():
            _tell(life, name, one, now)
        while words and words[0].at <= now:
            _say(life, standing, words.pop(0), zone)
    return life


def _next(
    standing: dict[str, _Standing], words: Sequence[Said], now: datetime, asleep: Sequence[Span]
) -> datetime | None:
    """The next moment at which something is to be told or said; what comes while the machine sleeps, when it wakes."""
    moments = [each.at for each in words[:1]]
    for one in standing.values():
        moments += [one.due[0]] if one.due else []
        moments += [one.snoozed] if one.snoozed else []
    if not moments:
        return None
    first = max(now, min(moments))
    return next((woken for slept, woken in asleep if slept < first <= woken), first)


def _tell(life: PlainLife, name: str, one: _Standing, now: datetime) -> None:
    due = [moment for moment in one.due if moment <= now]
    if due:
        one.due = one.due[len(due) :]
        life.told.append((name, due[0], now))
    elif one.snoozed and one.snoozed <= now:
        life.told.append((name, one.snoozed, now))
    else:
        return
    one.is_open = one.was_told = True
    if one.snoozed and one.snoozed <= now:
        one.snoozed = None


def _say(life: PlainLife, standing: dict[str, _Standing], said: Said, zone: ZoneInfo) -> None:
    one = standing[said.name]
    if said.left_out:
        left = [moment for moment in one.due if moment.astimezone(zone).date() != said.left_out]
        if one.comes_once or len(left) == len(one.due):
            life.refused.append(said)
        else:
            one.due = left
    elif not (one.was_told if said.until else one.is_open):
        life.refused.append(said)
    elif said.until:
        one.is_open, one.snoozed = True, said.until
    else:
        one.is_open, one.snoozed = False, None


def reminders_of_the_year(zone: ZoneInfo, begin: datetime) -> Iterator[PlainReminder]:
    """Of every kind that people set, and about the hours at which clocks jump."""
    first = begin.astimezone(zone).date()

    def rule(text: str, at: time, name: str, is_on: Callable[[date], bool], most: int = 10_000) -> PlainReminder:
        asked: dict[str, object] = {"recurrence": f"RRULE:{text}", "at": datetime.combine(first, at).isoformat()}
        return PlainReminder(name, asked, is_on, at, jumps=False, most=most)

    def each_day(_: date) -> bool:
        return True

    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    last_day = first + timedelta(days=120)
    yield PlainReminder("pills", {"cron": "0 8 * * *"}, each_day, time(8))
    yield PlainReminder("stretch", {"when": "every weekday at 7:30"}, lambda day: day.weekday() < 5, time(7, 30))
    yield PlainReminder("mom", {"when": "every sunday at 10"}, lambda day: day.weekday() == 6, time(10))
    yield PlainReminder(
        "bins",
        {"recurrence": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "at": f"{thursday}T18:00"},
        lambda day: day >= thursday and (day - thursday).days % 14 == 0,
        time(18),
        jumps=False,
    )
    yield PlainReminder("rent", {"cron": "0 9 31 * *"}, lambda day: day.day == 31, time(9))
    yield rule("FREQ=MONTHLY;BYDAY=-1FR", time(16), "report", lambda day: _is_last(day) and day.weekday() == 4)
    yield rule("FREQ=MONTHLY;BYDAY=1MO", time(9), "books", lambda day: day.weekday() == 0 and day.day <= 7)
    yield rule("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12", time(9), "birthday", lambda day: (day.month, day.day) == (3, 12))
    leap: dict[str, object] = {"when": "29 february every year"}
    yield PlainReminder("leap", leap, lambda day: day.month == 2 and (day + DAY).month == 3, time(9), jumps=False)
    yield PlainReminder("skipped", {"cron": "30 2 * * *"}, each_day, time(2, 30))
    yield rule("FREQ=DAILY", time(2, 15), "skipped too", each_day)
    yield PlainReminder("twice", {"cron": "30 1 * * *"}, each_day, time(1, 30))
    yield rule("FREQ=DAILY", time(1, 45), "twice too", each_day)
    yield PlainReminder("water", {"every_seconds": 36 * 3_600}, every=timedelta(hours=36))
    yield PlainReminder("course", {"cron": "0 20 * * *", "until": f"{last_day}"}, lambda day: day <= last_day, time(20))
    yield rule("FREQ=DAILY;COUNT=10", time(12), "ten", each_day, most=10)
    for number, days in enumerate((0.2, 3.71, 60.5, 200.03, 333.3)):
        moment = begin + timedelta(seconds=round(days * 86_400))
        yield PlainReminder(f"once {number}", {"at": moment.isoformat()}, once=moment)
    yield PlainReminder("timer", {"in_seconds": 754}, once=begin + timedelta(seconds=754))


def _is_last(day: date) -> bool:
    """Whether no such day of the week comes after it in its month."""
    return (day + timedelta(days=7)).month != day.month
