"""Compares what two papers say that things cost: `which is cheaper, the Allianz or the AXA one`. Pure.

Both sentences are quoted. Only amounts of one currency and for the same time are set against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from senter.components.assistant.mine.companions import accompanied
from senter.components.assistant.mine.question import AnswerKind, OwnQuestion, read_question
from senter.components.assistant.mine.ranking import FoundPiece, Ranked, rank
from senter.components.assistant.mine.tables.cells import currency_in, figure_in, told_amount
from senter.components.assistant.mine.words import own_words
from senter.messages.query import Quoted
from senter.sentences import phrase


@dataclass(frozen=True, slots=True)
class ComparedPrices:
    """The two sentences, the lower amount first where that is clear."""

    quotes: tuple[Quoted, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class _Price:
    called: str
    quoted: Quoted
    value: Decimal
    currency: str
    per: str
    """For which time: `month`, `year`; empty where that is not said."""


def compare_prices(
    compared: tuple[str, ...], question: OwnQuestion, pieces: Sequence[FoundPiece], now: datetime
) -> ComparedPrices | None:
    """None where one of the two has no amount."""
    prices = [price for called in compared if (price := _price(called, question, pieces, now))]
    if len(prices) < len(compared) or len({price.quoted.quote for price in prices}) < len(prices):
        return None
    low, high = sorted(prices, key=lambda price: price.value)
    return ComparedPrices((low.quoted, high.quoted), _verdict(low, high))


def _price(called: str, question: OwnQuestion, pieces: Sequence[FoundPiece], now: datetime) -> _Price | None:
    terms = read_question(called, called, is_part=True).terms
    asked = replace(question, terms=(*terms, *question.terms), wanted=frozenset({AnswerKind.PRICE}), pairs=())
    ranked = accompanied(asked, rank(asked, pieces, now), pieces) if terms else []
    told = ((one, found) for one in ranked if one.answers and (found := own_words().money.search(_text(one))))
    best = next(told, None)
    if best is None or (value := figure_in(best[1].group())) is None:
        return None
    one, found = best
    per = own_words().per_time.search(_text(one), found.end())
    return _Price(called, one.candidate.quoted, value, currency_in(found.group()), per["per"].casefold() if per else "")


def _text(one: Ranked) -> str:
    return one.candidate.shown or one.candidate.text


def _verdict(low: _Price, high: _Price) -> str:
    if low.currency != high.currency:
        return phrase("They are in different currencies and are not compared.")
    if own_words().spans.get(low.per, low.per) != own_words().spans.get(high.per, high.per):
        return phrase("They are for different times and are not compared.")
    if low.value == high.value:
        return phrase("Both are the same.")
    by = told_amount(high.value - low.value, low.currency)
    return phrase("Less: {low}, {by} less than {high}.", low=low.called, by=by, high=high.called)
