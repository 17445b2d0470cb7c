"""From what a person types to what FTS5 looks for. Any text gives expressions that FTS5 takes, or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from senter.quoting.unbroken import runs_of, spaced

MAX_WORDS = 24
LONGEST_WORD = 64
PASSAGES_TO_RANK = 10_000
WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue"}
WORD = re.compile(r"[^\W_]+")

# Words that every text has and no question is about.
COMMON = """
a about above after again all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few for from further had has have having he her here hers him his
how i if in into is it its itself just know learn let like look me more most my no nor not now of off on once only
or other our ours out over own please same search she should show so some such tell than that the their theirs
them then there these they this those through to too under until up us very want was we were what when where which
while who whom why will with would you your yours find give summarise summarize explain
"""
COMMON_WORDS = frozenset(COMMON.split())

Tally = Mapping[str, int]
"""In how many passages a word is."""


def telling(query: str) -> tuple[str, ...]:
    """The words to look for, each once."""
    found = [word[:LONGEST_WORD] for word in WORD.findall(query.encode(errors="ignore").decode().lower())]
    found = [run for word in found for run in runs_of(word)]
    words = [word for word in found if word not in COMMON_WORDS]
    return tuple(dict.fromkeys(words or found))[:MAX_WORDS]


def all_of(words: Sequence[str]) -> str:
    return " AND ".join(map(_any_way, words))


def any_of(words: Sequence[str], tally: Tally) -> str:
    """The rarest words, as many as can be looked up quickly: the frequent ones hardly tell documents apart."""
    chosen: list[str] = []
    passages = 0
    for word in sorted(words, key=lambda word: tally.get(word, 0)):
        passages += tally.get(word, 0)
        if chosen and passages > PASSAGES_TO_RANK:
            break
        chosen.append(word)
    return " OR ".join(map(_any_way, chosen))


def beginning_with(words: Sequence[str]) -> str:
    """Any word that begins with one of these."""
    return " OR ".join(f"{_quoted(way)} *" for word in words for way in ways_of(word))


def in_files(expression: str, endings: Sequence[str]) -> str:
    """Only in files whose names have one of these endings, or a word like it."""
    names = " OR ".join(map(_quoted, endings))
    return f"name : ({names}) AND ({expression})" if endings else expression


def ways_of(word: str) -> tuple[str, ...]:
    """Also as German writes its letters otherwise: straße and strasse, müller and mueller. That the index has no marks
    above letters is counted on."""
    ways = [word, word.replace("ß", "ss"), word.replace("ss", "ß")]
    for letter, written in WRITTEN_OUT.items():
        ways += [way.replace(letter, written) for way in ways] + [way.replace(written, letter) for way in ways]
    return tuple(dict.fromkeys(ways))


def _any_way(word: str) -> str:
    ways = ways_of(word)
    return f"({' OR '.join(map(_quoted, ways))})" if len(ways) > 1 else _quoted(word)


def _quoted(word: str) -> str:
    """Letters without spaces between words as a phrase of single ones, as they are indexed."""
    return f'"{" ".join(spaced(word).split())}"'
