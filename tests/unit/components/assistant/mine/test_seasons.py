"""Seasons that questions look back or ahead to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.entries import shown_span
from senter.components.assistant.mine.seasons import season_asked

BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = datetime(2026, 11, 30, 9, tzinfo=UTC)
JANUARY = datetime(2027, 1, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "now", "span"),
    [
        ("What did I spend this autumn?", NOVEMBER, "Tue 1 Sep 2026 - Mon 30 Nov 2026"),
        ("What did I spend last autumn?", NOVEMBER, "Mon 1 Sep 2025 - Sun 30 Nov 2025"),
        ("What did I spend last autumn?", JANUARY, "Tue 1 Sep 2026 - Mon 30 Nov 2026"),
        ("What did we pay in spring?", NOVEMBER, "Sun 1 Mar 2026 - Sun 31 May 2026"),
        ("What is on in spring?", NOVEMBER, "Mon 1 Mar 2027 - Mon 31 May 2027"),
        ("How cold is it this winter?", JANUARY, "Tue 1 Dec 2026 - Sun 28 Feb 2027"),
        ("Costs of the winter of 2023", NOVEMBER, "Fri 1 Dec 2023 - Thu 29 Feb 2024"),
    ],
)
def test_a_season_is_three_months(question: str, now: datetime, span: str) -> None:
    found, _ = season_asked(question, now, BERLIN)
    assert found
    assert shown_span(found, BERLIN) == span


def test_who_falls_names_no_season() -> None:
    assert season_asked("When did I fall?", NOVEMBER, BERLIN) == (None, "When did I fall?")


def test_a_season_that_says_which_thing_is_meant_is_no_time() -> None:
    question = "how much did the spring concert bring in"
    assert season_asked(question, NOVEMBER, BERLIN) == (None, question)
