"""Puts beside a sentence that names what is asked about the one that tells it: the hotel, and what it costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.ranking import FoundPiece, Ranked, WhereFound, tells

MOST_LOOKED_AT = 12
"""Of the best."""
AFTER, BEFORE = 8, 3
"""How many pieces away it may stand."""
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
    near = [*range(place + 1, place + 1 + AFTER), *range(place - 1, place - 1 - BEFORE, -1)]
    other = next((at for at in near if 0 <= at < len(pieces) and _tells_beside(question, pieces[at], piece)), None)
    if other is None:
        return one
    first, second = sorted((place, other))
    shown = f"{pieces[first].text}{BETWEEN}{pieces[second].text}"
    return replace(one, candidate=replace(piece, shown=shown), score=one.score + TOLD, answers=True, is_sure=True)


def _tells_beside(question: OwnQuestion, other: FoundPiece, piece: FoundPiece) -> bool:
    same = (other.address, other.around) == (piece.address, piece.around)
    return same and not (other.is_letterhead or other.is_heading) and tells(question, other) > 0
