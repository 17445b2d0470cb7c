"""Local days and quiet hours, as spans of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from senter.errors import InvalidInput


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
        known = {"today": today, "yesterday": today - timedelta(days=1)}
        if (word := text.strip().lower()) in known:
            return known[word]
        if word == "tomorrow":
            word = (today + timedelta(days=1)).isoformat()
        try:
            day = date.fromisoformat(word)
            self.span(day)
        except (ValueError, OverflowError):
            hint = "Say today, yesterday, or a date such as 2026-03-01."
            raise InvalidInput(f"Cannot read {text!r} as a day.", hint) from None
        if day > today:
            raise InvalidInput(f"{day} has not come yet.", 'For days to come ask: senter ask "What is on tomorrow?"')
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
