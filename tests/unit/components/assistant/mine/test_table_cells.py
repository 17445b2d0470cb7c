from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from senter.components.assistant.mine.tables.cells import (
    DayCell,
    DayOrder,
    Days,
    currency_in,
    day_in,
    figure_in,
    may_be_either,
    month_in,
    tells_order,
)


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("1,180.00", "1180.00"),
        ("1.180,00", "1180.00"),
        ("84,20 €", "84.20"),
        ("1,180", "1180"),
        ("-12.5", "-12.5"),
        ("\N{MINUS SIGN}12,50", "-12.50"),
        ("(12.50)", "-12.50"),
        ("12,50-", "-12.50"),
        ("1 234.5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("€ 0.99", "0.99"),
    ],
)
def test_figures_are_read_as_they_are_written(cell: str, figure: str) -> None:
    assert figure_in(cell) == Decimal(figure)


@pytest.mark.parametrize("cell", ["", "?", "n/a", "3 of 4"])
def test_what_is_no_single_figure_is_none(cell: str) -> None:
    assert figure_in(cell) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-04", DayCell(2026, 3, 4)),
        ("2026-03-04 10:15", DayCell(2026, 3, 4)),
        ("04.03.2026", DayCell(2026, 3, 4)),
        ("4.3.26", DayCell(2026, 3, 4)),
        ("25/03/2026", DayCell(2026, 3, 25)),
        ("03/25/2026", DayCell(2026, 3, 25)),
        ("4 March 2026", DayCell(2026, 3, 4)),
        ("4. März 2026", DayCell(2026, 3, 4)),
        ("March 4, 2026", DayCell(2026, 3, 4)),
        ("2026-03", DayCell(2026, 3)),
        ("03/2026", DayCell(2026, 3)),
        ("Mar 2026", DayCell(2026, 3)),
        ("März", DayCell(0, 3)),
    ],
)
def test_days_and_months_are_read_in_any_of_their_forms(cell: str, day: DayCell) -> None:
    assert day_in(cell) == day


@pytest.mark.parametrize("cell", ["", "12.50", "Mary 4", "2026-13-01", "31.02.2026", "41210"])
def test_what_is_no_day_is_none(cell: str) -> None:
    assert day_in(cell) is None


def test_a_day_between_strokes_may_be_read_in_two_ways_unless_it_tells() -> None:
    assert may_be_either("03/04/2026")
    assert day_in("03/04/2026", DayOrder.MONTH_FIRST) == DayCell(2026, 3, 4)
    assert day_in("03/04/2026", DayOrder.DAY_FIRST) == DayCell(2026, 4, 3)
    assert not may_be_either("03.04.2026")
    assert not may_be_either("04/04/2026")
    assert [tells_order(cell) for cell in ("13/04/2026", "04/13/2026", "03/04/2026")] == [
        DayOrder.DAY_FIRST,
        DayOrder.MONTH_FIRST,
        None,
    ]


def test_a_month_is_all_its_days() -> None:
    assert DayCell(2024, 2).days() == Days(date(2024, 2, 1), date(2024, 2, 29))
    assert DayCell(0, 12).days(2026) == Days(date(2026, 12, 1), date(2026, 12, 31))
    assert DayCell(0, 12).days() is None


@pytest.mark.parametrize(("text", "currency"), [("12 €", "EUR"), ("euros", "EUR"), ("USD", "USD"), ("12", "")])
def test_currencies_are_known_by_three_letters(text: str, currency: str) -> None:
    assert currency_in(text) == currency


def test_a_month_is_found_in_a_title() -> None:
    assert month_in("Household budget March 2026") == "March 2026"
    assert month_in("Household budget") == ""
