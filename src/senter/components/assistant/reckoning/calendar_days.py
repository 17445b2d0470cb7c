"""Facts of the calendar and of clocks elsewhere: what day it is, how long until another, how old somebody is."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import asked_time
from senter.components.assistant.reckoning.wording import FactWords, fact_words, zone_at
from senter.moments.shown import shown_day, shown_when

Found = re.Match[str]
DAYS_OF_WEEK = 7


def days_told(bare: str, now: datetime, zone: ZoneInfo) -> str:
    """The answer to a question about days that names nothing of the user's, as a sentence; else empty."""
    asking = _Asking(fact_words(), now, zone)
    return next(asking.answers(bare), "")


class _Asking:
    """One question, said now."""

    def __init__(self, words: FactWords, now: datetime, zone: ZoneInfo) -> None:
        self._words = words
        self._now = now
        self._zone = zone
        self._today = now.astimezone(zone).date()
        self._by_name: dict[str, Callable[[Found], str]] = {
            "weekday": self._weekday,
            "clock": self._clock,
            "leap": self._leap,
            "week": self._week,
            "age": self._age,
            "until": self._until,
            "between": self._between,
            "since": self._since,
            "day": self._day,
        }

    def answers(self, bare: str) -> Iterator[str]:
        for name, answer in self._by_name.items():
            for pattern in self._words.days[name]:
                if (found := pattern.fullmatch(bare)) and (told := answer(found)):
                    yield told

    def _read(self, said: str) -> date | None:
        """The first day of what is nothing but a time."""
        for text in (said, f"{self._words.file.days.by}{said}"):
            span, rest = asked_time(text, self._now, self._zone)
            if span and not rest.strip(" ,."):
                return span.start.astimezone(self._zone).date()
        return None

    def _passed(self, said: str) -> date | None:
        """The last such day, where one to come was read and no year is named."""
        day = self._read(said)
        if not day or day <= self._today or re.search(r"\d{4}", said):
            return day
        return _in_year(day, day.year - 1)

    def _say(self, name: str, **values: object) -> str:
        return self._words.say(name, **values)

    def _day(self, found: Found) -> str:
        day = self._read(found["when"])
        return self._say("day_was" if day < self._today else "day", day=shown_day(day)) if day else ""

    def _weekday(self, found: Found) -> str:
        day, named = self._read(found["when"]), self._words.file.days.weekdays
        if not day or found["weekday"] not in named:
            return ""
        is_so = day.weekday() == named.index(found["weekday"])
        return self._say("weekday_yes" if is_so else "weekday_no", day=shown_day(day))

    def _until(self, found: Found) -> str:
        day = self._read(found["when"])
        if not day:
            return ""
        count, shown = (day - self._today).days, shown_day(day)
        if count < 0:
            return self._say("is_past", count=-count, day=shown)
        if count < 2:
            return self._say("until_one", day=shown) if count else self._say("until_today")
        weeks, days = divmod(count, DAYS_OF_WEEK)
        name = "until_days" if count < 2 * DAYS_OF_WEEK else "until_weeks_and" if days else "until_weeks"
        return self._say(name, count=count, weeks=weeks, days=days, day=shown)

    def _since(self, found: Found) -> str:
        day = self._passed(found["when"])
        if not day:
            return ""
        count = (self._today - day).days
        return self._say("since" if count >= 0 else "is_ahead", count=abs(count), day=shown_day(day))

    def _between(self, found: Found) -> str:
        first, last = self._read(found["when"]), self._read(found["other"])
        if not first or not last:
            return ""
        first, last = min(first, last), max(first, last)
        return self._say("between", count=(last - first).days, day=shown_day(first), other=shown_day(last))

    def _week(self, found: Found) -> str:
        said = found.groupdict().get("when")
        day = self._read(said) if said else self._today
        if not day:
            return ""
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return self._say(
            "week", week=week, year=year, first=shown_day(monday), last=shown_day(monday + timedelta(days=6))
        )

    def _age(self, found: Found) -> str:
        said = found["when"]
        if re.fullmatch(r"\d{4}", said):
            years = self._today.year - int(said)
            return self._say("age_year", years=years, less=years - 1) if years > 0 else ""
        day = self._passed(said) if re.search(r"\d{4}", said) else None
        if not day:
            return ""
        if day > self._today:
            return self._say("unborn", day=shown_day(day))
        years = self._today.year - day.year - ((self._today.month, self._today.day) < (day.month, day.day))
        birthday = _in_year(day, day.year + years + 1)
        return self._say("age", years=years, day=shown_day(day), next=shown_day(birthday))

    def _clock(self, found: Found) -> str:
        place = found["place"].strip()
        zone = zone_at(place)
        return self._say("clock", place=place.title(), when=shown_when(self._now, ZoneInfo(zone))) if zone else ""

    def _leap(self, found: Found) -> str:
        year = int(found["year"])
        return self._say("leap_yes" if isleap(year) else "leap_no", year=year)


def _in_year(day: date, year: int) -> date:
    """The same day of that year; of 29 February the next day where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
