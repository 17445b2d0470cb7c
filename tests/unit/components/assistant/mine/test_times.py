"""Two times set against each other: what a question compares, and what tables and papers say of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from senter.components.assistant.mine.tables.cells import Days
from senter.components.assistant.mine.times import time_of, times_compared
from senter.sentences import speaking
from tests.support.own_home import NOW, ZONE
from tests.support.papers_room import room_over

COMPARED = """
compare travel 2025 with 2026 in my budget | 2025 | 2026
did we spend more on fuel in april than in may | april | may
how much did food go up from 2024 to 2025 | 2024 | 2025
rent 2025 vs 2026 | 2025 | 2026
is the hotel cheaper now than in 2025 | now | 2025
is the hotel cheaper now | now | before
what changed between march and april | march | april
was the insurance higher last year than this year | last year | this year
"""
BUDGET = "Category,2025,2026\nTravel,2450,3100\nFood,7800,7800\n"
LOG = "Date,What,EUR\n2026-04-04,Fuel,66.50\n2026-04-18,Fuel,71.25\n2026-05-16,Fuel,69.40\n2026-05-20,Tyres,416\n"


@pytest.mark.parametrize("line", COMPARED.strip().splitlines())
def test_a_question_names_two_times(line: str) -> None:
    text, first, second = line.split(" | ")
    found = times_compared(text)
    assert found and (found.first, found.second) == (first, second)


@pytest.mark.parametrize(
    "text", ["when was the meeting in april", "is it cheaper in Rome or in Paris", "2025 and 2026"]
)
def test_what_compares_no_times_is_left_alone(text: str) -> None:
    assert times_compared(text) is None


def test_a_month_without_a_year_is_the_last_one_and_now_is_no_days() -> None:
    assert time_of("april", NOW, ZONE) == Days(date(2026, 4, 1), date(2026, 4, 30))
    assert time_of("now", NOW, ZONE) is None


async def test_both_sums_are_told_with_their_rows_and_the_change(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "budget.csv").write_text(BUDGET)
    (papers / "car.csv").write_text(LOG)
    (papers / "hotel_2025.txt").write_text("Hotel Sun\n\nA room at the Hotel Sun costs 118 euros a night.\n")
    (papers / "hotel_2026.txt").write_text("Hotel Sun\n\nA room at the Hotel Sun costs 126 euros a night.\n")
    async with room_over(tmp_path, papers) as room:
        columns = (await room.find("compare travel 2025 with 2026")).answers[0].quote
        months = (await room.find("did we spend more on fuel in april than in may")).answers[0].quote
        hotel = await room.find("is the hotel cheaper now than in 2025")
        with speaking("de"):
            german = (await room.find("war reisen im vergleich 2026 gegenüber 2025 teurer")).answers[0].quote

    assert "2025 2,450" in columns and "From 2025 to 2026: 650 more (26.5 %)." in columns
    assert "april 137.75 EUR over 2 rows (2026-04-04, Fuel, 66.50; 2026-04-18, Fuel, 71.25)" in months
    assert "From april to may: 68.35 EUR less (49.6 %)." in months
    assert [quote.source for quote in hotel.answers] == ["hotel_2025.txt", "hotel_2026.txt"]
    assert hotel.total == "Less: 2025, 8 EUR less than now."
    assert "Von 2025 zu 2026: 650 mehr (26,5 %)." in german
