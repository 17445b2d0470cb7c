from __future__ import annotations

import pytest

from senter.components.assistant.mine.tables.reading import (
    SHEET,
    has_tables,
    read_table,
    read_tables,
    without_tables,
)

FLAGGED = "number,client,amount,paid\n101,Acme,1200,yes\n102,Bolt,800,No\n103,Cora,450,no\n104,Dune,1,\n"
BOOK = """# March
Budget March 2026

Category\tPlanned\tSpent
Food\t100\t80
Total\t100\t80

# April
Budget April 2026

Category\tPlanned\tSpent
Food\t120\t90.5
Total\t120\t90.5

# Goals (hidden)
Goal\tSaved
Kitchen\t3200
"""


@pytest.mark.parametrize("text", ["", "one line", "a,b\n", "no table\nat all\n"])
def test_what_is_no_table_is_none(text: str) -> None:
    assert read_table(text) is None


def test_the_head_may_stand_below_other_lines() -> None:
    table = read_table("Account;DE00;;\nFrom;1 March;;\n\nDay;Payee;For;Amount\n2026-03-01;Rewe;food;-3,50\n")
    assert table
    assert (table.head, table.rows) == (("Day", "Payee", "For", "Amount"), (("2026-03-01", "Rewe", "food", "-3,50"),))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_are_cut_where_most_lines_are(delimiter: str) -> None:
    table = read_table("\n".join(delimiter.join(row) for row in (("day", "what"), ("2026-01-02", "x y"))))
    assert table
    assert table.rows == (("2026-01-02", "x y"),)


def test_decimal_commas_are_no_delimiters() -> None:
    table = read_table("a;b\nx;1,50\ny;2,50\nz;3,50\n")
    assert table
    assert table.rows[0] == ("x", "1,50")


@pytest.mark.parametrize("last", ["Total,30", "Summe,30", ",30"])
def test_rows_that_add_up_others_are_set_apart(last: str) -> None:
    table = read_table(f"what,amount\na,10\nb,20\n{last}\n")
    assert table
    assert len(table.rows) == 2
    assert len(table.totals) == 1


def test_sheets_with_the_same_head_are_one_table_and_others_are_their_own() -> None:
    assert has_tables(BOOK)
    budget, goals = read_tables(BOOK)
    assert budget.head == (SHEET, "Category", "Planned", "Spent")
    assert budget.rows == (("March 2026", "Food", "100", "80"), ("April 2026", "Food", "120", "90.5"))
    assert (goals.sheet, goals.rows) == ("Goals (hidden)", (("Kitchen", "3200"),))


def test_tables_are_known_in_the_text_of_a_letter_and_left_out_of_it() -> None:
    letter = "Dear all,\n\nhere they are.\n\n# Plots\nPlot\tTenant\n7\tVogel\n\nNo parking."
    [plots] = read_tables(letter)
    assert plots.rows == (("7", "Vogel"),)
    assert "Vogel" not in without_tables(letter)
    assert "No parking." in without_tables(letter)
    assert not has_tables("# Notes\nno table here\n")


def test_a_row_is_shown_as_it_stands_and_found_as_it_is_spoken_of() -> None:
    table = read_table(FLAGGED)
    assert table
    assert list(table.lines())[1] == (
        "number: 102; client: Bolt; amount: 800; paid: No",
        "number: 102; client: Bolt; amount: 800; unpaid",
    )
