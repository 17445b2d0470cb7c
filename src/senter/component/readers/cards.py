"""Address cards (vcf): each as one paragraph and one sentence, in the words that people ask by."""

from __future__ import annotations

from senter.component.charsets import decode
from senter.component.readers.content_lines import ContentLine, content_lines
from senter.component.readers.days import day_in_words
from senter.component.readers.lines import OTHER_KIND, Lines
from senter.errors import Unreadable
from senter.text import one_line

WORDS = {
    "TEL": "Phone",
    "EMAIL": "E-mail",
    "ADR": "Address",
    "ORG": "Company",
    "TITLE": "Job",
    "ROLE": "Role",
    "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary",
    "NICKNAME": "Nickname",
    "URL": "Website",
    "NOTE": "Note",
    "CATEGORIES": "Groups",
    "IMPP": "Chat",
}
KINDS_OF_PLACE = {"HOME": "home", "WORK": "work", "CELL": "mobile", "FAX": "fax"}


def read(content: bytes, lines: Lines) -> None:
    """A card ends where it says so, where the next begins, or with the file. Raises `Unreadable` where none begins."""
    card, begun = list[ContentLine](), 0
    for line in content_lines(decode(content)):
        if line.name in ("BEGIN", "END"):
            _add(card, lines)
            card.clear()
            begun += line.name == "BEGIN"
        else:
            card.append(line)
    _add(card, lines)
    if not begun and content.strip():
        raise Unreadable(OTHER_KIND)


def _add(card: list[ContentLine], lines: Lines) -> None:
    known = [f"{_word(line)}: {shown}" for line in card if line.name in WORDS and (shown := _shown(line))]
    if name := _name(card):
        known.insert(0, f"Name: {name}")
    if known:
        lines.add("; ".join(known))
        lines.gap()


def _name(card: list[ContentLine]) -> str:
    full = next((line.text() for line in card if line.name == "FN"), "")
    parts = next((line.parts() for line in card if line.name == "N"), list[str]())
    last, first, *more = [*parts, "", ""]
    return one_line(full or " ".join(filter(None, [first, *more[:1], last])))


def _word(line: ContentLine) -> str:
    places = (KINDS_OF_PLACE.get(one) for one in line.parameters.get("TYPE", "").upper().split(","))
    place = ", ".join(filter(None, places))
    return f"{WORDS[line.name]} ({place})" if place else WORDS[line.name]


def _shown(line: ContentLine) -> str:
    if line.name in ("BDAY", "ANNIVERSARY"):
        return day_in_words(line.text())
    if line.name in ("ADR", "ORG"):
        return one_line(", ".join(filter(None, line.parts())))
    if line.name == "TEL":
        return one_line(line.text().removeprefix("tel:"))
    return one_line(line.text())
