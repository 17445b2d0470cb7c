"""What an act is about: its words without those that ask, and those of time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from senter.messages.acts import ActKind
from senter.moments.when import Span
from senter.understanding.clauses import SaidClause
from senter.understanding.lexicon import lexicon

_WAKE = re.compile(r"(?:wake|waking|get|rouse|keep)\b.{0,20}?\bup\b|(?:wake|waking|rouse)\b|don't let me sleep")
_TOOL = re.compile(r"\b(wake[- ]?up call|alarm|timer|countdown)s?\b")


def gist_of(clause: SaidClause, kind: ActKind, times: Sequence[Span]) -> str:
    """In the words of the text; empty where it says nothing more than what is wanted. `times` say when the act is."""
    begin = _behind_opening(clause, kind)
    gist = _without(clause, begin, list(_times(clause, begin, times)))
    if kind is ActKind.REMINDER:
        return gist or _of_the_tool(clause.masked[clause.head :])
    return gist


def _of_the_tool(head: str) -> str:
    if _WAKE.match(head):
        return "wake up"
    found = _TOOL.search(head)
    return found[1] if found else ""


def _behind_opening(clause: SaidClause, kind: ActKind) -> int:
    """Each opening at most once; what it would leave without a word is left as it is."""
    begin = clause.head
    if clause.continues:
        found = lexicon().gists.goes_on.match(clause.masked, begin)
        return found.end() if found else begin
    for pattern in lexicon().gists.before[kind]:
        found = pattern.match(clause.masked, begin)
        if found and found.end() > begin:
            begin = found.end()
            while begin < len(clause.masked) and clause.masked[begin] in " ,:-":
                begin += 1
            if kind is not ActKind.EVENT:
                break
    return begin


def _times(clause: SaidClause, begin: int, times: Sequence[Span]) -> Iterator[Span]:
    """With the little words before them that belong to them."""
    around = lexicon().gists.around_when
    for start, end in times:
        if end > begin:
            before = around.search(clause.masked, max(begin, start - 30), start)
            yield (before.start() if before else start), end


def _without(clause: SaidClause, begin: int, cuts: Sequence[Span]) -> str:
    pieces: list[str] = []
    for start, end in cuts:
        if start > begin:
            pieces.append(clause.text[begin:start])
        begin = max(begin, end)
    pieces.append(clause.text[begin:])
    words = " ".join(" ".join(piece.strip(" ,") for piece in pieces).split()).strip(' ,.;:!?-"“”()')
    found = lexicon().gists.after.search(_plain(words), max(0, len(words) - 80))
    return (words[: found.start()] if found else words).strip(' ,.;:!?-"“”()')


def _plain(words: str) -> str:
    lower = words.lower().replace("’", "'")
    return lower if len(lower) == len(words) else words
