"""Which language a text is in, of those that there are words for: told by its small words and its letters."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from senter.sentences import ENGLISH, LANGUAGES
from senter.understanding.lexicon import lexicon_of
from senter.understanding.masking import masked

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)?(?!\w)")
_LOOKED_AT = 2_000
FEWEST = 3
"""Words that a language without words here is told from."""


def language_of(text: str, otherwise: str = "") -> str | None:
    """Its two letters; `otherwise`, or English, where nothing tells; none where it is one without words here."""
    words = words_of(masked(text[:_LOOKED_AT], ()))
    signs = {language: sum(word in _signs(language) for word in words) for language in LANGUAGES}
    if _is_foreign(words, max(sum(word in _telling(language) for word in words) for language in LANGUAGES)):
        return None
    if signs == dict.fromkeys(LANGUAGES, 0):
        return otherwise or ENGLISH
    return max(LANGUAGES, key=lambda language: (signs[language], language == otherwise))


def _is_foreign(words: list[str], ours: int) -> bool:
    """Whether more of them are signs of a language without words here than of one that has some."""
    letters = "".join(words)
    if letters and sum(letter < "\u0250" for letter in letters) < len(letters) / 2:
        return True
    theirs = max((sum(word in known for word in words) for known in _others().values()), default=0)
    return len(words) >= FEWEST and theirs >= 2 and theirs > ours and theirs >= len(words) / 6


def words_of(text: str) -> list[str]:
    """In lower case; no letters of a number or an id."""
    return _WORD.findall(text.lower().replace("’", "'"))


@cache
def _signs(language: str) -> frozenset[str]:
    """Its telling words that are none of another language here."""
    others = (_telling(other) for other in LANGUAGES if other != language)
    return _telling(language) - frozenset[str]().union(*others)


@cache
def _telling(language: str) -> frozenset[str]:
    return lexicon_of(language).listed


@cache
def _others() -> dict[str, frozenset[str]]:
    said = tomllib.loads((files("senter.understanding") / "words" / "others.toml").read_text(encoding="utf-8"))
    ours = _telling(ENGLISH)
    return {language: frozenset(text.split()) - ours for language, text in said.items()}
