"""Texts that are written at once where they are asked for, mails and packing lists: what a model is told, what its text
must hold, and the text that is made where it does not. Pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from pydantic import BaseModel

from senter.sentences import ENGLISH, phrase, spoken

MAIL = "Subject: {subject}\n\nDear {greeted},\n\n{body}\n\n{closing}"
MOST_WORDS = 130
"""Of a mail about one thing: what is longer says what nobody said."""
LEAST_LINES = 5
"""Of a list."""
_FACT = re.compile(r"(?<=\s)[A-ZÀ-Þ][\w'’-]+|\d+(?:[.:,]\d+)*")
_FIGURE = re.compile(r"\d+")
_PLACEHOLDER = re.compile(r"\[[^\]\n]*\]")
_LISTED = re.compile(r"^\s*(?:[-*\N{BULLET}]|\d+[.)])\s", re.MULTILINE)
_TITLES = re.compile(r"\b(?:mr|mrs|ms|dr|herr|frau)\b\.?", re.IGNORECASE)
_NAME = re.compile(r"[A-ZÀ-Þ]\S*(?: [A-ZÀ-Þ]\S*)*$")
_I = re.compile(r"\bi\b(?=['’ ]|$)")


class WrittenWords(BaseModel):
    """Of a kind of text, in one language."""

    asks: list[str]
    instructions: str
    """What a model is told beside the request."""
    closing: str
    """What is said below it: what it is, and is not."""


class WantedText(Protocol):
    """A kind of text, of one request."""

    @property
    def words(self) -> WrittenWords: ...

    def holds(self, written: str) -> bool:
        """Whether what a model wrote has what it must."""
        ...

    def plain(self) -> str:
        """As it is made without a model."""
        ...


class MailWords(WrittenWords):
    """Of one language."""

    addressee: str
    content: str
    more: str
    topics: list[str]
    """Words that link what it is about, and not what it says of that."""
    links: dict[str, str]
    of_whom: str
    """What stands before what somebody is, who is not named."""
    before_subject: str
    greeted: dict[str, str] = {}
    """Words of a name as they are in a greeting, where they are others there."""
    nouns_are_capitalised: bool = False
    """So that a capital alone tells no name."""
    begins_small: bool = False
    """Whether a text goes on in small letters after its greeting."""


class PackingWords(WrittenWords):
    """Of one language."""

    always: str
    extras: dict[str, str]


class TextWords(BaseModel):
    """What stands in such a file."""

    mail: MailWords
    packing: PackingWords


@dataclass(frozen=True, slots=True)
class Mail:
    """To somebody, of what is said in the request."""

    request: str
    words: MailWords
    sender: str = ""
    """What the user is called."""

    def holds(self, written: str) -> bool:
        """The names and figures of the request, and whom it is for; no other figures, no lists, and not too much."""
        folded = written.casefold()
        invented = {*_FIGURE.findall(_PLACEHOLDER.sub("", written))} - {*_FIGURE.findall(self.request)}
        is_short = len(written.split()) <= MOST_WORDS and not _LISTED.search(written)
        return (
            is_short
            and not invented
            and all(fact.casefold() in folded for fact in (*_FACT.findall(self.request), *self._name))
        )

    def plain(self) -> str:
        body = self._body or phrase("[what it is to say]")
        closing = f"{phrase('Kind regards')}\n{self.sender or phrase('[your name]')}"
        return phrase(MAIL, subject=self._subject, greeted=self._greeted, body=body, closing=closing)

    @property
    def _who(self) -> str:
        found = re.search(self.words.addressee, self.request)
        return found["who"] if found else ""

    @property
    def _name(self) -> Sequence[str]:
        """Of who is written to; a landlady may be greeted otherwise."""
        return _TITLES.sub("", self._named).split()[-1:]

    @property
    def _named(self) -> str:
        """What who is written to is called; empty where the request says only what they are."""
        who = self._who
        if not re.match(self.words.of_whom, who, re.IGNORECASE):
            return who if who[:1].isupper() else who.title()
        if self.words.nouns_are_capitalised:  # what they are is no name: `meine Vermieterin Hollmann`
            who = re.sub(self.words.of_whom, "", who, flags=re.IGNORECASE).partition(" ")[2]
        found = _NAME.search(who)
        return found.group() if found else ""

    @property
    def _greeted(self) -> str:
        named = " ".join(self.words.greeted.get(word, word) for word in self._named.split())
        return named or (phrase("[name: {who}]", who=self._who) if self._who else phrase("[name]"))

    @property
    def _rest(self) -> tuple[str, str]:
        """The word that links what it says, and that."""
        who = self._who
        after = self.request.partition(who)[2] if who else self.request
        found = re.match(self.words.content, after, re.IGNORECASE)
        if found is None:
            return "", ""
        return found["link"].strip(" ,").split()[0].casefold(), _I.sub("I", found["rest"].strip(" ."))

    @property
    def _body(self) -> str:
        link, rest = self._rest
        text = f"{self.words.links.get(link, '')}{rest}"
        more = f" {self.words.more}" if link in self.words.topics else ""
        first = text[:1] if self.words.begins_small and link in self.words.links else text[:1].upper()
        return f"{first}{text[1:]}.{more}" if rest else ""

    @property
    def _subject(self) -> str:
        rest = re.sub(self.words.before_subject, "", self._rest[1], flags=re.IGNORECASE)
        return f"{rest[:1].upper()}{rest[1:]}" if rest else phrase("[subject]")


@dataclass(frozen=True, slots=True)
class PackingList:
    """For a journey."""

    request: str
    words: PackingWords

    def holds(self, written: str) -> bool:
        return sum(line.lstrip().startswith(("-", "*", "\N{BULLET}")) for line in written.splitlines()) >= LEAST_LINES

    def plain(self) -> str:
        extras = (things for pattern, things in self.words.extras.items() if self._says(pattern))
        things = (thing for each in (self.words.always, *extras) for thing in " ".join(each.split()).split("; "))
        return "\n".join(f"- {thing}" for thing in dict.fromkeys(things))

    def _says(self, pattern: str) -> bool:
        return re.search(rf"\b(?:{pattern})", self.request, re.IGNORECASE) is not None


def wanted_text(request: str, sender: str = "") -> WantedText | None:
    """The kind of text that is asked for; none where it is none of these."""
    words = text_words(spoken())
    if _is_any(words.mail.asks, request):
        return Mail(request, words.mail, sender.strip())
    return PackingList(request, words.packing) if _is_any(words.packing.asks, request) else None


@cache
def text_words(language: str) -> TextWords:
    """English ones where there are none of that language."""
    path = files("senter.components.assistant").joinpath(f"texts_{language}.toml")
    return TextWords.model_validate(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else text_words(ENGLISH)


def _is_any(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text.strip(), re.IGNORECASE) for pattern in patterns)
