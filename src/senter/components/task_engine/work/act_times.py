"""The times of acts, which are local, as tools take them and as people see them in plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from senter.errors import PlanError
from senter.messages.acts import Act
from senter.moments.dates import DEADLINE_TIME
from senter.moments.shown import shown_when
from senter.moments.zones import is_zone, zone_named

DAY_CHARACTERS = len("2026-12-14")


@dataclass(frozen=True, slots=True)
class ActTimes:
    """When an act is to be, in the zone that its times are in."""

    act: Act
    home: ZoneInfo
    """The user's."""

    @property
    def zone(self) -> tzinfo:
        return zone_named(self.act.zone) if self.act.zone else self.home

    @property
    def start(self) -> str | None:
        """ISO 8601: a day, or a moment with its offset. Raises `PlanError`."""
        return self._exact(self.act.due)

    @property
    def end(self) -> str | None:
        return self._exact(self.act.end)

    @property
    def deadline(self) -> datetime | None:
        """The start; of a day its end."""
        if self.act.due is None or not is_day(self.act.due):
            return self._moment(self.act.due)
        return _in_zone(datetime.combine(date.fromisoformat(self.act.due), DEADLINE_TIME), self.zone)

    def words(self) -> str:
        """In full, with the zone: `Mon 14 Dec 2026, 10:30-11:30, Europe/Berlin`; empty where no time is said."""
        begins, ends = self._part(self.act.due), self._part(self.act.end)
        if begins is None:
            return ""
        shown_in = ZoneInfo(self.act.zone) if is_zone(self.act.zone) else self.home
        return shown_when(begins, shown_in, ends)

    def _exact(self, local: str | None) -> str | None:
        found = self._part(local)
        return found.isoformat() if found else None

    def _part(self, local: str | None) -> date | datetime | None:
        if local is not None and is_day(local):
            return date.fromisoformat(local)
        return self._moment(local)

    def _moment(self, local: str | None) -> datetime | None:
        """A time that clocks skip goes on through the gap. Raises `PlanError` for what is no time."""
        if local is None:
            return None
        try:
            found = datetime.fromisoformat(local)
        except ValueError as error:
            raise PlanError(f'Cannot read "{local[:40]}" as a time.', "Say when, such as: tomorrow at 9") from error
        return found if found.tzinfo else _in_zone(found, self.zone)


def is_day(local: str) -> bool:
    """Whether it names a day and no clock time."""
    return len(local) == DAY_CHARACTERS


def _in_zone(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
