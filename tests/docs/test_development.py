"""The trigger that docs/development.md shows does what the page asks of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, cast
from zoneinfo import ZoneInfo

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "development.md"


class Shown(Protocol):
    def next_after(self, moment: datetime) -> datetime: ...


def shown_trigger() -> Callable[[int, ZoneInfo], Shown]:
    section = PAGE.read_text(encoding="utf-8").partition("## Adding a trigger")[2]
    found = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert found
    names: dict[str, object] = {"__name__": "shown"}
    exec(compile(found[1], PAGE.name, "exec", dont_inherit=True), names)  # noqa: S102 - the page is our own
    return cast("Callable[[int, ZoneInfo], Shown]", names["FirstOfTheMonth"])


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe"])
def test_the_trigger_on_the_page_keeps_its_times_wherever_one_begins(zone: str) -> None:
    trigger = shown_trigger()(9, ZoneInfo(zone))
    moment, found = datetime(2026, 1, 1, 12, tzinfo=UTC), set[datetime]()
    for hours in range(0, 366 * 24, 5):
        following = trigger.next_after(moment + timedelta(hours=hours))
        assert following > moment + timedelta(hours=hours)
        found.add(following)
    local = sorted(one.astimezone(ZoneInfo(zone)) for one in found)
    assert [(one.day, one.hour) for one in local] == [(1, 9)] * len(local)
    months = [one.year * 12 + one.month for one in local]
    assert months == list(range(months[0], months[0] + len(months)))
    assert len(months) >= 13
