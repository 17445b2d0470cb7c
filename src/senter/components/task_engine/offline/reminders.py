"""What to be reminded of, and when, in one sentence ("call mum on friday at 5pm"). English; pure.

Only finds which words are the time; what moment they mean is read when the reminder is set (senter.moments.dates).
"""

from __future__ import annotations

import re

from senter.moments.words import COUNTS

_DAY = (
    r"(?:this|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day) (?:morning|afternoon|evening)|tomorrow night|"
    r"in the (?:morning|afternoon|evening)|"
    r"today|tomorrow|tonight|(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|month)|"
    r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d)?|\d{1,2}\.\d{1,2}\.(?:\d{4})?"
)
_COUNT = rf"(?:\d+|half an?|an?|{'|'.join(COUNTS)}|fifteen|twenty|thirty|forty|fifty)"
_LENGTH = rf"in (?:{_COUNT} (?:second|sec|minute|min|hour|day|week|month)s?|\d+ ?[smhd]\b)"
_HOUR = r"\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midnight"
_PIECE = rf"(?:(?:on |by )?(?:{_DAY})|{_LENGTH}|(?:at )?(?:{_HOUR})|at \d{{1,2}})"
# No moment takes more words than this; without a bound each place of a text would be looked at from all before it.
_WHEN = rf"(?P<when>{_PIECE}(?:,? {_PIECE}){{0,6}})"
_ALL = re.compile(rf"^{_WHEN}$", re.IGNORECASE)
_LAST = re.compile(rf"^(?P<what>.+?),? {_WHEN}$", re.IGNORECASE)
_FIRST = re.compile(rf"^{_WHEN},?(?: (?:to|of|about|that))? (?P<what>.+)$", re.IGNORECASE)


def split_reminder(text: str) -> tuple[str, str]:
    """What, and when in the person's own words; either is empty where it is not said."""
    words = " ".join(text.split())
    if _ALL.match(words):
        return "", words
    found = _LAST.match(words) or _FIRST.match(words)
    return (found["what"].strip(), found["when"]) if found else (words, "")
