"""Entries of calendars that are changed, removed and put back, of a file and of a server, with nothing else touched."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senter.components.task_engine.contract.tool import ToolResult
from senter.errors import ToolError
from tests.support.caldav_server import CaldavServer, caldav_server
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import ToolDesk, tool_desk

pytestmark = pytest.mark.process

WEEKLY = b"""BEGIN:VEVENT
UID:weekly
DTSTART;TZID=Europe/Berlin:20260105T090000
DURATION:PT30M
RRULE:FREQ=WEEKLY
SUMMARY:Stand-up
X-APPLE-RADIUS:49.91307046514149
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Alarm
TRIGGER:-PT15M
END:VALARM
END:VEVENT
"""
ONCE = b"""BEGIN:VEVENT
UID:once
SEQUENCE:4
DTSTART:20260106T130000Z
DTEND:20260106T140000Z
SUMMARY:Dentist\\, with a very long name that goes on and on and on and is fold
 ed
LOCATION:Main St
END:VEVENT
"""
HEAD, FOOT = b"BEGIN:VCALENDAR\nPRODID:-//one//EN\n", b"BEGIN:X-CUSTOM\nX-A:Caf\xc3\xa9\nEND:X-CUSTOM\nEND:VCALENDAR"
CALENDAR = HEAD + WEEKLY + ONCE + FOOT


def day_of(line: str) -> str:
    """`Mon 5 Jan 2026, 09:00-09:30, Europe/Berlin: Stand-up` as 2026-01-05."""
    return datetime.strptime(line.split(",")[0], "%a %d %b %Y").replace(tzinfo=UTC).date().isoformat()


class Kept:
    """A calendar and what stands in it."""

    def __init__(self, desk: ToolDesk, path: Path | None, server: CaldavServer | None) -> None:
        self.desk = desk
        self._path, self._server = path, server

    @property
    def text(self) -> str:
        """All of it, with plain line ends."""
        whole = self._path.read_text() if self._path else "\n".join((self._server or CaldavServer("")).events.values())
        return whole.replace("\r\n", "\n").replace("\n ", "")

    def edit(self, old: str, new: str) -> None:
        """As another program does."""
        if self._path:
            self._path.write_text(self._path.read_text().replace(old, new))
        for name, text in (self._server.events if self._server else {}).items():
            assert self._server
            self._server.events[name] = text.replace(old, new)

    async def listed(self, days: int = 30) -> list[str]:
        return (await self.desk.call("calendar_check", start="2026-01-05", days=days)).text.splitlines()

    async def back(self, result: ToolResult, key: str = "f" * 32) -> ToolResult:
        """Take back what a call did."""
        (call,) = result.inverse
        return await self.desk.call(call.tool, key, **call.params)


@pytest.fixture(params=["file", "server"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Kept]:
    """A calendar of each kind with the two entries."""
    if request.param == "file":
        path = tmp_path / "calendars" / "mine.ics"
        path.parent.mkdir()
        path.write_bytes(CALENDAR)
        settings = task_engine_settings(calendar_file=path, timezone="Europe/Berlin")
        async with tool_desk(tmp_path, settings) as desk:
            desk.allow(write_roots=(str(path),))
            yield Kept(desk, path, None)
        return
    with caldav_server() as server:
        named = {"caldav_url": server.url, "caldav_user": "ann", "caldav_password": "secret"}
        for number, entry in enumerate((WEEKLY, ONCE)):
            server.events[f"/calendars/ann/{number}.ics"] = (HEAD + entry + b"END:VCALENDAR\n").decode()
        async with tool_desk(tmp_path, task_engine_settings(timezone="Europe/Berlin", **named)) as desk:
            desk.allow(hosts=(server.url.split("/")[2],))
            yield Kept(desk, None, server)


async def test_an_event_is_moved_and_lasts_as_long_and_all_else_stays(kept: Kept) -> None:
    result = await kept.desk.call("calendar_change", uid="once", start="2026-01-07T10:00")
    (receipt,) = result.receipts
    assert receipt.done == (
        "Event once is changed: Dentist, with a very long name that goes on and on and on and is folded, "
        "Wed 7 Jan 2026, 10:00-11:00, Europe/Berlin"
    )
    assert "DTSTART:20260107T090000Z\nDTEND:20260107T100000Z\n" in kept.text
    assert "SEQUENCE:5\n" in kept.text
    assert "LOCATION:Main St\n" in kept.text
    assert WEEKLY.decode() in kept.text


async def test_a_change_is_taken_back_to_the_letter_and_made_again(kept: Kept) -> None:
    before = kept.text
    result = await kept.desk.call("calendar_change", uid="once", title="Doctor; new", location="", start="2026-01-07")
    after = kept.text
    assert "SUMMARY:Doctor\\; new\n" in after
    assert "DTSTART:20260107T130000Z\nDTEND:20260107T140000Z\n" in after
    assert "LOCATION" not in after
    undone = await kept.back(result)
    assert kept.text == before
    await kept.back(undone, "e" * 32)
    assert kept.text == after


async def test_all_of_a_series_is_moved_by_the_clocks_of_its_zone(kept: Kept) -> None:
    await kept.desk.call("calendar_change", uid="weekly", start="2026-01-05T10:00+01:00")
    assert "DTSTART;TZID=Europe/Berlin:20260105T100000\n" in kept.text
    assert "DTEND;TZID=Europe/Berlin:20260105T103000\n" in kept.text
    assert "DURATION" not in kept.text
    assert "X-APPLE-RADIUS:49.91307046514149" in kept.text
    assert "BEGIN:VALARM" in kept.text
    assert "Mon 12 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up" in await kept.listed()


async def test_one_occurrence_is_moved_and_moved_again_and_comes_back(kept: Kept) -> None:
    before = kept.text
    once = {"uid": "weekly", "occurrence": "2026-01-12T09:00+01:00"}
    moved = await kept.desk.call("calendar_change", "1" * 32, **once, start="2026-01-13T11:00")
    assert moved.receipts[0].done.endswith("Stand-up, Tue 13 Jan 2026, 11:00-11:30, Europe/Berlin")
    listed = await kept.listed()
    assert "Tue 13 Jan 2026, 11:00-11:30, Europe/Berlin: Stand-up" in listed
    assert not any(line.startswith("2026-01-12") for line in listed)
    assert "Mon 19 Jan 2026, 09:00-09:30, Europe/Berlin: Stand-up" in listed
    again = await kept.desk.call(
        "calendar_change", "2" * 32, **{**once, "occurrence": "2026-01-13T11:00+01:00"}, title="X"
    )
    assert "Tue 13 Jan 2026, 11:00-11:30, Europe/Berlin: X" in await kept.listed()
    await kept.back(again)
    await kept.back(moved, "3" * 32)
    assert kept.text == before


async def test_one_occurrence_is_removed_and_the_others_stay(kept: Kept) -> None:
    before = kept.text
    removed = await kept.desk.call("calendar_remove", uid="weekly", occurrence="2026-01-12T09:00+01:00")
    assert removed.receipts[0].done.endswith("is removed: Stand-up, Mon 12 Jan 2026, 09:00-09:30, Europe/Berlin")
    listed = [day_of(line) for line in await kept.listed() if "Stand-up" in line]
    assert listed == ["2026-01-05", "2026-01-19", "2026-01-26", "2026-02-02"]
    await kept.back(removed)
    assert kept.text == before


async def test_an_entry_is_removed_and_put_back(kept: Kept) -> None:
    removed = await kept.desk.call("calendar_remove", uid="once")
    assert "UID:once" not in kept.text
    assert WEEKLY.decode() in kept.text
    await kept.back(removed)
    assert "UID:once\nSEQUENCE:4\nDTSTART:20260106T130000Z\n" in kept.text


async def test_the_only_occurrence_is_the_whole_entry(kept: Kept) -> None:
    removed = await kept.desk.call("calendar_remove", uid="once", occurrence="2026-01-06T14:00+01:00")
    assert "UID:once" not in kept.text
    assert removed.receipts[0].done.endswith("Tue 6 Jan 2026, 14:00-15:00, Europe/Berlin")


async def test_what_another_program_changed_since_is_left_alone(kept: Kept) -> None:
    result = await kept.desk.call("calendar_change", uid="once", start="2026-01-07T10:00")
    kept.edit("LOCATION:Main St", "LOCATION:Side St")
    with pytest.raises(ToolError, match=r"was changed since: it is now Dentist, .*2026-01-07T09:00"):
        await kept.back(result)
    assert "Side St" in kept.text
    kept.edit("UID:once", "UID:other")
    with pytest.raises(ToolError, match="no such entry"):
        await kept.back(result, "1" * 32)


async def test_a_call_that_was_made_before_changes_nothing_more(kept: Kept) -> None:
    """As after a kill between the effect and its record; what takes it back is still known."""
    before = kept.text
    first = await kept.desk.call("calendar_change", uid="once", start="2026-01-07T10:00")
    after = kept.text
    again = await kept.desk.call("calendar_change", uid="once", start="2026-01-07T10:00")
    assert (again, kept.text) == (first, after)
    await kept.back(again)
    assert kept.text == before


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"uid": "gone"}, "no such entry"),
        ({"uid": "once", "occurrence": "2026-01-06T15:00+01:00"}, "does not repeat"),
        ({"uid": "once", "start": "2026-01-08T10:00", "end": "2026-01-08T09:00"}, "end before it begins"),
        ({"uid": "once", "occurrence": "tomorrow"}, "ISO 8601"),
    ],
)
async def test_what_cannot_be_changed_says_so(kept: Kept, asked: dict[str, str], problem: str) -> None:
    before = kept.text
    with pytest.raises(ToolError, match=problem):
        await kept.desk.call("calendar_change", **asked)
    assert kept.text == before


async def test_an_event_that_was_added_is_taken_back(kept: Kept) -> None:
    before = await kept.listed()
    added = await kept.desk.call("calendar_add", title="Lunch", start="2026-01-08T12:00", end="2026-01-08T13:30")
    assert added.receipts[0].done == "Event 01234567: Lunch, Thu 8 Jan 2026, 12:00-13:30, Europe/Berlin"
    assert "Thu 8 Jan 2026, 12:00-13:30, Europe/Berlin: Lunch" in await kept.listed()
    await kept.back(added)
    assert await kept.listed() == before


@pytest.mark.parametrize(
    ("recurrence", "said", "days"),
    [
        ("0 19 * * 4", "every Thursday", ["2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every other Thursday", ["2026-01-08", "2026-01-22"]),
    ],
)
async def test_an_event_comes_again(kept: Kept, recurrence: str, said: str, days: list[str]) -> None:
    added = await kept.desk.call("calendar_add", title="Choir", start="2026-01-08T19:00", recurrence=recurrence)
    assert added.receipts[0].done.endswith(f"Thu 8 Jan 2026, 19:00-20:00, Europe/Berlin, {said}")
    assert [day_of(line) for line in await kept.listed(26) if "Choir" in line] == days
    summer = (await kept.desk.call("calendar_check", start="2026-07-09", days=1)).text
    assert "Thu 9 Jul 2026, 19:00-20:00, Europe/Berlin: Choir" in summer


@pytest.mark.parametrize(
    ("times", "said", "listed"),
    [
        (
            {"start": "2026-01-09T09:00", "end": "2026-01-11T17:00"},
            "Fri 9 Jan 2026, 09:00 - Sun 11 Jan 2026, 17:00, Europe/Berlin",
            "Fri 9 Jan 2026, 09:00 - Sun 11 Jan 2026, 17:00, Europe/Berlin: Trip",
        ),
        (
            {"start": "2026-01-09", "end": "2026-01-11"},
            "Fri 9 Jan 2026 - Sun 11 Jan 2026",
            "Fri 9 Jan 2026 - Sun 11 Jan 2026, all day: Trip",
        ),
        ({"start": "2026-01-09"}, "Fri 9 Jan 2026", "Fri 9 Jan 2026, all day: Trip"),
        (
            {"start": "2026-01-09T09:00", "end": "2026-01-09T10:00", "zone": "America/New_York"},
            "Fri 9 Jan 2026, 15:00-16:00, Europe/Berlin",
            "Fri 9 Jan 2026, 15:00-16:00, Europe/Berlin: Trip",
        ),
    ],
)
async def test_a_range_is_an_event_from_its_start_to_its_end(
    kept: Kept, times: dict[str, str], said: str, listed: str
) -> None:
    added = await kept.desk.call("calendar_add", title="Trip", **times)
    assert added.receipts[0].done == f"Event 01234567: Trip, {said}"
    assert listed in await kept.listed()


async def test_whole_days_come_again_but_for_those_that_are_left_out(kept: Kept) -> None:
    wanted = {"start": "2026-01-06", "end": "2026-01-07", "recurrence": "RRULE:FREQ=WEEKLY;UNTIL=20260127T235959"}
    added = await kept.desk.call("calendar_add", title="Fair", without=["2026-01-13"], **wanted)
    assert added.receipts[0].done.endswith("Fair, Tue 6 Jan 2026 - Wed 7 Jan 2026, every week, until 27 January 2026")
    listed = [line for line in await kept.listed() if line.endswith("Fair")]
    assert [day_of(line.partition(" - ")[0] + ",") for line in listed] == ["2026-01-06", "2026-01-20", "2026-01-27"]
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260127\n" in kept.text
    assert "EXDATE;VALUE=DATE:20260113\n" in kept.text


async def test_a_series_begins_with_its_first_time_and_goes_by_the_clock_of_its_zone(kept: Kept) -> None:
    wanted = {"start": "2026-01-06T09:00", "recurrence": "RRULE:FREQ=WEEKLY;BYDAY=TH", "zone": "America/New_York"}
    added = await kept.desk.call("calendar_add", title="Call", without=["2026-01-15"], **wanted)
    assert "Thu 8 Jan 2026, 15:00-16:00, Europe/Berlin" in added.receipts[0].done
    assert "DTSTART;TZID=America/New_York:20260108T090000\n" in kept.text
    assert [day_of(line) for line in await kept.listed(20) if "Call" in line] == ["2026-01-08", "2026-01-22"]


DAMAGED = (
    b"BEGIN:VCALENDAR\nPRODID:-//one//EN\nPRODID:-//two//EN\nBEGIN:VEVENT\nUID:a\nSUMMARY:Caf\xe9 with Zo\xeb\n"
    b"DTSTART:20260106T100000Z\nDURATION:one hour\nSEQUENCE:x\nDESCRIPTION:first line\nsecond line with the code 4711\n"
    b'GEO:somewhere\nATTENDEE;CN="Kim "the boss" Doe":mailto:kim@example.org\nEND:VEVENT\n'
    b"BEGIN:VEVENT\nUID:b\nSUMMARY:Bad date\nDTSTART:3 December\nEND:VEVENT\n"
    b"BEGIN:X-CUSTOM\nX-A:1\nEND:X-CUSTOM\nEND:VCALENDAR"
)


async def test_what_a_library_would_leave_out_stays_when_an_event_is_changed_and_changed_back(tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_bytes(DAMAGED)
    async with tool_desk(tmp_path, task_engine_settings(calendar_file=path, timezone="Europe/Berlin")) as desk:
        desk.allow(write_roots=(str(path),))
        kept = Kept(desk, path, None)
        changed = await desk.call("calendar_change", uid="a", start="2026-01-07T12:00")
        lost = set(DAMAGED.split(b"\n")) - set(path.read_bytes().split(b"\n"))
        assert lost == {b"DTSTART:20260106T100000Z", b"DURATION:one hour", b"SEQUENCE:x"}
        await kept.back(changed)
        assert path.read_bytes() == DAMAGED
        with pytest.raises(ToolError, match="start of the event cannot be read"):
            await desk.call("calendar_change", "1" * 32, uid="b", title="x")
        with pytest.raises(ToolError, match="not written in UTF-8"):
            await desk.call("calendar_change", "2" * 32, uid="a", title="Caf\u00e9")
        assert path.read_bytes() == DAMAGED
