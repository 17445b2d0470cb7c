"""The words that answers without a model go by, of `words_LANGUAGE.toml`: those of the language that is spoken."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel

from senter.sentences import ENGLISH, spoken

Patterns = list[str]
PLAN = "plan"
"""The topic of who wants days planned."""
CLOCK = "clock"
"""The topic of who wants to know the time or the day."""
BRIEFING, FINDINGS = "briefing", "findings"
"""The topics of who wants the digest of the day, and of who wants what was found."""


class PlanWords(BaseModel):
    """Of somebody who wants days planned."""

    asks: Patterns
    beside: str
    one_day: str
    this: tuple[str, str]


class DigestWords(BaseModel):
    """Of somebody who wants a digest: what may stand around it, and what it is asked for by."""

    before: str
    after: str
    briefing: Patterns
    findings: Patterns


class WordsFile(BaseModel):
    """What stands in such a file."""

    topics: dict[str, Patterns]
    whole: dict[str, Patterns]
    spelling: dict[str, str]
    plan: PlanWords
    digest: DigestWords
    alone: dict[str, list[str]]
    work: dict[str, Patterns]
    undoing: dict[str, Patterns]
    asked_to: dict[str, Patterns]
    programs: dict[str, Patterns]
    calendar: dict[str, str]
    continued: dict[str, str]


@dataclass(frozen=True, slots=True)
class AboutWords:
    """Of one language."""

    topics: Mapping[str, re.Pattern[str]]
    alone: Mapping[str, str]
    """Topics by the words that are nothing but them."""
    whole: Mapping[str, re.Pattern[str]]
    """Topics by what wants them and nothing else: a digest or a part of one, the time, what is on."""
    tools: re.Pattern[str]
    undone: re.Pattern[str]
    """That an undo is to be taken back."""
    undo_numbered: re.Pattern[str]
    """Which action is to be taken back, by its number."""
    undo_several: re.Pattern[str]
    asked_to_write: re.Pattern[str]
    asked_to_list: re.Pattern[str]
    templates: re.Pattern[str]
    asks_for_plan: re.Pattern[str]
    beside_plan: frozenset[str]
    one_day: re.Pattern[str]
    this: tuple[re.Pattern[str], str]
    plain: frozenset[str]
    whether: re.Pattern[str]
    """How a question begins that wants a yes or a no."""
    hasty: re.Pattern[str]
    """A word without its apostrophe: what stands before it, and after."""
    asks_on: re.Pattern[str]
    """How a text begins that goes on about what was asked before."""
    part_of_day: re.Pattern[str]
    about_it: re.Pattern[str]
    """A text that points to what was spoken of, and to nothing of the user's."""

    def is_plan(self, text: str) -> bool:
        """Whether it wants days planned, and nothing else."""
        plain = _plain(text)
        wants = self.asks_for_plan.search(plain) is not None
        return wants and self.beside_plan.issuperset(re.findall(r"[\w']+", plain))

    def topic_of_all(self, text: str) -> str:
        """The topic of a text that is about nothing beside it, whatever else it may be taken for; else empty."""
        if self.is_plan(text):
            return PLAN
        plain = _plain(text)
        return next((topic for topic, each in self.whole.items() if each.fullmatch(plain)), "")

    def is_one_day(self, text: str) -> bool:
        """Whether the days that a plan is wanted for are one."""
        return self.one_day.search(text) is not None

    def with_this(self, text: str) -> str:
        """`My weekend` is this one; `my week` are the seven days to come, on a Sunday too."""
        return self.this[0].sub(self.this[1], text)

    def topic_of(self, text: str) -> str:
        """What of Senter's own a question is about; empty where that is not known."""
        plain = _plain(text)
        found = self.topic_of_all(text) or self.alone.get(plain)
        return found or next((name for name, each in self.topics.items() if each.search(plain)), "")

    def topic_alone(self, text: str) -> str:
        """The topic of a text that is nothing but its name."""
        return self.alone.get(_plain(text), "")

    def telling(self, text: str) -> frozenset[str]:
        """The words of a text that name something in particular."""
        return frozenset(re.findall(r"\w+", text.casefold())) - self.plain

    def asks_whether(self, text: str) -> bool:
        """Whether a question wants a yes or a no."""
        return self.whether.match(text) is not None


def spelled(text: str) -> str:
    """With the apostrophes that are left out in haste: `whats on`."""
    return words().hasty.sub(r"\1'\2", text)


def _plain(text: str) -> str:
    """In small letters, without marks at its ends."""
    text = text.casefold().strip(" ?!.").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(spelled(text).split())


def words() -> AboutWords:
    """Of the language that is spoken; of English where there are none of it."""
    return _words(spoken())


@cache
def _words(language: str) -> AboutWords:
    folder = files("senter.components.assistant")
    path = folder.joinpath(f"words_{language}.toml")
    if not path.is_file():
        return _words(ENGLISH)
    file = WordsFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    return AboutWords(
        topics={name: _any(patterns) for name, patterns in file.topics.items()},
        alone={words: name for name, each in file.alone.items() for words in each},
        whole={
            **{name: _any(patterns) for name, patterns in file.whole.items()},
            BRIEFING: _around(file.digest, file.digest.briefing),
            FINDINGS: _around(file.digest, file.digest.findings),
        },
        tools=_any(file.work["tools"]),
        undone=_any(file.undoing["undone"]),
        undo_numbered=_any(file.undoing["numbered"]),
        undo_several=_any(file.undoing["several"]),
        asked_to_write=_any(file.asked_to["write"]),
        asked_to_list=_any(file.asked_to["list"]),
        templates=_any(file.programs["templates"]),
        asks_for_plan=_any(file.plan.asks),
        beside_plan=frozenset(file.plan.beside.split()),
        one_day=re.compile(file.plan.one_day, re.IGNORECASE),
        this=(re.compile(file.plan.this[0], re.IGNORECASE), file.plan.this[1]),
        plain=frozenset(file.calendar["plain"].split()),
        asks_on=re.compile(file.continued["asks_on"], re.IGNORECASE),
        about_it=re.compile(file.continued["about_it"], re.IGNORECASE),
        part_of_day=re.compile(file.continued["part_of_day"], re.IGNORECASE),
        whether=re.compile(file.calendar["whether"], re.IGNORECASE),
        hasty=re.compile(file.spelling["hasty"], re.IGNORECASE),
    )


def _around(words: DigestWords, patterns: Patterns) -> re.Pattern[str]:
    return re.compile(f"{words.before}(?:{_any(patterns).pattern}){words.after}", re.IGNORECASE)


def _any(patterns: Patterns) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
