"""What comes before an answer."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """A piece of an answer. Pieces may be missing; a higher attempt voids those of lower ones."""

    attempt: int
    offset: int
    text: str


class ProgressLine(NamedTuple):
    """What is being waited for, for people."""

    text: str
