"""What a masked piece of text begins like: its signals, behind words of courtesy, requests and times."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from senter.sentences import spoken
from senter.understanding.lexicon import WHEN, lexicon, lexicon_of

_WORD = re.compile(r"\w")


class Head(NamedTuple):
    """Where it begins, and its signals."""

    place: int
    signals: frozenset[str]


def head_of(mask: str) -> Head:
    """Where nothing stands behind the courtesy, that is it."""
    words = lexicon()
    lead = _lead(spoken()).match(mask)
    place = lead.end() if lead and _WORD.search(mask, lead.end()) else 0
    signals = {name for name, pattern in words.heads.items() if pattern.match(mask, place)}
    if lead and place and lead["request"]:
        signals.add("asked")
    if WHEN in mask[:place]:
        signals.add("led_by_when")
    return Head(place, frozenset(signals))


def signals_in(mask: str) -> frozenset[str]:
    """Those that stand anywhere."""
    return frozenset(name for name, pattern in lexicon().anywhere.items() if pattern.search(mask))


@cache
def _lead(language: str) -> re.Pattern[str]:
    words = lexicon_of(language)
    time = words.cuts["time_before"].pattern
    return words.compiled(
        r"[\s,:!.\"(]*+(?:(?:(?:{polite})(?![\w'-])|(?P<request>{request})(?![\w'])|"
        rf"(?:{time}){{0,2}}{WHEN}+)[\s,:!.-]*+)*"
    )
