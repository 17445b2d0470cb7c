"""Whether what a model wrote keeps to its sources, as far as a machine can tell: citations and figures. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from senter.components.task_engine.execution.material import Document
from senter.components.task_engine.execution.summary import Cited
from senter.messages.goals import Source

_CITATION = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LIST_NUMBER = re.compile(r"^[^\S\n]*\d{1,2}[.)]\s", re.MULTILINE)


def numbers_cited(text: str) -> list[int]:
    """The source numbers in brackets, each once, in the order in which they come."""
    found = (int(number) for group in _CITATION.findall(text) for number in re.findall(r"\d+", group))
    return list(dict.fromkeys(found))


def problems_with(text: str, documents: Sequence[Document]) -> list[str]:
    """What a text that cites `documents`, numbered from 1, has no ground for."""
    cited = numbers_cited(text)
    problems = [] if cited else ["it cites no source"]
    problems += [f"there is no source [{number}]" for number in cited if not 1 <= number <= len(documents)]
    known = set(_figures("\n".join(f"{document.title} {document.text}" for document in documents)))
    plain = _LIST_NUMBER.sub("", _CITATION.sub("", text))
    unknown = dict.fromkeys(figure for figure in _figures(plain) if len(figure) > 1 and figure not in known)
    return problems + [f"no source has the figure {figure}" for figure in list(unknown)[:5]]


def renumbered(text: str, documents: Sequence[Document]) -> Cited:
    """The text with its sources numbered as they come, and only those it cites."""
    cited = [number for number in numbers_cited(text) if 1 <= number <= len(documents)]
    places = {number: place for place, number in enumerate(cited, 1)}

    def renumber(group: re.Match[str]) -> str:
        own = [places[int(number)] for number in re.findall(r"\d+", group[1]) if int(number) in places]
        return "".join(f"[{place}]" for place in own)

    sources: tuple[Source, ...] = tuple(documents[number - 1].source() for number in cited)
    return Cited(_CITATION.sub(renumber, text), sources)


def _figures(text: str) -> list[str]:
    return [figure.replace(",", "") for figure in _FIGURE.findall(text)]
