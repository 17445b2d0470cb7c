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
from senter.components.assistant.mine.tables.cells import Days, currency_in, figure_in, told_amount
from senter.components.assistant.mine.versions import paper_date
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


def prices_over_times(
    question: OwnQuestion, times: Sequence[tuple[str, Days | None]], pieces: Sequence[FoundPiece], now: datetime
) -> ComparedPrices | None:
    """What papers of two times say of the same thing, each the newest of its time; none where one of them is silent.
    Without days a time is now, or whatever was before it."""
    prices: list[_Price] = []
    for said, days in sorted(times, key=lambda time: time[1] is None):
        others = {price.quoted.address for price in prices}
        of = [piece for piece in pieces if piece.address not in others and (days is None or _is_paper_of(piece, days))]
        if price := _newest_price(said, question, of, now):
            prices.append(price)
    if len(prices) < len(times):
        return None
    low, high = sorted(prices, key=lambda price: price.value)
    return ComparedPrices((low.quoted, high.quoted), _verdict(low, high))


def _newest_price(said: str, question: OwnQuestion, pieces: Sequence[FoundPiece], now: datetime) -> _Price | None:
    """By the papers' own dates, the newest that has one."""
    dated = {piece.address: paper_date(piece) for piece in pieces}
    for path in sorted(dated, key=lambda path: dated[path], reverse=True):
        of = [piece for piece in pieces if piece.address == path]
        if price := _price_in(said, question, of, now):
            return price
    return None


def _is_paper_of(piece: FoundPiece, days: Days) -> bool:
    written_on = paper_date(piece)
    return days.first <= written_on <= days.last


def _price(called: str, question: OwnQuestion, pieces: Sequence[FoundPiece], now: datetime) -> _Price | None:
    terms = read_question(called, called, is_part=True).terms
    asked = replace(question, terms=(*terms, *question.terms))
    return _price_in(called, asked, pieces, now) if terms else None


def _price_in(called: str, question: OwnQuestion, pieces: Sequence[FoundPiece], now: datetime) -> _Price | None:
    asked = replace(question, wanted=frozenset({AnswerKind.PRICE}), pairs=())
    ranked = accompanied(asked, rank(asked, pieces, now), pieces)
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
