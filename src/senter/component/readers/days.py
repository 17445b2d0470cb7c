"""Days and moments of foreign files in words, with the day as ISO behind, so that both are found."""

from __future__ import annotations

import re
from datetime import date, datetime, time

DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d))?")
YEARLY = re.compile(r"--(\d\d)-?(\d\d)")
# Python's names of months follow the language of the process.
MONTH_NAMES = "January February March April May June July August September October November December"
MONTHS = tuple(MONTH_NAMES.split())
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def moment_of(text: str) -> datetime | date | None:
    """From 20261201T103000, 2026-12-01 and the like; none for what is no day."""
    found = DAY.match(text)
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    try:
        found_day = date(int(year), int(month), int(day))
        return datetime.combine(found_day, time(int(hour), int(minute))) if hour else found_day
    except ValueError:
        return None


def day_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def day_in_words(text: str) -> str:
    """A birthday, with or without its year; as it stands where it is no day."""
    if (found := YEARLY.match(text)) and 1 <= int(found[1]) <= 12:
        return f"{int(found[2])} {MONTHS[int(found[1]) - 1]}"
    day = moment_of(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} ({day:%Y-%m-%d})" if day else text


def iso_minute(moment: datetime | date) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else moment.isoformat()
