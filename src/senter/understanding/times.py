"""stand-in until the grammar of moments is there"""

from __future__ import annotations
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo
from senter.moments.when import Span, When
from senter.moments.dates import parse_moment
from senter.errors import InvalidInput

_D = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_T = re.compile(
    rf"\b(?:(?:on|by|at|in|before|until|from|every|each|this|next|last|the|after) )*(?:{_D}|today|tonight|tomorrow|tmrw|yesterday|day after|morning|afternoon|evening|noon|midnight|weekends?|week|month|year|end of|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}[:.]\d\d ?(?:[ap]m)?|\d{{1,2}} ?[ap]m|at \d{{1,2}}|\d+ (?:minutes?|hours?|days?|weeks?|months?|mins?)|an hour|half an hour|(?:jan|febr)uary|march|april|june|july|august|(?:sept|nov|dec)ember|october|daily|weekly|monthly|half \w+|quarter (?:to|past) \w+)\b(?: (?:morning|afternoon|evening|night))?",
    re.I,
)


def find_when(text: str, now: datetime, zone: ZoneInfo) -> tuple[When, ...]:
    return tuple(When(spans=(m.span(),)) for m in _T.finditer(text))


def when_in(text: str, now: datetime, zone: ZoneInfo) -> When:
    spans = tuple(m.span() for m in _T.finditer(text))
    words = " ".join(text[a:b] for a, b in spans)
    try:
        return When(spans=spans, start=parse_moment(words, now, zone).astimezone(zone)) if words else When()
    except InvalidInput:
        return When(spans=spans)
