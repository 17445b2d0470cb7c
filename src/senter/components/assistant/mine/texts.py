"""A text, where it stands and what it is called, taken apart into pieces that can be quoted. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from senter.components.assistant.mine.pieces import TextPiece, pieces_of
from senter.components.assistant.mine.places import UNDER, has_page, place_under
from senter.components.assistant.mine.ranking import FoundPiece, WhereFound

MOST_KEPT = 512
"""Texts, a few KiB each, whose pieces are kept: the next question finds many of them again."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """Where the pieces of one text stand."""

    place: WhereFound
    name: str
    path: str
    where: str
    """As it is shown."""
    begins_on: str = ""
    """The page or the slide that the text begins on."""
    around: str = ""
    """The text, or the part of it that was found."""
    at: datetime | None = None
    """When it was written, or its file changed last."""

    def piece(self, text: str, above: str) -> FoundPiece:
        return FoundPiece(
            self.place, self.name, self.path, text, above, around=self.around, at=self.at, where=self.where
        )

    def pieces(self, under: str) -> Iterator[FoundPiece]:
        """All of them in order, each below what the whole text stands under."""
        for piece in _pieces_of(self.around):
            place = self._place_of(piece)
            yield FoundPiece(
                self.place,
                self.name,
                self.path,
                piece.text,
                f"{under} / {piece.headings}",
                around=self.around,
                at=self.at,
                where=f"{self.where}, {place}" if place else self.where,
                is_whole=piece.is_whole,
                is_heading=piece.is_heading,
                is_letterhead=piece.is_letterhead,
                is_mail=piece.is_mail,
                before=piece.before,
            )

    def _place_of(self, piece: TextPiece) -> str:
        """Until a page is headed in it, what stands there is on the one that the text begins on."""
        if self.place is not WhereFound.DOCUMENT or piece.is_mail:
            return ""
        on_first = self.begins_on and not has_page(piece.headings)
        return place_under(UNDER.join((self.begins_on, piece.headings)) if on_first else piece.headings)


@lru_cache(MOST_KEPT)
def _pieces_of(text: str) -> tuple[TextPiece, ...]:
    return tuple(pieces_of(text))
