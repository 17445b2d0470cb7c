"""The words of a sentence that say when ("call mum on friday at 5pm"). English; pure.

Only finds them; what moment they mean is read when something is set for it.
"""

from __future__ import annotations

import re

from senter.moments.lengths import LENGTHS

_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = (
    rf"(?:this|tomorrow|{_DAYS}) (?:morning|afternoon|evening)|tomorrow night|"
    r"in the (?:morning|afternoon|evening)|"
    rf"today|tomorrow|tonight|(?:next |this )?{_DAYS}|next (?:week|month)|"
    r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d)?|\d{1,2}\.\d{1,2}\.(?:\d{4})?"
)
_HOUR = r"\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midnight"
_PIECE = rf"(?:(?:on |by )?(?:{_DAY})|in {LENGTHS}|(?:at )?(?:{_HOUR})|at \d{{1,2}})"
# No moment takes more words than this; without a bound each place of a text would be looked at from all before it.
_WHEN = rf"(?P<when>{_PIECE}(?:,? {_PIECE}){{0,6}})"
_ALL = re.compile(rf"^{_WHEN}$", re.IGNORECASE)
_LAST = re.compile(rf"^(?P<what>.+?),? {_WHEN}$", re.IGNORECASE)
_FIRST = re.compile(rf"^{_WHEN},?(?: (?:to|of|about|that))? (?P<what>.+)$", re.IGNORECASE)
_SAYS_TIME = re.compile(
    r"\d{1,2}:\d\d|\d ?[ap]m\b|\bnoon\b|\bmidnight\b|\bat \d{1,2}\b|\bhours?\b|\bminutes?\b", re.IGNORECASE
)


def what_and_when(text: str) -> tuple[str, str]:
    """What, and when in the person's own words; either is empty where it is not said."""
    words = " ".join(text.split())
    if _ALL.match(words):
        return "", words
    found = _LAST.match(words) or _FIRST.match(words)
    return (found["what"].strip(), found["when"]) if found else (words, "")


def says_time_of_day(when: str) -> bool:
    """Whether the words name more than a day."""
    return _SAYS_TIME.search(when) is not None
