"""Which figure a question wants of a table: a sum, a count, an average, an extreme, for each month, of two compared.

Pure. What it says beside that, chooses rows and columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from senter.components.assistant.mine.asking import LONGEST_FIGURE_QUESTION, names_something
from senter.components.assistant.mine.words import own_words


class FigureKind(StrEnum):
    """What is reckoned over the rows."""

    SUM = "sum"
    COUNT = "count"
    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"
    FIRST = "first"
    LAST = "last"


class Measure(StrEnum):
    """What the figures measure, where a question says so."""

    SPENT = "spent"
    EARNED = "earned"
    MONEY = "money"
    AMOUNT = "amount"
    """Anything but money: hours, litres, pieces."""


_ONE = re.compile(r"\s+ones?\W*$", re.IGNORECASE)
"""`the AXA one` is the AXA."""
EXTREMES = frozenset({FigureKind.HIGHEST, FigureKind.LOWEST})
ENDS = frozenset({FigureKind.FIRST, FigureKind.LAST})


@dataclass(frozen=True, slots=True)
class FigureWanted:
    """A question for a figure, read."""

    kind: FigureKind
    rest: str
    """The question without the words that only say which figure."""
    measure: Measure | None = None
    per: str = ""
    """For each of what: `month`, `year`, or a word that may name a column."""
    compared: tuple[str, ...] = ()
    """The two that are set against each other."""
    is_implied: bool = False
    """Whether it is but named, and a figure only where a column is called so: `side job hours in October`."""

    @property
    def of_all(self) -> FigureWanted:
        """The same over all rows, where no column is called as what it is wanted for each of."""
        return replace(self, per="", rest=f"{self.per} {self.rest}")


def figure_wanted(text: str) -> FigureWanted | None:
    """None where it wants no figure, or says far more than that."""
    if len(text) > LONGEST_FIGURE_QUESTION:
        return None
    measure = measure_in(text)
    if compared := _compared(text):
        return FigureWanted(FigureKind.SUM, compared[0], measure, compared=compared[1:])
    kind, rest = _kind(text)
    per, rest = _per(rest, kind)
    if kind is None and per:
        kind = FigureKind.SUM
    if kind:
        return FigureWanted(kind, rest, measure, per)
    return FigureWanted(FigureKind.SUM, rest, measure, is_implied=True) if names_something(text) else None


def measure_in(text: str) -> Measure | None:
    return next((Measure(name) for name, pattern in own_words().measures.items() if pattern.search(text)), None)


def _compared(text: str) -> tuple[str, ...]:
    """The text without the two, and each of them."""
    for pattern in own_words().compares:
        if found := pattern.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return rest, *(_ONE.sub("", found[name]).strip(" ,?.") for name in ("first", "second"))
    return ()


def _kind(text: str) -> tuple[FigureKind | None, str]:
    for name, pattern in own_words().figure_kinds.items():
        if found := pattern.search(text):
            return FigureKind(name), f"{text[: found.start()]} {text[found.end() :]}"
    words = own_words()
    if words.asks_for_count.search(text):
        return FigureKind.COUNT, text
    return (FigureKind.SUM, text) if words.asks_for_sum.search(text) else (None, text)


def _per(text: str, kind: FigureKind | None) -> tuple[str, str]:
    """With an extreme also what it is asked of: `which month was the cheapest`."""
    for pattern in (own_words().per, *([own_words().which] if kind in EXTREMES else [])):
        if found := pattern.search(text):
            return found["per"].casefold(), f"{text[: found.start()]} {text[found.end() :]}"
    return "", text
