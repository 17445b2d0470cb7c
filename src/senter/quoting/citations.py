"""Texts that cite their sources by numbers in brackets, like [1]."""

from __future__ import annotations

import re
from dataclasses import dataclass

from senter.messages.goals import Source

CITATION = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with numbers in brackets, and the sources they stand for, from 1."""

    text: str
    sources: tuple[Source, ...]


def numbers_cited(text: str) -> list[int]:
    """The source numbers in brackets, each once, in the order in which they come."""
    found = (int(number) for group in CITATION.findall(text) for number in re.findall(r"\d+", group))
    return list(dict.fromkeys(found))
