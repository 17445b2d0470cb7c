"""Sentences as the grammar of claims compares them: plain words and marks with one space between. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

QUOTED: Final = "quoted"
TICK: Final = "tick"

_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_AS_ASCII: Final = str.maketrans("’‘ʼ`“”„«»\u00a0\u202f\u2011–—…", '\'\'\'`"""""  ---.')
_TICKS: Final = re.compile("[✅✓✔☑🆗👍👌🎉]")
_CODE: Final = re.compile(r"`[^`\n]*`")
_DOUBLE_QUOTES: Final = re.compile(r'"[^"]*(?:"|$)')
_SINGLE_QUOTES: Final = re.compile(r"(?<!\w)'(?=\w)(?:[^']|(?<=\w)'(?=\w))*'(?!\w)")
_EMPHASIS: Final = re.compile(r"[*_~|#>]+")
_DAY_HALVES: Final = re.compile(r"\b([ap])\.\s?m\.?(?=\W|$)")
_TOKEN: Final = re.compile(r"\d+(?:[.:,]\d+)*(?:am|pm)?|'s|\w+(?:['-]\w+)*|[.,;:!?()\-]")
_POSSESSIVE: Final = re.compile(r"(\w+)'s$")


def plain(text: str, spelling: Mapping[str, str]) -> str:
    """The sentence in plain words. What is quoted, unless the sentence begins with it, is one word."""
    seen = _UNSEEN.sub("", text).translate(_AS_ASCII).lower()
    marked = _EMPHASIS.sub(" ", _TICKS.sub(f" {TICK} ", _DAY_HALVES.sub(r"\1m", seen)))
    unquoted = _SINGLE_QUOTES.sub(f" {QUOTED} ", _DOUBLE_QUOTES.sub(f" {QUOTED} ", _CODE.sub(f" {QUOTED} ", marked)))
    return " ".join(word for token in _TOKEN.findall(unquoted) for word in _spelled(token, spelling))


def _spelled(token: str, spelling: Mapping[str, str]) -> list[str]:
    if token in spelling:
        return spelling[token].split()
    owner = _POSSESSIVE.match(token)
    return [owner[1], "'s"] if owner else [token]
