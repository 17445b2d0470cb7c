"""Something a person says: the text, when, in what conversation; and what is kept of what it makes Senter do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime

from senter.messages.acts import Act, Clarification, Receipt, Thing
from senter.messages.message import Frozen
from senter.messages.query import QueryId
from senter.messages.understanding import Understanding
from senter.understanding.languages import language_of

UNTOLD = "?"
MOST_LINES = 12
SIGNATURE = 80
"""Characters; a shorter rest is no text of its own."""
LONGEST_SAID, LONGEST_OPENING = 2_000, 500
"""Characters."""
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Saying:
    """A turn's text, or the last message of a chat."""

    id: QueryId
    text: str
    at: datetime
    asked: Clarification | None = None
    """What was asked back before it."""
    before: str = ""
    """The text that it was asked back about."""
    latest: tuple[Thing, ...] = ()
    """What the conversation spoke of, the last first."""
    together: int = 0
    """How many of the first of these were made or told of at once."""
    is_fresh: bool = True
    """Whether the first of these was made or told of in the turn before, in the same conversation."""
    receipts: tuple[Receipt, ...] = ()
    """What was done in the conversation lately."""
    earlier: tuple[str, ...] = ()
    """What was said in the conversation before it and not answered by a model, the last first."""
    own_before: str = ""
    """The text that it may ask on about: what the user owns answered it, or something was done for it."""
    quoted: frozenset[str] = frozenset()
    """Addresses of what the last answer was quoted from."""
    follows_model: bool = False
    """Whether a model gave the answer before it."""
    after_text_of_others: bool = False
    """Whether what was said before it may hold some."""
    language: str = ""
    """What it is in, where its own words do not tell: what the conversation was in, else what the user speaks."""

    @property
    def said(self) -> str:
        """What of the text is said. Of one of several paragraphs that is the first; the rest is something to read."""
        opening, *rest = _PARAGRAPHS.split(self.text, 1)
        if not rest and self.text.count("\n") > MOST_LINES:
            opening = self.text.partition("\n")[0]
        is_all = opening == self.text
        return opening if len(opening) <= (LONGEST_SAID if is_all else LONGEST_OPENING) else ""

    @property
    def has_text_to_read(self) -> bool:
        return len(self.text) - len(self.said) > SIGNATURE

    def clause(self, act: Act) -> str:
        """The words of one act; where it was asked back about, with those that answered."""
        begin, end = act.span
        if self._was_asked_about(act):
            return f"{self.before} ({self.text})"
        return self.text[begin:end].strip(" ,;.") or self.text

    def _was_asked_about(self, act: Act) -> bool:
        asked = self.asked.acts if self.asked else ()
        return any(before.kind is act.kind and before.gist in ("", act.gist) for before in asked)


def language_after(newest_first: Iterable[str], otherwise: str) -> str:
    """The language of the last of these texts that tells; `otherwise` where none does."""
    told = (language_of(text, UNTOLD) for text in newest_first)
    return next((language for language in told if language and language != UNTOLD), otherwise)


class GivenOrder(Frozen):
    """What a model has done for a person: a plain sentence, and what it was understood to mean."""

    text: str
    acts: tuple[Act, ...]
    read_at: AwareDatetime
    tainted: bool
    """Whether the model had read text of others."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a saying was understood to mean, stored before anything of it was done."""

    understanding: Understanding
    origin: QueryId
    """Under which id it is done."""
    receipts: tuple[Receipt, ...] = ()
    orders: tuple[GivenOrder, ...] = ()
    """What a model had done for it beside."""


class Notes(Protocol):
    """What is kept of one saying, so that what it asks for is done once."""

    def kept(self) -> Kept | None:
        """Of the same saying, by this process or one before it; none where it does nothing."""
        ...

    def said_before(self) -> Kept | None:
        """Of the same sentence, said a moment ago, where nothing else was done since."""
        ...

    def keep(self, kept: Kept) -> None:
        """Before anything is done."""
        ...

    def note(self, receipts: Iterable[Receipt]) -> None:
        """What was done, beside what was noted before."""
        ...
