"""Days and months that stand alone, and what a mistyped one may mean."""

from __future__ import annotations

from datetime import date

import pytest

from senter.moments.names import cannot_read, day_meant, day_named, first_of_next, month_named
from senter.sentences import speaking

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("december", date(2026, 12, 1)),
        (" Dec. ", date(2026, 12, 1)),
        ("november", date(2026, 11, 1)),
        ("may", date(2027, 5, 1)),
        ("2026-12", date(2026, 12, 1)),
        ("2025-3", date(2025, 3, 1)),
        ("2026-13", None),
        ("2026-12-24", None),
        ("24 december", None),
        ("dezember", None),
    ],
)
def test_a_month_alone_is_the_whole_of_it(words: str, month: date | None) -> None:
    assert month_named(words, TODAY) == month


def test_names_of_the_language_that_is_spoken_are_known_beside_english_ones() -> None:
    with speaking("de"):
        assert month_named("Dezember", TODAY) == month_named("december", TODAY) == date(2026, 12, 1)
        assert day_named("gestern", TODAY) == day_named("yesterday", TODAY) == date(2026, 11, 29)
        assert day_meant("freitga") == "Freitag"
    assert day_named("gestern", TODAY) is None


def test_the_month_after_december_is_in_the_next_year() -> None:
    assert first_of_next(date(2026, 12, 31)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [("tomorow", "tomorrow"), ("fridy", "Friday"), ("yestrday", "yesterday"), ("decembr", "December"), ("xyz", "")],
)
def test_a_mistyped_day_is_asked_back(words: str, meant: str) -> None:
    assert day_meant(words) == meant
    assert cannot_read(words) == f'Cannot read "{words}" as a time' + (f"; did you mean {meant}?" if meant else ".")
