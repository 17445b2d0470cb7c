"""Whether a text is in a language that there are words for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from senter.understanding.lexicon import lexicon
from senter.understanding.masking import masked

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)?(?!\w)")
_LOOKED_AT = 2_000
FEWEST = 3
"""Words that a language is told from."""


def is_understood(text: str) -> bool:
    """False where its letters or small words are those of another language."""
    words = words_of(masked(text[:_LOOKED_AT], ()))
    letters = "".join(words)
    if letters and sum(letter < "\u0250" for letter in letters) < len(letters) / 2:
        return False
    ours = sum(word in _english() for word in words)
    theirs = max((sum(word in known for word in words) for known in _others().values()), default=0)
    return len(words) < FEWEST or theirs < 2 or theirs <= ours or theirs < len(words) / 6


def words_of(text: str) -> list[str]:
    """In lower case; no letters of a number or an id."""
    return _WORD.findall(text.lower().replace("’", "'"))


@cache
def _english() -> frozenset[str]:
    names = lexicon().names
    return frozenset(word for name in ("small", "asking", "auxiliary", "person") for word in names[name].split("|"))


@cache
def _others() -> dict[str, frozenset[str]]:
    said = tomllib.loads((files("senter.understanding") / "words" / "others.toml").read_text(encoding="utf-8"))
    return {language: frozenset(text.split()) - _english() for language, text in said.items()}
