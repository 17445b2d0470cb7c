"""What docs/development.md shows works, in a Senter changed as the page says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, cast
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "development.md"

# Runs where the page was followed; prints when the job was set off, and how it is shown.
USE = """
import asyncio, json, sys
from pathlib import Path
from tests.support.schedule import JobHouse

house = JobHouse(Path(sys.argv[1]), zone="Europe/London")
job = house.add(first_of_month=9, overlap=True)
for day in range(45):
    house.clock.elapse(86_400)
    house.decide()
house.zone = type(house.zone)("America/New_York")
house.reopen()
asyncio.run(house.due_times.catch_up())
for day in range(30):
    house.clock.elapse(86_400)
    house.decide()
view = house.jobs.find("job").view(house.zone)
print(json.dumps([view.trigger_type, view.trigger, [firing.due_at.isoformat() for firing in house.history()]]))
"""

# Runs where a field was added; prints what the client is told to expect, and what the API answers with.
ASK = """
import json, sys
from pathlib import Path
from senter.client import Client
from senter.client.types import FoldersReply
from senter.paths import Paths
from tests.support.api_stage import staged

paths = Paths(Path(sys.argv[1]))
with staged(paths):
    print(json.dumps([sorted(FoldersReply.__annotations__), Client(paths).get("/api/documents", FoldersReply)]))
"""


class Shown(Protocol):
    def next_after(self, moment: datetime) -> datetime: ...


def block(language: str, heading: str = "## Adding a trigger") -> str:
    section = PAGE.read_text(encoding="utf-8").partition(heading)[2]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def shown_trigger() -> Callable[[int, ZoneInfo], Shown]:
    names: dict[str, object] = {"__name__": "shown"}
    exec(compile(block("python"), PAGE.name, "exec", dont_inherit=True), names)  # noqa: S102 - the page is our own
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


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_who_follows_the_page_has_a_trigger_that_works(tmp_path: Path) -> None:
    changed = copy_of_the_source(tmp_path, block("diff"))
    own = tmp_path / "src" / "senter" / "components" / "scheduler" / "first_of_the_month.py"
    own.write_text(block("python"), encoding="utf-8")
    assert len(changed) == 2
    kind, words, due = json.loads(run(tmp_path, "-c", USE, str(tmp_path / "home")).splitlines()[-1])
    assert (kind, words) == ("first_of_month", "at 9:00 of every first day of a month")
    assert due == ["2026-01-01T09:00:00+00:00", "2026-02-01T09:00:00+00:00", "2026-03-01T14:00:00+00:00"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_field_that_people_see_costs_three_files(tmp_path: Path) -> None:
    changed = copy_of_the_source(tmp_path, block("diff", "## Adding a field that people see"))
    assert len(changed) == 3
    run(tmp_path, "-m", "senter.reference.sources")
    expected, answered = json.loads(run(tmp_path, "-c", ASK, str(tmp_path / "home")))
    assert expected == ["folders", "pictures", "skipped", "truncated"]
    assert answered == {"folders": [], "pictures": 0, "skipped": [], "truncated": False}


def copy_of_the_source(folder: Path, difference: str) -> set[str]:
    """Apply a difference to a copy; returns the names of the files it changes."""
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    applied = subprocess.run(
        ["git", "apply", "-C1", "-"], cwd=folder, input=difference, capture_output=True, text=True, check=False
    )
    assert applied.returncode == 0, f"the page is behind the code: {applied.stderr}"
    return set(re.findall(r"^\+\+\+ b/(.*)$", difference, re.MULTILINE))


def run(folder: Path, *arguments: str) -> str:
    environment = {"PYTHONPATH": f"{folder / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    used = subprocess.run(
        [sys.executable, "-P", *arguments],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert used.returncode == 0, used.stderr
    return used.stdout
