"""Times that come again, as an RRULE of RFC 5545: read and worked out on the clock of a zone.

A recurrence goes by what clocks show. A time that clocks skip is the moment at which they have jumped on, one that
comes twice is the first of the two. The first time is part of the recurrence only where the rule has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from senter.errors import InvalidInput
from senter.moments.rule_words import PREFIX, rule_in_words

if TYPE_CHECKING:
    from dateutil.rrule import rrule

__all__ = ["PREFIX", "check_rule", "is_rrule", "next_after", "rule_in_words"]

EXAMPLE = "Say it like: RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"
TOO_OFTEN = ("SECONDLY",)
_SHAPE = re.compile(r"[A-Z]+=[A-Z0-9,+:-]+(?:;[A-Z]+=[A-Z0-9,+:-]+){0,15}")
_NEVER = re.compile(r"BYMONTH=2;.*BYMONTHDAY=3[01](?![\d,])|BYMONTHDAY=3[01];.*BYMONTH=2(?![\d,])")
_SECONDS_ONLY = re.compile(r"BYSECOND=0(?![\d,])")
_STEPS = {
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
DAY = timedelta(days=1)
LONGEST_INTERVAL = 100_000


def is_rrule(rule: str) -> bool:
    """Whether it is an RRULE and not five fields of cron."""
    return rule.upper().startswith(PREFIX)


def next_after(rule: str, moment: datetime, zone: ZoneInfo, *, first: datetime) -> datetime | None:
    """The first time after `moment`, in UTC; none where there is no more. `first` is the first time, local to the
    zone. Raises `InvalidInput`."""
    local_now = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    for local in _times(_parsed(rule, _nearer(rule, first, local_now)), local_now - DAY):
        found = local.replace(tzinfo=zone).astimezone(UTC)
        if found > moment:
            return found
    return None


def check_rule(rule: str, first: datetime) -> str:
    """The rule as it is kept. Raises `InvalidInput` for one that cannot be read, or comes too often or never."""
    text = PREFIX + rule[len(PREFIX) :].upper().strip().strip(";")
    if next(_times(_parsed(text, first), first.replace(tzinfo=None) - DAY), None) is None:
        raise InvalidInput(f'The recurrence "{text}" never comes.', EXAMPLE)
    return text


def _parsed(rule: str, first: datetime) -> rrule:
    from dateutil.rrule import rrule, rrulestr  # costs 15 ms, and few jobs have one

    text = rule[len(PREFIX) :].upper()
    if not is_rrule(rule) or not _SHAPE.fullmatch(text) or _comes_too_often(text):
        raise _wrong(rule)
    if _NEVER.search(text):
        raise InvalidInput(f'The recurrence "{rule}" never comes.', EXAMPLE)
    try:
        found = rrulestr(_local_end(text), dtstart=first.replace(tzinfo=None, fold=0))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(rule) from error
    if not isinstance(found, rrule):
        raise _wrong(rule)
    return found


def _comes_too_often(text: str) -> bool:
    return any(word in text for word in TOO_OFTEN) or ("BYSECOND" in text and not _SECONDS_ONLY.search(text))


def _nearer(rule: str, first: datetime, moment: datetime) -> datetime:
    """A later first time of the same recurrence: all times from the first on would be counted out otherwise."""
    first = first.replace(tzinfo=None, fold=0)
    parts = dict(part.split("=", 1) for part in rule[len(PREFIX) :].upper().split(";") if "=" in part)
    step, interval = _STEPS.get(parts.get("FREQ", "")), parts.get("INTERVAL", "1")
    if step is None or not interval.isdigit() or "COUNT" in parts or moment - first < 3 * DAY:
        return first
    length = step * max(1, min(int(interval), LONGEST_INTERVAL))
    return first + (moment - 2 * DAY - first) // length * length if length < moment - first else first


def _local_end(text: str) -> str:
    """Everything is worked out on one clock, the end too."""
    return re.sub(r"(UNTIL=\d{8}(?:T\d{6})?)Z", r"\1", text)


def _times(rule: rrule, after: datetime) -> Iterator[datetime]:
    return rule.xafter(after, inc=True)


def _wrong(rule: str) -> InvalidInput:
    return InvalidInput(f'Cannot read "{rule[:200]}" as a recurrence.', EXAMPLE)
