"""The page about understanding says of moments what the grammar reads."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.moments.finding import when_in
from senter.sentences import speaking

PAGE = Path(__file__).resolve().parents[2] / "docs" / "understanding.md"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 2, 10, 15, tzinfo=BERLIN)


def rows() -> list[tuple[str, str]]:
    """What is said, and what comes of it, of the table of what comes again."""
    table = PAGE.read_text("utf-8").partition("What comes again is")[2].partition("What cannot be")[0]
    found: list[tuple[str, str]] = []
    for line in table.splitlines():
        if line.startswith("| `"):
            said, rules = (re.findall(r"`([^`]+)`", cell) for cell in line.strip("|").split(" | "))
            found.extend((each, rules[min(place, len(rules) - 1)]) for place, each in enumerate(said))
    return found


def said_on_the_page() -> list[str]:
    table = PAGE.read_text("utf-8").partition("| You say |")[2].partition("A day without a clock time")[0]
    return [each for line in table.splitlines() if line.startswith("| `") for each in re.findall(r"`([^`]+)`", line)]


def said_in_german() -> list[str]:
    table = PAGE.read_text("utf-8").partition("In German it is the same")[2]
    cells = [line.strip("|").split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    return [each for cell in cells for each in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize(("said", "rule"), rows())
def test_what_comes_again_is_what_the_page_says(said: str, rule: str) -> None:
    if said in ("every sunday", "daily"):
        assert (when_in(said, NOW, BERLIN).recurrence or "").startswith("RRULE:FREQ=")
        return
    assert when_in(said, NOW, BERLIN).recurrence == rule


@pytest.mark.parametrize("said", said_on_the_page())
def test_what_the_page_says_is_read(said: str) -> None:
    when = when_in(said, NOW, BERLIN)
    assert when.spans
    assert not (when.problem or when.unread)


@pytest.mark.parametrize("said", said_in_german())
def test_what_the_page_says_in_german_is_read(said: str) -> None:
    with speaking("de"):
        when = when_in(f"Termin {said}", NOW, BERLIN)
    assert when.start or when.recurrence
    assert not (when.problem or when.unread)
