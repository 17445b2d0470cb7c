"""Puts beside a sentence that names what is asked about the one that tells it: the hotel, and what it costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.ranking import FoundPiece, Ranked, WhereFound, tells

MOST_LOOKED_AT = 12
"""Of the best."""
AFTER = 8
"""How many pieces further on it may stand."""
TOLD = 0.2
"""What it counts: a little more than to want nothing in particular."""
BETWEEN = " … "


def accompanied(question: OwnQuestion, ranked: Sequence[Ranked], pieces: Sequence[FoundPiece]) -> list[Ranked]:
    """Those that have all words of the question and lack what it wants, with the nearest piece of their text that has
    it; the best first."""
    if not question.wanted:
        return list(ranked)
    places = {id(piece): place for place, piece in enumerate(pieces)}
    best = [_with_companion(question, one, pieces, places) for one in ranked[:MOST_LOOKED_AT]]
    return sorted((*best, *ranked[MOST_LOOKED_AT:]), key=lambda one: -one.score)


def _with_companion(question: OwnQuestion, one: Ranked, pieces: Sequence[FoundPiece], places: dict[int, int]) -> Ranked:
    piece = one.candidate
    if piece.place is not WhereFound.DOCUMENT or piece.is_row or not one.names_all or tells(question, piece) >= 0:
        return one
    place = places[id(piece)]
    after = pieces[place + 1 : place + 1 + AFTER]
    other = next((other for other in after if _tells_beside(question, other, piece)), None)
    if other is None or not _is_about(question, piece):
        return one
    shown = f"{piece.text}{BETWEEN}{other.text}"
    return replace(one, candidate=replace(piece, shown=shown), score=one.score + TOLD, answers=True)


def _is_about(question: OwnQuestion, piece: FoundPiece) -> bool:
    """Whether the text around it is about the same: it names two things that are asked about, or its title one."""
    telling = [term for term in question.terms if not term.is_light]
    return len(telling) > 1 or any(term.exact.search(piece.above) for term in telling)


def _tells_beside(question: OwnQuestion, other: FoundPiece, piece: FoundPiece) -> bool:
    same = (other.address, other.around) == (piece.address, piece.around)
    return same and not (other.is_letterhead or other.is_heading) and tells(question, other) > 0
