"""The times of acts, which are local, as tools take them and as people see them in plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from senter.errors import PlanError
from senter.messages.acts import Act
from senter.moments.dates import MOMENT_TIME
from senter.moments.shown import shown

DAY_CHARACTERS = len("2026-12-14")
END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class ActTimes:
    """When an act is to be, in the zone that its times are in."""

    act: Act
    home: ZoneInfo
    """The user's."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.act.zone) if self.act.zone else self.home

    @property
    def start(self) -> str | None:
        """ISO 8601: a day, or a moment with its offset."""
        return self._exact(self.act.due)

    @property
    def end(self) -> str | None:
        return self._exact(self.act.end)

    @property
    def moment(self) -> datetime | None:
        """The start; of a day the hour at which people are told of things."""
        return self._moment(self.act.due, MOMENT_TIME)

    @property
    def deadline(self) -> datetime | None:
        """The start; of a day its end."""
        return self._moment(self.act.due, END_OF_DAY)

    def words(self) -> str:
        """In full, with the zone: `Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin`."""
        if self.act.due is None:
            return ""
        if is_day(self.act.due):
            last = f" to {_day_words(self.act.end)}" if self.act.end and self.act.end != self.act.due else ""
            return f"{_day_words(self.act.due)}{last}"
        start = shown(_aware(self.act.due, self.zone), self.zone)
        return f"{start}{self._end_words()}, {self.zone.key}"

    def _end_words(self) -> str:
        if self.act.end is None or self.act.due is None:
            return ""
        if is_day(self.act.end):
            return f" to {_day_words(self.act.end)}"
        begins, ends = _aware(self.act.due, self.zone), _aware(self.act.end, self.zone)
        same_day = begins.date() == ends.date()
        return f"-{ends:%H:%M}" if same_day else f" to {shown(ends, self.zone)}"

    def _exact(self, local: str | None) -> str | None:
        if local is None or is_day(local):
            return local
        return _aware(local, self.zone).isoformat()

    def _moment(self, local: str | None, of_day: time) -> datetime | None:
        if local is None:
            return None
        if is_day(local):
            return _in_zone(datetime.combine(date.fromisoformat(local), of_day), self.zone)
        return _aware(local, self.zone)


def is_day(local: str) -> bool:
    """Whether it names a day and no clock time."""
    return len(local) == DAY_CHARACTERS


def _aware(local: str, zone: ZoneInfo) -> datetime:
    """A time that clocks skip goes on through the gap. Raises `PlanError` for what is no time."""
    try:
        found = datetime.fromisoformat(local)
    except ValueError as error:
        raise PlanError(f'Cannot read "{local[:40]}" as a time.', "Say when, such as: tomorrow at 9") from error
    return found.astimezone(zone) if found.tzinfo else _in_zone(found, zone)


def _in_zone(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _day_words(local: str) -> str:
    day = date.fromisoformat(local[:DAY_CHARACTERS])
    midnight = datetime.combine(day, time(), UTC)
    return shown(midnight, ZoneInfo("UTC")).partition(",")[0]
