"""What expressions of time come to: a table, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.moments.finding import when_in
from senter.moments.when import When

BERLIN = ZoneInfo("Europe/Berlin")
# A Wednesday.
NOW = datetime(2026, 12, 2, 10, 15, tzinfo=BERLIN)


def table() -> Iterator[tuple[str, str]]:
    for line in Path(__file__).with_name("expressions.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, expected = line.partition(" => ")
            yield text, expected


def point(found: date | datetime) -> str:
    if not isinstance(found, datetime):
        return found.isoformat()
    local = found.astimezone(BERLIN)
    return local.strftime("%Y-%m-%dT%H:%M:%S" if local.second else "%Y-%m-%dT%H:%M")


def in_short(when: When) -> str:
    """As the table has it."""
    if when.problem:
        return "!"
    span = f"{point(when.start)}/{point(when.end)}" if when.start and when.end else ""
    marks = ("past" if when.past else "", "by" if when.by else "", "?" if when.unread else "")
    rule = f"[{when.recurrence}]" if when.recurrence else ""
    return " ".join(filter(None, (span or (point(when.start) if when.start else "-"), rule, *marks)))


@pytest.mark.parametrize(("text", "expected"), [*table()])
def test_an_expression_comes_to_what_the_table_says(text: str, expected: str) -> None:
    assert in_short(when_in(text, NOW, BERLIN)) == expected
