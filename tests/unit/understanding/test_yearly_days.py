"""Birthdays: they keep their name and their day, however many sentences say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import ActKind
from senter.understanding.reading import understand
from senter.understanding.yearly_days import yearly_title

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 9, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "kind", "title", "due"),
    [
        ("Aunt Rosa's birthday is on 6 May, remind me every year", ActKind.REMINDER, "Aunt Rosa's birthday", "05-06"),
        (
            "Theo was born on 9 April. Remind me of his birthday each year.",
            ActKind.REMINDER,
            "Theo's birthday",
            "04-09",
        ),
        ("It's Kim's bday on 2 August, put that in my calendar every year", ActKind.EVENT, "Kim's bday", "08-02"),
        ("rob's birthday is june 7, reminder each year please", ActKind.REMINDER, "rob's birthday", "06-07"),
    ],
)
def test_a_birthday_comes_every_year_under_its_name(text: str, kind: ActKind, title: str, due: str) -> None:
    [act] = understand(text, NOW, BERLIN).acts
    assert (act.kind, act.gist) == (kind, title)
    assert (act.due or "").startswith(f"2027-{due}")
    assert act.recurrence
    assert act.recurrence.startswith("RRULE:FREQ=YEARLY")


@pytest.mark.parametrize("gist", ["buy a present for Kim's birthday party", "read about who invented birthdays"])
def test_what_is_about_a_birthday_keeps_its_words(gist: str) -> None:
    assert yearly_title(gist) == gist
