"""The form of a question: its words as far as they are known; each name, and each other word, is one word.

Whose affairs a question is about is told by how it asks, never by a name that was learned by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from senter.understanding.lexicon import QUOTE, WHEN, lexicon

NAME, NAMES, OTHER, OF = "<name>", "<names>", "<other>", "<of>"
"""A name, one of several words, a word that is not known, and that something is of what stands before it."""
MOST_CAPITALS = 0.6
"""The share of a text's words; where more are capitalised behind the first, that tells no names."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOKEN = re.compile(rf"(?P<when>{WHEN}+)|(?P<quote>{QUOTE}+)|(?P<number>\d[\d.,:]*)|(?P<word>{WORD.pattern})|[?!]")
_FIRST_PERSON = re.compile(r"i(?:'\w+)?")


def form_of(masked: str, text: str, known: Set[str], begin: int = 0) -> list[str]:
    """The words of a text and its masked letters from a place on."""
    names = {found.start() for found in names_in(text)}
    form: list[str] = []
    for token in _TOKEN.finditer(masked, begin):
        for word in _formed(token, known, is_name=token.start() in names):
            if word == NAME and form and form[-1] in (NAME, NAMES):
                form[-1] = NAMES
            else:
                form.append(word)
    return form


def names_in(text: str) -> list[re.Match[str]]:
    """Words that are capitalised though they begin nothing; none where most are, or where all nouns are."""
    words = list(WORD.finditer(text)) if not lexicon().spelled["capitals"] else []
    capitals = [word for word in words if word.start() and word[0][0].isupper() and not _is_first_person(word[0])]
    return capitals if len(capitals) <= MOST_CAPITALS * len(words) else []


def plain(word: str) -> str:
    """Without apostrophes, which are left out by many."""
    return word.lower().replace("'", "").replace("’", "")


def _formed(token: re.Match[str], known: Set[str], *, is_name: bool) -> Iterator[str]:
    if token.lastgroup != "word":
        yield f"<{token.lastgroup}>" if token.lastgroup else token[0]
        return
    if plain(token[0]) in known and not is_name:
        yield plain(token[0])
        return
    bare = token[0].removesuffix("'s")
    yield NAME if is_name else bare if bare in known else OTHER
    if bare != token[0]:
        yield OF


def _is_first_person(word: str) -> bool:
    return _FIRST_PERSON.fullmatch(word.lower().replace("’", "'")) is not None
