"""The words that answers without a model go by, of `words_en.toml`: another language is another file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel

Patterns = list[str]


class WordsFile(BaseModel):
    """What stands in such a file."""

    topics: dict[str, Patterns]
    work: dict[str, Patterns]
    programs: dict[str, Patterns]
    calendar: dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """Of one language."""

    topics: Mapping[str, re.Pattern[str]]
    tools: re.Pattern[str]
    templates: re.Pattern[str]
    plain: frozenset[str]

    def topic_of(self, text: str) -> str:
        """What of Senter's own a question is about; empty where that is not known."""
        plain = " ".join(text.casefold().strip(" ?!.").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
        return next((name for name, pattern in self.topics.items() if pattern.search(plain)), "")

    def telling(self, text: str) -> frozenset[str]:
        """The words of a text that name something in particular."""
        return frozenset(re.findall(r"\w+", text.casefold())) - self.plain


@cache
def english() -> Words:
    file = WordsFile.model_validate(
        tomllib.loads(files("senter.components.assistant").joinpath("words_en.toml").read_text("utf-8"))
    )
    return Words(
        topics={name: _any(patterns) for name, patterns in file.topics.items()},
        tools=_any(file.work["tools"]),
        templates=_any(file.programs["templates"]),
        plain=frozenset(file.calendar["plain"].split()),
    )


def _any(patterns: Patterns) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
