from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from senter.components.assistant.mine.question import read_question
from senter.components.assistant.mine.tables import Days, Sum, count_asked, figure_in, read_table, sum_asked

GERMAN = "Datum;Kategorie;Betrag (EUR)\n01.10.2026;Bücher;1.234,50\n05.11.2026;Bücher;10,00\n06.11.2026;Auto;?\n"
ENGLISH = """date,category,description,amount
2026-10-03,groceries,market,84.20
2026-10-17,groceries,supermarket,76.10
2026-11-05,groceries,market,91.30
2026-11-12,travel,train,100.00
"""
OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))


def summed(question: str, text: str, days: Days | None = None) -> Sum | None:
    table = read_table(text)
    assert table
    return sum_asked(read_question(question, question), table, "expenses.csv", days)


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("1,180.00", "1180.00"),
        ("1.180,00", "1180.00"),
        ("84,20 €", "84.20"),
        ("1,180", "1180"),
        ("-12.5", "-12.5"),
        ("1 234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("€ 0.99", "0.99"),
    ],
)
def test_figures_are_read_as_they_are_written(cell: str, figure: str) -> None:
    assert figure_in(cell) == Decimal(figure)


@pytest.mark.parametrize("cell", ["", "?", "n/a", "3 of 4"])
def test_what_is_no_single_figure_is_none(cell: str) -> None:
    assert figure_in(cell) is None


def test_rows_are_chosen_by_words_and_days_and_counted() -> None:
    found = summed("How much did I spend on groceries", ENGLISH, OCTOBER)
    assert found == Sum(Decimal("160.30"), "amount", 2, 0, "", ("groceries",))


def test_without_a_word_that_chooses_all_rows_count() -> None:
    found = summed("How much did I spend in total", ENGLISH)
    assert found
    assert (found.total, found.rows) == (Decimal("351.60"), 4)


def test_a_word_that_the_table_does_not_have_gives_no_sum() -> None:
    assert summed("How much did I spend on unicorns", ENGLISH) is None


def test_two_words_must_be_had_by_the_same_row() -> None:
    assert summed("How much did I spend on groceries travel", ENGLISH) is None


def test_german_tables_are_read_and_rows_without_a_figure_are_told() -> None:
    found = summed("How much did I spend in total", GERMAN)
    assert found == Sum(Decimal("1244.50"), "Betrag (EUR)", 2, 1, "EUR", ())


def test_a_table_without_days_gives_no_sum_of_a_time() -> None:
    assert summed("How much did I spend", "category,amount\nbooks,3\nfood,4\n", OCTOBER) is None


@pytest.mark.parametrize("text", ["", "one line", "a,b\n", "no table\nat all\n"])
def test_what_is_no_table_is_none(text: str) -> None:
    assert read_table(text) is None


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many entries for groceries", 3),
        ("How many grocery trips did I make", 3),
        ("How many rows are in expenses.csv", 4),
        ("How many parrots did I buy", None),
        ("How many amount", None),
    ],
)
def test_rows_are_counted(question: str, rows: int | None) -> None:
    table = read_table(ENGLISH)
    assert table
    found = count_asked(read_question(question, question), table, "expenses.csv", None)
    assert (found.rows if found else None) == rows


FLAGGED = "number,client,amount,paid\n101,Acme,1200,yes\n102,Bolt,800,No\n103,Cora,450,no\n104,Dune,1,\n"


@pytest.mark.parametrize(
    ("question", "total", "rows"),
    [
        ("the sum of the unpaid invoices", "1250", 2),
        ("what have we not paid in total", "1250", 2),
        ("the total amount of the paid invoices", "1200", 1),
        ("how much did Bolt and its invoices come to", "800", 1),
    ],
)
def test_a_column_of_yes_and_no_says_what_a_row_is(question: str, total: str, rows: int) -> None:
    table = read_table(FLAGGED)
    assert table
    found = sum_asked(read_question(question, question), table, "invoices.csv", None)
    assert found
    assert (found.total, found.rows) == (Decimal(total), rows)


def test_a_row_is_shown_as_it_stands_and_found_as_it_is_spoken_of() -> None:
    table = read_table(FLAGGED)
    assert table
    assert list(table.lines())[1] == (
        "number: 102; client: Bolt; amount: 800; paid: No",
        "number: 102; client: Bolt; amount: 800; unpaid",
    )
