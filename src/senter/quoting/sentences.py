"""The sentences of a text, without Markdown's marks: what can be quoted.

Headings, tables, code and front matter are no sentences; the heading above a sentence goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from senter.text import one_line

SHORTEST_WORDS = 4
LONGEST_CHARACTERS = 600
MOST_SENTENCES = 2_000
LONGEST_ABBREVIATION = len(" approx.")
GERMAN_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"  # codespell:ignore

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+")
_UNDERLINE = re.compile(r"^(?:=+|-+)\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_LINK = re.compile(r"!?\[([^\[\]]{0,1000})\]\([^)\s]{0,2000}\)")
_MARKS = re.compile(r"\*\*|(?<![\w*])\*(?=\w)|(?<=[\w.])\*(?![\w*])|`")
_FOOTNOTE = re.compile(r"\s?\[\^?\d{1,4}\]")
_MARKED = re.compile(r"[*`\[<]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
# A full stop ends a sentence where a capital, a digit or a quote follows, and no abbreviation stands before it.
_END = re.compile(
    r"(?<=[.!?…。！？])[\"”’)\]]*\s+(?=[\"“‘(\[]?[A-ZÀ-ÖØ-Þ0-9\u0400-\u042f\u0590-\uffff])|(?<=[。！？])(?=[^\s。！？」』）)])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|approx|ca|etc|bzw|z\.B|d\.h|u\.a|Nr|Str|Tel|inkl|ggf|usw)|\b[A-Z])\.$"
)


# The 26. of `am 26. Mai` ends none either.
_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(rf"\s*(?:{GERMAN_MONTHS})\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, where it stands, and the heading above it."""

    text: str
    position: int
    heading: str = ""


def sentences(text: str) -> list[Sentence]:
    """The sentences that are long enough to say something, in order."""
    return list(islice(_numbered(text), MOST_SENTENCES))


def plain(text: str) -> str:
    """A piece of Markdown on one line, without its marks and the numbers of its own footnotes."""
    if not _MARKED.search(text):
        return one_line(text)
    return one_line(_FOOTNOTE.sub("", _MARKS.sub("", _TAG.sub(" ", _LINK.sub(r"\1", text)))))


def _numbered(text: str) -> Iterator[Sentence]:
    position = 0
    for heading, paragraph in _paragraphs(text):
        for piece in split_sentences(paragraph):
            if len(piece.split()) >= SHORTEST_WORDS:
                yield Sentence(_cut(piece), position, heading)
                position += 1


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Each paragraph and each list entry, with the heading above it."""
    heading, gathered = "", list[str]()
    lines = _CODE.sub("\n", _FRONT_MATTER.sub("", text.replace("\r\n", "\n"))).split("\n")
    for line in [*lines, ""]:
        found = _HEADING.match(line)
        underlined = bool(_UNDERLINE.match(line)) and len(gathered) == 1
        if found or underlined or not line.strip() or _BULLET.match(line) or line.lstrip().startswith("|"):
            if gathered and not underlined:
                yield heading, plain(" ".join(gathered))
            if found or underlined:  # without the marks that may close it
                heading = _cut(plain(line[found.end() :].rstrip("#") if found else gathered[0]))
            gathered = [_BULLET.sub("", line, count=1)] if _BULLET.match(line) and not underlined else []
        else:
            gathered.append(line.lstrip("> "))


def split_sentences(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph, whatever their length."""
    begin = 0
    for end in _END.finditer(paragraph):
        said = paragraph[max(begin, end.start() - LONGEST_ABBREVIATION) : end.end()].rstrip()
        if _ABBREVIATION.search(said) or (_DAY.search(said) and _MONTH.match(paragraph, end.end())):
            continue
        yield paragraph[begin : end.end()].strip()
        begin = end.end()
    if rest := paragraph[begin:].strip():
        yield rest


def _cut(piece: str) -> str:
    if len(piece) <= LONGEST_CHARACTERS:
        return piece
    return piece[:LONGEST_CHARACTERS].rpartition(" ")[0] or piece[:LONGEST_CHARACTERS]
