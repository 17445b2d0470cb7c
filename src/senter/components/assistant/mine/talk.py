"""What the user said in earlier conversations, found again by its words: only what they said, never a model's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.components.assistant import queries
from senter.components.assistant.mine.asking import names_something
from senter.components.assistant.mine.question import OwnQuestion, read_question
from senter.components.assistant.mine.ranking import FoundPiece, WhereFound
from senter.components.assistant.mine.words import own_words
from senter.messages.acts import ActKind
from senter.moments.shown import shown_when
from senter.quoting.sentences import plain, split_sentences
from senter.sentences import phrase
from senter.store.database import Database
from senter.store.stamps import from_stamp
from senter.understanding.reading import understand

MOST_TURNS = 20
LONGEST_TEXT = 20_000
LONGEST_SAID = 400
TELLING = frozenset({ActKind.TALK, ActKind.NOTE, ActKind.GOAL, ActKind.COMPLETION})


@dataclass(frozen=True, slots=True)
class _SaidTurn:
    conversation_id: str
    asked_at: str
    text: str


class EarlierTalk:
    """Of conversations.db what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: Sequence[str], zone: ZoneInfo) -> list[FoundPiece]:
        """A millisecond or two. What was asked answers nothing and is left out; so is what was noted, and perhaps is
        forgotten: notes speak for themselves."""
        expression = " OR ".join(f'"{quoted}"' for word in words if (quoted := re.sub(r"\W+", " ", word).strip()))
        if not expression:
            return []
        values = {"expression": expression, "limit": MOST_TURNS}
        turns = self._database.rows(queries.SAID, values, _SaidTurn)
        return [found for turn in turns for found in _said(turn, zone)]


def tells(said: str, asked: OwnQuestion, now: datetime, zone: ZoneInfo) -> bool:
    """Whether what was said tells something, and more than is asked now: an order was carried out where what it made
    stands, and a question, or a word that was looked for, answers none."""
    if names_something(said) or {*_stems(read_question(said, said))} <= {*_stems(asked)}:
        return False
    return any(act.kind in TELLING for act in understand(said, now, zone).acts)


def _stems(question: OwnQuestion) -> Iterator[str]:
    return (own_words().forms.stem(term.said.casefold()) for term in question.terms)


def _said(turn: _SaidTurn, zone: ZoneInfo) -> Iterator[FoundPiece]:
    at = from_stamp(turn.asked_at)
    for line in turn.text[:LONGEST_TEXT].splitlines():
        for sentence in split_sentences(plain(line)):
            if not own_words().asks.search(sentence):
                said = sentence[:LONGEST_SAID]
                line = phrase('You said on {when}: "{said}"', when=shown_when(at, zone), said=said)
                address = f"conversation {turn.conversation_id}"
                yield FoundPiece(WhereFound.TALK, phrase("earlier conversation"), address, said, at=at, line=line)
