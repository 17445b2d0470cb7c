"""Questions that set two times against each other: `travel 2025 or 2026`, `is the hotel cheaper now`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from senter.components.assistant.entries import Span, asked_time
from senter.components.assistant.mine.tables.cells import Days
from senter.components.assistant.mine.words import own_words
from senter.sentences import phrase, spoken

A_WEEK = timedelta(days=7)
MOST_BETWEEN = 4
"""Words between the two times: `in april more on fuel than in may`."""


@dataclass(frozen=True, slots=True)
class ComparedTimes:
    """What is compared, and the two times as they are said; one that is not said is whatever was before."""

    about: str
    first: str
    second: str


def times_compared(text: str) -> ComparedTimes | None:
    """None where it does not set two times against each other."""
    words = own_words().figures_over_times
    if not words.comparing.search(text):
        return None
    if found := _two_times(spoken()).search(text):
        about = f"{text[: found.start()]} {found['between']} {text[found.end() :]}"
        return ComparedTimes(words.comparing.sub(" ", about), found["first"], found["second"])
    if found := words.now_alone.search(text):
        return ComparedTimes(f"{text[: found.start()]} {text[found.end() :]}", phrase("now"), phrase("before"))
    return None


def time_of(said: str, now: datetime, zone: ZoneInfo) -> Days | None:
    """The days of one of the two, the last such ones; none for now."""
    if own_words().figures_over_times.now.search(said) or said == phrase("before"):
        return None
    span = next((span for way in (said, f"in {said}") if (span := asked_time(way, now, zone)[0])), None)
    has_year = re.search(r"\b\d{4}\b", said) is not None
    return days_of(passed(span, now, has_year=has_year), zone) if span else None


def passed(span: Span, now: datetime, *, has_year: bool) -> Span:
    """The last such time where one to come was read: `did I ... in October`."""
    if span.start <= now or has_year:
        return span
    if span.start - now <= A_WEEK and span.end - span.start <= A_WEEK:
        return Span(span.start - A_WEEK, span.end - A_WEEK)
    return Span(_a_year_before(span.start), _a_year_before(span.end))


def days_of(span: Span, zone: ZoneInfo) -> Days:
    last = (span.end - timedelta(seconds=1)).astimezone(zone).date()
    return Days(span.start.astimezone(zone).date(), last)


@cache
def _two_times(_language: str) -> re.Pattern[str]:
    words = own_words().figures_over_times
    before = r"(?:\b(?:in|of|for|from|between|on|im|von|vom|zwischen|für)\s+)?"
    first, second = (rf"\b(?P<{name}>{words.time})\b" for name in ("first", "second"))
    between = rf"(?P<between>(?:\S+\s+){{0,{MOST_BETWEEN}}}?)"
    return re.compile(rf"{before}{first},?\s+{between}{words.between}\s+{second}", re.IGNORECASE)


def _a_year_before(moment: datetime) -> datetime:
    leap_day = moment.month == 2 and moment.day == 29
    return moment.replace(year=moment.year - 1, day=28 if leap_day else moment.day)
