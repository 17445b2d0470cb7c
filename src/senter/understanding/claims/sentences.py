"""Where the first sentence of a text ends that is still being written. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

LONGEST_SENTENCE: Final = 400
"""Characters; what goes on longer is taken as two."""
LOOKED_AHEAD: Final = 16

FENCE: Final = "```"
_MAY_END: Final = re.compile(r"\n|[.!?…]+[\"'”’)\]*_]{0,6}")
_LAST_WORD: Final = re.compile(r"°?[\w.]*\w$")
_NUMBER_OF_ITEM: Final = re.compile(r"\s*\d{1,3}")
_HALF_OF_DAY: Final = re.compile(r"[ap]\.?m", re.IGNORECASE)
_UPPER: Final = re.compile(r"\s+[A-Z]")
_INITIAL: Final = re.compile(r"(?:\w\.)*\w")


def sentence_end(text: str, abbreviations: Collection[str], *, whole: bool, in_code: bool = False) -> int | None:
    """The end of the first sentence; None while it may go on. `whole` says that no more will come."""
    end = _first_end(text, abbreviations, whole=whole, in_code=in_code)
    if end is not None and end <= LONGEST_SENTENCE:
        return end
    if len(text) > LONGEST_SENTENCE + LOOKED_AHEAD:
        return _between_words(text)
    return len(text) if whole and text else None


def _first_end(text: str, abbreviations: Collection[str], *, whole: bool, in_code: bool) -> int | None:
    begin = len(text) - len(text.lstrip())
    by_line = in_code or text.startswith(FENCE, begin)
    for found in _MAY_END.finditer(text, begin, LONGEST_SENTENCE + LOOKED_AHEAD):
        if found.end() == len(text) and not whole:
            return None
        if found[0] == "\n":
            if by_line or not text[found.end() : found.end() + 1].islower():
                return found.start()
        elif not by_line and _is_end(text, found, begin, abbreviations):
            return found.end()
    return None


def _is_end(text: str, mark: re.Match[str], begin: int, abbreviations: Collection[str]) -> bool:
    following = text[mark.end() : mark.end() + 2]
    if following and not following[0].isspace():
        return False
    if _is_quoting(text[begin : mark.end()]):
        return False
    return not mark[0].startswith(".") or len(mark[0]) > 1 or _ends_with_dot(text, mark, begin, abbreviations)


def _ends_with_dot(text: str, mark: re.Match[str], begin: int, abbreviations: Collection[str]) -> bool:
    """Whether the dot is not that of an abbreviation, of an initial or of the number of an item."""
    if _NUMBER_OF_ITEM.fullmatch(text, begin, mark.start()):
        return False
    last = _LAST_WORD.search(text[begin : mark.start()])
    if last is None:
        return True
    if _HALF_OF_DAY.fullmatch(last[0]):
        return bool(_UPPER.match(text, mark.end()))
    word = last[0].lower()
    return word not in abbreviations and (word.isdigit() or word == "i" or not _INITIAL.fullmatch(word))


def _is_quoting(text: str) -> bool:
    """Whether what was opened is not closed yet."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _between_words(text: str) -> int:
    cut = text.rfind(" ", 1, LONGEST_SENTENCE)
    return cut if cut > 0 else LONGEST_SENTENCE
