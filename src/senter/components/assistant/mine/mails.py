"""Lists mails that are asked for as such: `any mail from Joan`, `mails from Joan last week`; the newest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from senter.components.assistant.mine.question import OwnQuestion, Term
from senter.components.assistant.mine.ranking import FoundPiece
from senter.components.assistant.mine.tables.cells import Days
from senter.components.assistant.mine.words import own_words
from senter.messages.query import Quoted
from senter.moments.shown import shown_day
from senter.sentences import phrase
from senter.text import one_line

LONGEST_BEGINNING = 200
MAIL = '{day}, from {sender}: "{subject}". It begins: "{beginning}" ({where})'
_FIELD = re.compile(r"(?:^|; )(?P<name>From|Von|Subject|Betreff|Date|Datum): (?P<said>.*?)(?=; [A-Z][a-z]+: |$)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class FoundMails:
    """Those of the time that is asked about; where there are none, the others."""

    quotes: tuple[Quoted, ...]
    others: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mail:
    head: FoundPiece
    day: date
    sender: str
    subject: str
    body: str

    @property
    def quoted(self) -> Quoted:
        said = one_line(self.body, LONGEST_BEGINNING).replace('"', "'")
        line = phrase(
            MAIL,
            day=shown_day(self.day),
            sender=one_line(self.sender),
            subject=one_line(self.subject).replace('"', "'"),
            beginning=said,
            where=self.head.where,
        )
        return Quoted(source=self.head.source, address=self.head.address, quote=line)


def mails_asked(question: OwnQuestion, pieces: Sequence[FoundPiece], days: Days | None) -> FoundMails | None:
    """None where mails are not asked for as such, or none is of whom it names."""
    if not question.lists_mails:
        return None
    meant = [term for term in question.terms if not own_words().mails.called.fullmatch(term.said)]
    mails = {(mail.day, mail.subject, mail.head.address): mail for mail in _mails(pieces) if _is_meant(mail, meant)}
    newest = sorted(mails.values(), key=lambda mail: mail.day, reverse=True)
    if not newest or not meant:
        return None
    quotes = tuple(mail.quoted for mail in newest if days is None or days.first <= mail.day <= days.last)
    return FoundMails(quotes, () if quotes else tuple(mail.quoted for mail in newest))


def _is_meant(mail: _Mail, meant: Sequence[Term]) -> bool:
    """Whether one of the words names who wrote it, and it has all of them."""
    has = [re.compile(term.loose, re.IGNORECASE).search for term in meant]
    said = f"{mail.sender} {mail.subject} {mail.body}"
    return any(each(mail.sender) for each in has) and all(each(said) for each in has)


def _mails(pieces: Sequence[FoundPiece]) -> Iterator[_Mail]:
    for place, piece in enumerate(pieces):
        if piece.is_letterhead and (mail := _mail(pieces[max(0, place - 1)], piece, pieces[place + 1 :])):
            yield mail


def _mail(before: FoundPiece, head: FoundPiece, after: Sequence[FoundPiece]) -> _Mail | None:
    """The reader of mails puts the subject above the letterhead."""
    fields = {found["name"]: found["said"] for found in _FIELD.finditer(head.text)}
    day = _DAY.search(fields.get("Date", fields.get("Datum", "")))
    if day is None:
        return None
    sender = fields.get("From", fields.get("Von", "")).strip('" ')
    above = before.text if before.is_heading and before.address == head.address else ""
    subject = fields.get("Subject", fields.get("Betreff", above))
    return _Mail(head, date.fromisoformat(day.group()), sender, subject, _body(head, after))


def _body(head: FoundPiece, after: Sequence[FoundPiece]) -> str:
    own = takewhile(lambda piece: not piece.is_letterhead and piece.address == head.address, after)
    said = (piece.text for piece in own if not (piece.is_heading or own_words().greets.search(piece.text)))
    return " ".join(said)
