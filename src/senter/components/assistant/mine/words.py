"""The words that questions about one's own affairs go by, of `words_en.toml`: another language is another file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel

from senter.quoting.words import stem


class RowWords(BaseModel):
    """Of rows of tables."""

    owed_to_user: str
    asks_own_debts: str
    asks_debts_of_others: str


class OwnWordsFile(BaseModel):
    """What stands in such a file."""

    plain: str
    light: str
    wants: dict[str, str]
    has: dict[str, str]
    hints: dict[str, str]
    asks: str
    opens: str
    lists: str
    orders: str
    own: str
    named: str
    name_alone: str
    advice: str
    past: str
    coming: str
    next: str
    sentence: str
    titles: tuple[str, ...]
    rewrites: tuple[tuple[str, str], ...]
    sums: dict[str, str]
    rows: RowWords
    flags: dict[str, str]
    sought: dict[str, str]
    seasons: dict[str, tuple[int, int]]
    kindred: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Of one language."""

    plain: frozenset[str]
    light: frozenset[str]
    """Stems."""
    wants: Mapping[str, re.Pattern[str]]
    has: Mapping[str, re.Pattern[str]]
    hints: Mapping[str, re.Pattern[str]]
    asks: re.Pattern[str]
    """A sentence that asks or tells Senter to look: it answers nothing."""
    opens: re.Pattern[str]
    """A question for all that there is to say."""
    lists: re.Pattern[str]
    """A question that several things may answer."""
    own: re.Pattern[str]
    named: re.Pattern[str]
    name_alone: re.Pattern[str]
    """It asks no more than what a name is, or who or where."""
    advice: re.Pattern[str]
    orders: re.Pattern[str]
    """What a text tells a machine that reads it to do."""
    past: re.Pattern[str]
    coming: re.Pattern[str]
    sentence: re.Pattern[str]
    """What is said and not looked for: whoever does it, a greeting."""
    next: re.Pattern[str]
    """Where a question ends and the next begins."""
    titles: tuple[str, ...]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    asks_for_sum: re.Pattern[str]
    asks_for_count: re.Pattern[str]
    figure_as_work: re.Pattern[str]
    """A figure that is to be put somewhere, or something else to be done beside it."""
    figure: re.Pattern[str]
    """An amount in a record."""
    flags_yes: frozenset[str]
    flags_no: frozenset[str]
    not_so: str
    """With `{name}` for what a row is not."""
    seasons: Mapping[str, tuple[int, int]]
    """The months that they begin and end with."""
    says_sum: frozenset[str]
    """Stems."""
    amount: re.Pattern[str]
    day: re.Pattern[str]
    currency: re.Pattern[str]
    owed_to_user: re.Pattern[str]
    asks_own_debts: re.Pattern[str]
    asks_debts_of_others: re.Pattern[str]
    sought: Mapping[str, tuple[str, ...]]
    """By a word, others to look for too."""
    kindred: Mapping[str, frozenset[str]]
    """By the stem of a word, other words that may stand for it."""


@cache
def english() -> OwnWords:
    text = files("senter.components.assistant.mine").joinpath("words_en.toml").read_text("utf-8")
    file = OwnWordsFile.model_validate(tomllib.loads(text))
    return OwnWords(
        plain=frozenset(file.plain.split()),
        light=frozenset(map(stem, file.light.split())),
        wants=_compiled(file.wants),
        has=_compiled(file.has),
        hints=_compiled(file.hints),
        asks=re.compile(file.asks, re.IGNORECASE),
        opens=re.compile(file.opens, re.IGNORECASE),
        lists=re.compile(file.lists, re.IGNORECASE),
        own=re.compile(file.own),
        named=re.compile(file.named),
        name_alone=re.compile(file.name_alone),
        advice=re.compile(file.advice, re.IGNORECASE),
        orders=re.compile(file.orders, re.IGNORECASE),
        past=re.compile(file.past, re.IGNORECASE),
        coming=re.compile(file.coming, re.IGNORECASE),
        sentence=re.compile(file.sentence, re.IGNORECASE),
        next=re.compile(file.next, re.IGNORECASE),
        titles=file.titles,
        rewrites=_with_words(file.rewrites),
        asks_for_sum=re.compile(file.sums["asks"], re.IGNORECASE),
        asks_for_count=re.compile(file.sums["counts"], re.IGNORECASE),
        figure_as_work=re.compile(file.sums["work"], re.IGNORECASE),
        figure=re.compile(file.sums["figure"], re.IGNORECASE),
        flags_yes=frozenset(file.flags["yes"].split()),
        flags_no=frozenset(file.flags["no"].split()),
        not_so=file.flags["not_so"],
        seasons=file.seasons,
        says_sum=frozenset(map(stem, file.sums["says"].split())),
        amount=re.compile(file.sums["amount"], re.IGNORECASE),
        day=re.compile(file.sums["day"], re.IGNORECASE),
        currency=re.compile(file.sums["currency"], re.IGNORECASE),
        owed_to_user=re.compile(file.rows.owed_to_user, re.IGNORECASE),
        asks_own_debts=re.compile(file.rows.asks_own_debts, re.IGNORECASE),
        asks_debts_of_others=re.compile(file.rows.asks_debts_of_others, re.IGNORECASE),
        sought={word: tuple(others.split()) for word, others in file.sought.items()},
        kindred=_kindred(group.split() for group in file.kindred["groups"]),
    )


def _compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


def _with_words(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in pairs)


def _kindred(groups: Iterable[list[str]]) -> dict[str, frozenset[str]]:
    """The first word of a group is what is asked with; the others may stand for it."""
    kindred: dict[str, frozenset[str]] = {}
    for first, *others in groups:
        kindred[stem(first)] = kindred.get(stem(first), frozenset()) | set(others)
    return kindred
