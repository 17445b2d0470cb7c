"""The clauses of a text, with its times found and masked before it is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.moments.finding import find_when
from senter.moments.recurrence import is_rrule
from senter.moments.when import Span, When
from senter.understanding.clauses import SaidClause, clauses_of
from senter.understanding.masking import masked, without_quotes

MOST_CLAUSES = 200
"""More than anybody says at once; of a longer text they are what it begins with."""


def clauses_in(text: str, now: datetime, zone: ZoneInfo) -> tuple[SaidClause, ...]:
    """The clauses of a text, as they are classified."""
    whens = find_when(without_quotes(text), now, zone)
    clauses = clauses_of(text, masked(text, sorted({span for when in whens for span in _places(when, text)})))
    return tuple(_with_times(clause, whens) for clause in clauses[:MOST_CLAUSES])


def _places(when: When, text: str) -> Iterator[Span]:
    """Of its words, with the commas between them."""
    begin, end = 0, 0
    for span in sorted((*when.spans, *when.unread)):
        if end and not text[end : span[0]].strip(" ,"):
            end = span[1]
            continue
        if end:
            yield begin, end
        begin, end = span
    if end:
        yield begin, end


def _with_times(clause: SaidClause, whens: tuple[When, ...]) -> SaidClause:
    """With signals of what kind of times it names."""
    inside = [when for when in whens if any(clause.begin <= begin < clause.end for begin, _ in when.spans)]
    named = {
        "when_past": any(when.past for when in inside),
        "when_recurs": any(when.recurrence for when in inside),
        "when_weekly": any(_is_of_weekdays(when.recurrence) for when in inside if when.recurrence),
        "when_clock": any(when.says_clock_time for when in inside),
        "when_by": any(when.by for when in inside),
        "when_range": any(when.end for when in inside),
        "when_many": len(inside) > 1,
    }
    return replace(clause, signals=clause.signals | {name for name, holds in named.items() if holds})


def _is_of_weekdays(rule: str) -> bool:
    """Not of what is every day: such a rule is a habit more often than a date."""
    return "BYDAY=" in rule if is_rrule(rule) else rule.rpartition(" ")[2] not in ("*", "1-5")
