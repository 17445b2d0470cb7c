"""One moment in words: `friday`, `tomorrow 9:00`, `in 2 hours`, `24.12.`.

The conventions, which hold wherever a person gives a moment:

- Words of the language that is spoken, else of another that there are words of; ISO 8601; and the day before the
  month in `24.12.` and `1/2/2027`, unless there is no such month. Every word counts: a text of which a part says
  nothing, or contradicts the rest, is refused; so is a range, and what comes again.
- The next one is meant: `friday` is the first Friday after today, `9:00` the next nine o'clock, `24.12.` the
  next 24 December, today included. What is not in the future is refused.
- A day without a time is 23:59 as a deadline and 09:00 as a moment (`day_means`); `next week` and `in 2 days` are
  days too. A month or a year alone is its last day as a deadline, its first as a moment. `tonight` is 23:59 or 20:00.
- `in 2 hours` is that much time from now, whatever clocks do in between.
- Words are read in the user's zone. A time that clocks skip counts on from before the gap (02:30 becomes 03:30
  where an hour is skipped); one that comes twice is the first of the two that is still to come.

Returned moments are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from senter.errors import InvalidInput
from senter.moments.days import EdgeOf
from senter.moments.finding import is_all_read, read, resolve_all
from senter.moments.reading import TimeReading
from senter.moments.shown import shown
from senter.moments.slots import Slots
from senter.moments.when import When
from senter.moments.words import words_of
from senter.moments.zones import in_utc
from senter.sentences import LANGUAGES, speaking, spoken
from senter.text import one_line

DayMeans = Literal["deadline", "moment"]
T = TypeVar("T")

DEADLINE_TIME = time(23, 59)
MOMENT_TIME = time(9, 0)
LONGEST_TEXT = 100
FURTHEST = timedelta(days=36_600)
EXAMPLES = "Say it like: friday, tomorrow 9:00, in 2 hours, next monday, 2026-12-24, 24.12."


def parse_moment(text: str, now: datetime, zone: ZoneInfo, *, day_means: DayMeans = "deadline") -> datetime:
    """The moment that `text` names, in UTC. `now` is aware. Raises `InvalidInput` with a sentence."""
    found = _in_any_language(lambda: _parsed(text, now, zone, day_means))
    assert found  # else it was refused
    return found


def _in_any_language(parsed: Callable[[], T | None]) -> T | None:
    """In the language that is spoken; where it says nothing so, in another. Raises what the first one raises."""
    refused: InvalidInput | None = None
    for language in dict.fromkeys((spoken(), *LANGUAGES)):
        try:
            with speaking(language):
                found = parsed()
        except InvalidInput as error:
            refused = refused or error
        else:
            if found is not None:
                return found
    if refused:
        raise refused
    return None


def _parsed(text: str, now: datetime, zone: ZoneInfo, day_means: DayMeans) -> datetime:
    words = " ".join(text.split())
    if not words or len(words) > LONGEST_TEXT or not words.isprintable():
        raise _not_understood(text)
    reading = read(words, is_whole=True)
    clock = DEADLINE_TIME if day_means == "deadline" else MOMENT_TIME
    when, said = resolve_all(reading, now, zone, clock)
    _check(text, when, reading)
    moment = _moment(when, said, now, zone, day_means)
    if moment is None or moment - now > FURTHEST:
        raise _not_understood(text)
    if moment <= now:
        raise InvalidInput(f'"{one_line(text)}" is not in the future: it means {shown(moment, zone)}.', EXAMPLES)
    return moment


def parse_again(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    """How it comes again in these words; none where they say no such thing. `now` is aware. Raises `InvalidInput`."""
    return _in_any_language(lambda: _parsed_again(text, now, zone))


def _parsed_again(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    words = " ".join(text.split())
    reading = read(words[: LONGEST_TEXT + 1], is_whole=True)
    when, _ = resolve_all(reading, now, zone, MOMENT_TIME)
    if when.recurrence is None:
        return None
    is_whole = len(words) <= LONGEST_TEXT and is_all_read(when, reading)
    if when.problem or when.unread or when.also or when.length or not is_whole:
        raise _not_understood(text, when.problem)
    return when


def _check(text: str, when: When, reading: TimeReading) -> None:
    """That it says one moment, with each of its words."""
    if when.problem:
        raise _not_understood(text, when.problem)
    if when.recurrence:
        again = "it comes again. Give one moment here, or add a job with: senter schedule add"
        raise InvalidInput(f'"{one_line(text)}" is more than one moment: {again}', EXAMPLES)
    if when.end is not None and when.period in ("", "range"):
        raise InvalidInput(f'"{one_line(text)}" is a range. Give the moment at which it begins.', EXAMPLES)
    if when.unread or when.also or when.offset or when.length or not is_all_read(when, reading):
        raise _not_understood(text)


def _moment(when: When, said: Slots, now: datetime, zone: ZoneInfo, day_means: DayMeans) -> datetime | None:
    is_deadline = day_means == "deadline"
    if when.part == "tonight" and not said.clocks and is_deadline:
        return in_utc(datetime.combine(now.astimezone(zone).date(), DEADLINE_TIME), now, zone)
    if when.period:
        day = _day_of_period(when, now.astimezone(zone).date(), is_deadline)
    elif isinstance(when.start, datetime):
        is_end = said.end_of_day or (isinstance(said.day, EdgeOf) and said.day.edge == "end")
        if not (is_end and not said.clocks):
            return when.start.astimezone(UTC)
        day = when.start.date()
        return in_utc(datetime.combine(day, DEADLINE_TIME), now, zone)
    else:
        day = when.start
    if day is None:
        return None
    clock = DEADLINE_TIME if is_deadline or said.end_of_day else MOMENT_TIME
    return in_utc(datetime.combine(day, clock), now, zone)


def _day_of_period(when: When, today: date, is_deadline: bool) -> date | None:
    """A month or year begins as a moment; a week or weekend is the day it is due on."""
    if not is_deadline and when.period in ("month", "year") and when.start is not None and when.start > today:
        return when.start
    return when.due


def _not_understood(text: str, problem: str = "") -> InvalidInput:
    message = f'Cannot read "{one_line(text, LONGEST_TEXT)}" as a time.'
    is_clock = problem.endswith(words_of(spoken()).problems["no_clock"].partition("}")[2])
    return InvalidInput(problem if is_clock else f"{problem} {message}".strip(), EXAMPLES)
