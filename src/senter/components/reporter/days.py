"""Local days and quiet hours, as spans of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.errors import InvalidInput
from senter.moments.names import cannot_read, day_named
from senter.moments.shown import shown_day


class LocalDays:
    """The days of the user's zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def span(self, day: date) -> tuple[datetime, datetime]:
        """When the day begins and ends there; it has 23 or 25 hours when clocks are changed."""
        return self._midnight(day), self._midnight(day + timedelta(days=1))

    def named(self, text: str, now: datetime) -> date:
        """The day of `today`, `yesterday` or YYYY-MM-DD. Raises `InvalidInput`."""
        today = self.of(now)
        day = day_named(text, today) or self._dated(text)
        if day > today:
            raise InvalidInput(
                f"{shown_day(day)} has not come yet.", 'For days to come ask: senter ask "What is on tomorrow?"'
            )
        return day

    def _dated(self, text: str) -> date:
        try:
            day = date.fromisoformat(text.strip())
            self.span(day)
        except (ValueError, OverflowError):
            hint = "Say today, yesterday, or a date such as 2026-03-01."
            raise InvalidInput(cannot_read(text, "day"), hint) from None
        return day

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


class QuietHours:
    """From one local time to another, past midnight where the second is earlier; none where one is missing."""

    def __init__(self, quiet_from: str, quiet_to: str, zone: ZoneInfo) -> None:
        self._zone = zone
        given = quiet_from and quiet_to and quiet_from != quiet_to
        self._span = (time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)) if given else None

    def at(self, moment: datetime) -> bool:
        if self._span is None:
            return False
        begin, end = self._span
        now = moment.astimezone(self._zone).time()
        return begin <= now < end if begin < end else now >= begin or now < end
