"""What is reckoned over the rows of tables, with what it says of them: the lines that people read."""

from __future__ import annotations

from datetime import date

import pytest

from senter.components.assistant.mine.question import read_question
from senter.components.assistant.mine.tables.asked import NamedTable, figures_asked
from senter.components.assistant.mine.tables.cells import Days
from senter.components.assistant.mine.tables.reading import read_table
from senter.components.assistant.mine.tables.wanted import figure_wanted

GERMAN = "Datum;Kategorie;Betrag (EUR)\n01.10.2026;Bücher;1.234,50\n05.11.2026;Bücher;10,00\n06.11.2026;Auto;?\n"
ENGLISH = """date,category,description,amount
2026-10-03,groceries,market,84.20
2026-10-17,groceries,supermarket,76.10
2026-11-05,groceries,market,91.30
2026-11-12,travel,train,100.00
"""
ACCOUNT = """day;payee;category;amount EUR
2026-10-01;Sander;income;2.000,00
2026-10-05;Market;groceries;-80,00
2026-10-09;Market;groceries;5,00
2026-11-02;Pump;fuel;-60,00
2026-11-30;Pump;fuel;-70,00
"""
FLAGGED = "number,client,amount,paid\n101,Acme,1200,yes\n102,Bolt,800,No\n103,Cora,450,no\n104,Dune,1,\n"
BILLS = "bill,vendor,net,gross\nA1,Hahn,100,119\nA2,Ilg,200,238\n"
TWO_AMOUNTS = "what,amount,total\nchair,100,119\ntable,200,238\n"
CARD = "when,shop,currency,amount\n03/04/2026,Inn,EUR,10\n04/03/2026,Kiosk,USD,5\n05/06/2026,Inn,EUR,7\n"
OPEN = "number,client,amount,status\n1,Acme,1200,paid\n2,Acme,990,open\n3,Bolt,640,open\n"
HOURS = "day,client,hours\n2026-11-02,North,6.5\n2026-11-03,Museum,3\n2026-11-10,North,4\n"
OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))
APRIL = Days(date(2026, 4, 1), date(2026, 4, 30))


def told(question: str, text: str, days: Days | None = None, name: str = "expenses.csv") -> str:
    """The one line, or none."""
    table, wanted = read_table(text), figure_wanted(question)
    assert table
    if wanted is None:
        return ""
    asked = read_question(question, wanted.rest)
    found = figures_asked(wanted, asked, [NamedTable(f"/{name}", table)], days, "October" if days else "")
    assert len(found) <= 1
    return found[0].quote if found else ""


def test_rows_are_chosen_by_words_and_days_counted_and_named() -> None:
    assert told("How much did I spend on groceries", ENGLISH, OCTOBER) == (
        'groceries, October: 160.30, the sum of "amount" over 2 rows (/expenses.csv): '
        "2026-10-03, groceries, market, 84.20; 2026-10-17, groceries, supermarket, 76.10"
    )


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("How much did I spend in total", ENGLISH, 'In all: 351.60, the sum of "amount" over 4 rows'),
        ("How much did I spend in total", GERMAN, 'In all: 1,244.50 EUR, the sum of "Betrag (EUR)" over 2 rows'),
        ("the sum of the unpaid invoices", FLAGGED, '1,250, the sum of "amount" over 2 rows'),
        ("what have we not paid in total", FLAGGED, '1,250, the sum of "amount" over 2 rows'),
        ("the total amount of the paid invoices", FLAGGED, '1,200, the sum of "amount" over 1 row'),
        ("how much did Bolt come to", FLAGGED, 'Bolt: 800, the sum of "amount" over 1 row'),
        ("how much did Acme pay me", OPEN, 'Acme, paid: 1,200, the sum of "amount" over 1 row'),
        ("how much have clients paid in total", OPEN, 'paid: 1,200, the sum of "amount" over 1 row'),
        ("what is the sum for Acme", OPEN, 'Acme: 2,190, the sum of "amount" over 2 rows'),
        ("how much did I pay for groceries", ENGLISH, 'groceries: 251.60, the sum of "amount" over 3 rows'),
        ("How many entries for groceries", ENGLISH, "groceries: 3 rows"),
        ("How many rows are in expenses.csv", ENGLISH, "In all: 4 rows"),
        ("what was the highest amount", ENGLISH, 'In all: 100.00, the highest "amount" (/expenses.csv): 2026-11-12'),
        ("what were the cheapest groceries", ENGLISH, 'groceries: 76.10, the lowest "amount"'),
        ("what was the average for groceries", ENGLISH, 'groceries: about 83.87, the average of "amount" over 3 rows'),
        ("groceries per month", ENGLISH, "groceries: 2026-10: 160.30; 2026-11: 91.30; "),
        ("average groceries per month", ENGLISH, '125.80 a month on average, "amount" over 3 rows of 2 months'),
        ("spending by category", ENGLISH, "groceries: 251.60; travel: 100.00"),
        ("when did I last buy groceries", ENGLISH, "groceries: the last of them (/expenses.csv): 2026-11-05"),
        ("what was the first groceries entry", ENGLISH, "the first of them (/expenses.csv): 2026-10-03"),
        ("for which client did I work the most", HOURS, "North: 10.5; Museum: 3"),
        ("how many hours did I work for the museum", HOURS, 'museum: 3, the sum of "hours" over 1 row'),
        ("which month did I work the most", HOURS, "2026-11: 13.5"),
        ("museum hours", HOURS, 'museum: 3, the sum of "hours" over 1 row'),
        ("how much did the bills from Ilg cost", BILLS, 'Ilg: 238, the sum of "gross" over 1 row'),
        ("what was the net amount of the bills in total", BILLS, '300, the sum of "net" over 2 rows'),
    ],
)
def test_what_is_asked_is_reckoned(question: str, text: str, line: str) -> None:
    assert line in told(question, text, name="invoices.csv" if text is FLAGGED else "expenses.csv")


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("how much did I spend on groceries", ACCOUNT, "groceries: 75.00 EUR paid out, "),
        ("how much did I spend in total", ACCOUNT, 'In all: 210.00 EUR paid out, the sum of "amount EUR" over 3 rows'),
        ("how much did I spend in total", ACCOUNT, "2 where money went the other way left out"),
        ("how much did I earn in total", ACCOUNT, 'In all: 2,005.00 EUR, the sum of "amount EUR" over 2 rows'),
        ("what was the most expensive fuel", ACCOUNT, 'fuel: 70.00 EUR, the highest "amount EUR"'),
        ("did I spend more on fuel than on groceries", ACCOUNT, "More: fuel, 55.00 EUR more than groceries."),
        ("did I spend less on fuel or on groceries", ACCOUNT, "fuel 130.00 EUR over 2 rows; groceries 75.00 EUR"),
    ],
)
def test_what_an_account_paid_out_is_told_without_its_minus(question: str, text: str, line: str) -> None:
    assert line in told(question, text)


def test_currencies_are_never_added_up() -> None:
    assert "17 EUR over 2 rows and 5 USD over 1 row (currencies are not added up)" in told(
        "how much did I spend in total", CARD
    )
    assert 'dollars: 5 USD, the sum of "amount" over 1 row' in told("total of the dollars", CARD)
    assert "cannot be compared" in told("did I spend more on the kiosk than on the inn", CARD)


def test_a_column_that_is_not_clear_is_asked_about_with_both_sums() -> None:
    line = told("how much did the chair and the table cost in total", TWO_AMOUNTS.replace("chair", "chair and table"))
    assert 'It is not clear which column you mean: "amount" or "total"' in line


def test_days_that_can_be_read_in_two_ways_are_told_both_ways() -> None:
    line = told("how much did I spend on the inn", CARD, APRIL)
    assert "10 EUR" in line
    assert "Days such as 03/04 can be read in two ways: so with the day first; with the month first nothing." in line


@pytest.mark.parametrize(
    ("question", "text", "days"),
    [
        ("How much did I spend on unicorns", ENGLISH, None),
        ("How much did I spend on groceries travel", ENGLISH, None),
        ("How many parrots did I buy", ENGLISH, None),
        ("How much did I spend", "category,amount\nbooks,3\nfood,4\n", OCTOBER),
        ("how much did I earn in total", HOURS, None),
        ("did I spend more on fuel than on unicorns", ACCOUNT, None),
        ("amount per unicorn", ENGLISH, None),
        ("remind me to add up the total every month", ENGLISH, None),
        ("groceries", ENGLISH, None),
    ],
)
def test_what_a_table_cannot_tell_it_does_not(question: str, text: str, days: Days | None) -> None:
    assert told(question, text, days) == ""


def test_rows_without_a_figure_are_left_out_and_named() -> None:
    assert told("How much did I spend in total", GERMAN).endswith("; 1 without a figure left out: 06.11.2026, Auto, ?")


def test_two_tables_are_compared_where_each_knows_one_of_the_two() -> None:
    question = "did I spend more on the museum than on fuel"
    tables = [read_table("what,cost EUR\nmuseum,12\n"), read_table("what,cost EUR\nfuel,50\n")]
    wanted = figure_wanted(question)
    assert wanted
    named = [NamedTable(f"/{number}.csv", table) for number, table in enumerate(tables) if table]
    [found] = figures_asked(wanted, read_question(question, wanted.rest), named, None, "")
    assert found.quote == (
        "museum 12 EUR over 1 row; fuel 50 EUR over 1 row. More: fuel, 38 EUR more than museum. (/0.csv; /1.csv)"
    )


def test_months_are_told_in_their_order() -> None:
    newest_first = "day,what,cost\n2026-03-01,tea,3\n2026-01-09,tea,2\n2026-01-02,tea,1\n"
    assert "2026-01: 3; 2026-03: 3" in told("what did tea cost per month", newest_first)
