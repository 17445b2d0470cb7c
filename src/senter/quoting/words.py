"""Words of a text as a search compares them: without small words, case and most endings. English first."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDING = re.compile(r"(?:ations?|ators?|ating|ated|ates?|ings?|ers?|ors?|ies|ed|es|s|e|y)$")
SHORTEST_STEM = 3

_SMALL = """
a about above after again all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few for from further get had has have having he her here hers
him his how i if in into is it its just let like make me more most my no nor not now of off on once only or
other our out over own per please same she should so some such than that the their them then there these they
this those through to too under until up us use used using very was we were what when where which while who
whom why will with would you your
"""
SMALL_WORDS = frozenset(_SMALL.split())


def words(text: str) -> list[str]:
    """The words, in lower case, in order."""
    return _WORD.findall(text.lower())


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word not in SMALL_WORDS]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending, so that decorator, decorators and decorating are one."""
    bare = re.sub(r"['’]s?$|['’][^\W_]+$", "", word)
    shortened = _ENDING.sub("", bare, count=1)
    return shortened if len(shortened) >= SHORTEST_STEM else bare
