"""Whether what a model wrote keeps to its sources, as far as a machine can tell: citations and figures. Pure.

A figure is grounded when a source has it, when the person said it, or when it counts what is there to be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from senter.messages.goals import Source
from senter.quoting.citations import CITATION, Cited, numbers_cited
from senter.quoting.source_text import SourceText

UNCHECKED = "*Written by a model without sources; check it before you use it.*"
"""Stands above a text that nothing was held against. Nothing is held against such a text either."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LIST_NUMBER = re.compile(r"^[ \t>#*-]*\d{1,2}[.)](?=\s)", re.MULTILINE)
_LIST_ENTRY = re.compile(r"^[ \t>]*(?:[*+-]|\d{1,3}[.)])\s", re.MULTILINE)


def problems_with(
    text: str, documents: Sequence[SourceText], given: Iterable[str] = (), *, must_cite: bool = True
) -> list[str]:
    """What a text that cites `documents`, numbered from 1, has no ground for.

    `given` are further texts that its figures may come from: what the person asked for, what tools answered.
    """
    cited = numbers_cited(text)
    problems = [] if cited or not must_cite else ["it cites no source"]
    problems += [f"there is no source [{number}]" for number in cited if not 1 <= number <= len(documents)]
    grounds = [*given, *(f"{document.title} {document.address}\n{document.text}" for document in documents)]
    grounds = [ground for ground in grounds if UNCHECKED not in ground]
    known = {reading for ground in grounds for figure in _FIGURE.findall(ground) for reading in _readings(figure)}
    known |= {str(count) for count in (len(documents), len(_LIST_ENTRY.findall(text)), *map(_lines, grounds))}
    unknown = dict.fromkeys(_ungrounded(text, known))
    return problems + [f"no source has the figure {figure}" for figure in list(unknown)[:5]]


def _ungrounded(text: str, known: Set[str]) -> Iterator[str]:
    for figure in _FIGURE.findall(_LIST_NUMBER.sub("", CITATION.sub("", text))):
        parts = re.split("[.,]", figure)
        in_parts = len(parts) > 2 and all(_plain(part) in known for part in parts)
        if len(_plain(figure)) > 1 and known.isdisjoint(_same(figure)) and not in_parts:
            yield figure


def _lines(ground: str) -> int:
    """How many things a list has, such as files or events."""
    return sum(bool(line.strip()) for line in ground.split("\n"))


def _readings(figure: str) -> Iterator[str]:
    """A figure of a source in the ways in which an honest text repeats it: a date or a version also in its parts."""
    yield from _same(figure)
    parts = re.split("[.,]", figure)
    if len(parts) > 2:
        yield from map(_plain, parts)
        yield _plain(".".join(parts[:2]))


def _same(figure: str) -> tuple[str, str]:
    """With the comma between thousands, and with the comma before the decimals."""
    return _plain(figure.replace(",", "")), _plain(figure.replace(",", "."))


def _plain(figure: str) -> str:
    """Without zeros that say nothing."""
    whole, point, decimals = figure.partition(".")
    decimals = decimals if "." in decimals else decimals.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{point if decimals else ''}{decimals}"


def renumbered(text: str, documents: Sequence[SourceText]) -> Cited:
    """The text with its sources numbered as they come, and only those it cites."""
    cited = [number for number in numbers_cited(text) if 1 <= number <= len(documents)]
    places = {number: place for place, number in enumerate(cited, 1)}

    def renumber(group: re.Match[str]) -> str:
        own = [places[int(number)] for number in re.findall(r"\d+", group[1]) if int(number) in places]
        return "".join(f"[{place}]" for place in own)

    sources: tuple[Source, ...] = tuple(documents[number - 1].source() for number in cited)
    return Cited(CITATION.sub(renumber, text), sources)
