"""Cron expressions in a time zone: what is wrong with one, and when it fires next.

cronsim reads the fields and walks the calendar of a clock that never jumps; what zones do to it is decided here,
as Debian's cron does:

- Where minute or hour begins with `*`, real time counts: every real minute whose local time matches.
- Otherwise each matching local time counts once: one that comes twice fires the first time, one that is skipped
  fires when clocks have jumped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from cronsim.cronsim import Field

from senter.errors import InvalidInput

FIELDS = (
    (Field.MINUTE, "minute", "0-59", 60),
    (Field.HOUR, "hour", "0-23", 24),
    (Field.DAY, "day of the month", "1-31 or L", 31),
    (Field.MONTH, "month", "1-12 or jan-dec", 12),
    (Field.DOW, "day of the week", "0-7 or sun-sat, where 0 and 7 are Sunday", 7),
)
EXAMPLE = 'Five fields: minute hour day month weekday, such as "0 8 * * mon-fri" or "*/15 * * * *".'
LONGEST_EXPRESSION = 200
MINUTE = timedelta(minutes=1)
# Longer than any jump of a zone's clock lasts.
NEAR = timedelta(hours=4)
ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - a local time of no zone


@dataclass(frozen=True, slots=True)
class Cron:
    """Made by `parse_cron`."""

    expression: str
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after `moment`, in UTC; none when there is none for 50 years."""
        start = moment.astimezone(UTC)
        minute, hour, *_ = self.expression.split()
        return self._real_time(start) if minute.startswith("*") or hour.startswith("*") else self._local_times(start)

    def _local_times(self, start: datetime) -> datetime | None:
        for local in self._matches(_local(start, self.zone)):
            moment = self._once(local)
            if moment > start:
                return moment
        return None

    def _once(self, local: datetime) -> datetime:
        """The first moment that shows this local time, or the first one after the gap it falls into."""
        while not (shown := _moments(local, self.zone)):
            local += MINUTE
        return shown[0]

    def _real_time(self, start: datetime) -> datetime | None:
        if _offset(start, self.zone) != _offset(start + NEAR, self.zone):
            if found := self._minute_by_minute(start):
                return found
            start += NEAR
        for local in self._matches(_local(start, self.zone)):
            for moment in _moments(local, self.zone):
                if moment > start:
                    return moment
        return None

    def _minute_by_minute(self, start: datetime) -> datetime | None:
        sim = CronSim(self.expression, ANY_DAY)
        moment, end = start.replace(second=0, microsecond=0) + MINUTE, start + NEAR
        while moment <= end:
            local = _local(moment, self.zone)
            if (
                local.minute in sim.minutes
                and local.hour in sim.hours
                and local.month in sim.months
                and sim.match_day(local.date())
            ):
                return moment
            moment += MINUTE
        return None

    def _matches(self, after: datetime) -> Iterator[datetime]:
        """Matching times of a clock that never jumps, after the one given."""
        return iter(CronSim(self.expression, after))


def parse_cron(expression: str, zone: ZoneInfo, now: datetime) -> Cron:
    """Raises `InvalidInput` that says which field is wrong, or that it never fires."""
    words = " ".join(expression.split())
    if len(words) > LONGEST_EXPRESSION or not words.isascii():
        raise InvalidInput("Cannot read this as a cron expression.", EXAMPLE)
    fields = words.split()
    if len(fields) != len(FIELDS):
        count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
        raise InvalidInput(f'The cron expression "{words}" has {count}; it takes five.', EXAMPLE)
    for (field, name, takes, count), text in zip(FIELDS, fields, strict=True):
        wrong = f'The {name} "{text}" of the cron expression "{words}" is wrong'
        try:
            field.parse(text.upper())
        except (CronSimError, ValueError) as error:
            upwards = "; a range goes up: fri-sat,sun-mon and not fri-mon" if "-" in text else ""
            raise InvalidInput(f"{wrong}: it takes {takes}{upwards}.", EXAMPLE) from error
        if _longest_step(text) > count:
            raise InvalidInput(f"{wrong}: a step is at most {count}.", EXAMPLE)
    cron = Cron(words, zone)
    try:
        fires = cron.next_after(now)
    except CronSimError:
        fires = None
    if fires is None:
        raise InvalidInput(f'The cron expression "{words}" never fires: no month has that day.', EXAMPLE)
    return cron


def _longest_step(text: str) -> int:
    return max((int(part.partition("/")[2]) for part in text.split(",") if "/" in part), default=0)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _moments(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments at which clocks show this: one, two, or none where they jump over it."""
    found = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if _local(moment, zone) == local)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
