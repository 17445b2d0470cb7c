"""What comes each year so many days before a day: `every year a week before 3 March`. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from senter.moments.calendar_arithmetic import days_before
from senter.moments.when import When

MOST_DAYS = 27
YEARLY_RULE = re.compile(r"RRULE:FREQ=YEARLY;BYMONTH=(?P<month>\d+);BYMONTHDAY=(?P<day>\d+)")
YEARLY_CRON = re.compile(r"\d+ \d+ (?P<day>\d+) (?P<month>\d+) \*")
LEAP_DAY = (2, 29)


def each_year_before(when: When, now: datetime) -> When:
    """The same with its days before counted off, where it is one day of each year; else as it was."""
    rule = when.recurrence or ""
    found = YEARLY_RULE.fullmatch(rule) or YEARLY_CRON.fullmatch(rule)
    days = -when.offset // timedelta(days=1) if when.offset else 0
    if found is None or when.start is None or not 0 < days <= MOST_DAYS or when.offset != timedelta(days=-days):
        return when
    month, day = int(found["month"]), int(found["day"])
    if (month, day) == LEAP_DAY:
        return when
    before = days_before(month, day, days)
    first = when.start - timedelta(days=days)
    if _is_over(first, now):
        next_year = when.start.replace(year=when.start.year + 1)
        first = next_year - timedelta(days=days)
    moved = "RRULE:FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format(*before)
    return replace(when, start=first, due=first, recurrence=moved, offset=None)


def _is_over(first: date | datetime, now: datetime) -> bool:
    return first <= now if isinstance(first, datetime) else first < now.date()
