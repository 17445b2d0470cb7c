"""A year of jobs worked out the plain way: every minute of it looked at, in UTC, and nothing of Senter's asked.

What it says about clocks that jump is what docs/scheduling.md says: where minute or hour begins with `*`, every real
minute counts whose local time matches; otherwise each local time counts once, and one that is skipped comes when
clocks have jumped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
MOST_MISSED = 100
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class PlainJob:
    """A job as a person asks for it, with what befalls it."""

    name: str
    asked: dict[str, object]
    misfire: str = "run_once"
    grace_seconds: float = 60
    overlap: bool = True
    paused: tuple[Span, ...] = ()
    removed: datetime | None = None

    @property
    def command(self) -> dict[str, object]:
        policy = {"misfire": self.misfire, "grace_seconds": self.grace_seconds, "overlap": self.overlap}
        return {"request_id": f"add {self.name}", "name": self.name, "payload": {"goal": "g"}, **policy, **self.asked}


def numbers(text: str, low: int, high: int, names: dict[str, int]) -> set[int]:
    """The values of one field."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        begin, _, end = span.partition("-")
        first = low if begin == "*" else names.get(begin) if begin in names else int(begin)
        last = high if begin == "*" else names.get(end, first) if not end.isdecimal() else int(end)
        assert first is not None
        assert last is not None
        found.update(range(first, last + 1, int(step or 1)))
    return found


class PlainCron:
    """One expression, field by field."""

    def __init__(self, expression: str) -> None:
        minute, hour, day, month, weekday = expression.split()
        self.real = minute.startswith("*") or hour.startswith("*")
        self.times = [(h, m) for h in numbers(hour, 0, 23, {}) for m in numbers(minute, 0, 59, {})]
        self._days, self._months = numbers(day, 1, 31, {}), numbers(month, 1, 12, MONTHS)
        self._weekdays = {number % 7 for number in numbers(weekday, 0, 7, DAYS)}
        self._either = not day.startswith("*") and not weekday.startswith("*")

    def has_day(self, local: datetime) -> bool:
        by_day, by_weekday = local.day in self._days, local.isoweekday() % 7 in self._weekdays
        return local.month in self._months and (by_day or by_weekday if self._either else by_day and by_weekday)


def cron_times(expressions: Sequence[str], zone: ZoneInfo, begin: datetime, end: datetime) -> dict[str, list[datetime]]:
    """When each of them comes after `begin` until `end`."""
    table: dict[tuple[int, int], list[tuple[str, PlainCron]]] = defaultdict(list)
    for expression in set(expressions):
        cron = PlainCron(expression)
        for time in cron.times:
            table[time].append((expression, cron))
    found: dict[str, list[datetime]] = {expression: [] for expression in expressions}
    seen: dict[str, set[datetime]] = defaultdict(set)
    for moment, local, skipped in minutes(zone, begin - timedelta(hours=5), end):
        for shown in (*skipped, local):
            for expression, cron in table.get((shown.hour, shown.minute), ()):
                fires = shown == local if cron.real else shown not in seen[expression]
                if fires and cron.has_day(shown) and moment not in found[expression][-1:]:
                    found[expression].append(moment)
                seen[expression].add(shown)
    return {name: [moment for moment in moments if moment > begin] for name, moments in found.items()}


def minutes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, list[datetime]]]:
    """Every minute: the moment, what clocks show, and what they skipped just before. Clocks jump on quarters only."""
    offset, before, moment = timedelta(), None, begin
    while moment <= end:
        if moment.minute % 15 == 0 or before is None:
            offset = moment.astimezone(zone).utcoffset() or timedelta()
        local = (moment + offset).replace(tzinfo=None)
        gap = (local - before) // MINUTE if before else 1
        yield moment, local, [before + MINUTE * step for step in range(1, gap)] if before and gap > 1 else []
        before, moment = local, moment + MINUTE


def due_times(jobs: Sequence[PlainJob], begin: datetime, end: datetime) -> dict[str, list[datetime]]:
    """When each job is due in a year in which nothing befalls it."""
    due: dict[str, list[datetime]] = {}
    for zone in {str(job.asked["zone"]) for job in jobs if "cron" in job.asked}:
        crons = [job for job in jobs if job.asked.get("zone") == zone]
        times = cron_times([str(job.asked["cron"]) for job in crons], ZoneInfo(zone), begin, end)
        due |= {job.name: times[str(job.asked["cron"])] for job in crons}
    for job in jobs:
        if "every_seconds" in job.asked:
            step = timedelta(seconds=float(str(job.asked["every_seconds"])))
            due[job.name] = [begin + step * number for number in range(1, (end - begin) // step + 1)]
        elif "at" in job.asked:
            due[job.name] = [datetime.fromisoformat(str(job.asked["at"])).astimezone(UTC)]
    return due


def lines(job: PlainJob, due: Sequence[datetime], down: Sequence[Span]) -> list[tuple[str, datetime]]:
    """What must be on record of a job: each outcome with its due time, in order."""
    left = [moment for moment in due if not job.removed or moment < job.removed]
    passed = [[moment for moment in left if begin < moment <= end] for begin, end in job.paused]
    left = [moment for moment in left if not any(moment in times for times in passed)]
    found = [("fired", moment) for moment in left if not any(begin < moment <= end for begin, end in down)]
    found += [("skipped", times[0]) for times in passed if times]
    for begin, end in down:
        found += _after(job, [moment for moment in left if begin < moment <= end], end)
    return sorted(found, key=lambda line: line[1])


def _after(job: PlainJob, due: Sequence[datetime], up: datetime) -> list[tuple[str, datetime]]:
    """What becomes of times that came while Senter was down until `up`."""
    missed = [moment for moment in due if up - moment > timedelta(seconds=job.grace_seconds)]
    if job.misfire == "skip":
        return [("skipped", moment) for moment in missed[:1]] + [("fired", moment) for moment in due[len(missed) :]]
    if not missed or (job.misfire == "run_all" and len(due) <= MOST_MISSED):
        return [("fired", moment) for moment in due]
    more = [("skipped", missed[0])] if len(due) > 1 else []
    return [("fired", missed[0]), *more]
