"""Whether every word of a moment's text says something. dateparser leaves out what it has no use for, in silence:
of `tomorrow 25:00` and `tomorrow yesterday` it makes tomorrow. What the words mean is the business of `dates`.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from senter.moments.lengths import LENGTHS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAY = r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"

_NAMED_WEEKDAY = re.compile(rf"\b(?:{WEEKDAY})\b", re.IGNORECASE)
_PART_OF_DAY = r"(?:in\s+the\s+)?(morning|afternoon|evening)"
_PART_OF_TODAY = re.compile(rf"^{_PART_OF_DAY}$", re.IGNORECASE)
_TIME = (
    r"(?:at\s+)?(?:\d{1,2}(?::\d\d){1,2}(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|noon|midnight|night)|" + _PART_OF_DAY
)
_ZONE = r"(?-i:\s+[A-Z]{2,5})|\s*[+-]\d\d:?\d\d"
_FROM_NOW = (
    rf"(?:day\s+(?:after|before)\s+)?(?:today|tomorrow|yesterday)|now|(?:in\s+)?{LENGTHS}|{LENGTHS}\s+(?:ago|from\s+now)|"
    rf"(?:next|last)\s+(?:week|month|year|{WEEKDAY}|{'|'.join(calendar.month_name[1:])})"
)
_ALL_FROM_NOW = re.compile(rf"^(?:(?:{_TIME})[\s,]+)?(?:{_FROM_NOW})(?:[\s,]+(?:{_TIME})(?:{_ZONE})?)?$", re.IGNORECASE)
_SAYS_FROM_NOW = re.compile(
    r"\b(?:today|tomorrow|yesterday|now|next|last|in|ago|(?:hour|day|week|month|year)s?)\b", re.IGNORECASE
)
_DAY_THEN_HOUR = re.compile(r"^(today|tomorrow),? (?=\d{1,2}$)", re.IGNORECASE)
_NO_TIME = re.compile(
    r"(?<![\d:+-])(?:2[4-9]|[3-9]\d):\d\d|:[6-9]\d|(?<![\d:])(?:1[3-9]|[2-9]\d)(?::\d\d)?\s*[ap]\.?m\b", re.IGNORECASE
)


def in_full(words: str) -> str:
    """With what people leave out: `evening` is today's, `tomorrow 9` is at nine."""
    return _PART_OF_TODAY.sub(r"today \1", _DAY_THEN_HOUR.sub(r"\1 at ", words))


def is_whole(words: str) -> bool:
    """Whether times are times of a day, and nothing stands beside a moment counted from now but a time."""
    return not _NO_TIME.search(words) and bool(_ALL_FROM_NOW.match(words) or not _SAYS_FROM_NOW.search(words))


def is_on(day: date, words: str) -> bool:
    """Whether it is the day of the week that the words name; true where they name none."""
    return all(DAYS[day.weekday()].lower() == name[:3].lower() for name in _NAMED_WEEKDAY.findall(words))
