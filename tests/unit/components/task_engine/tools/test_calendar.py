from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded, ToolError
from tests.support.caldav_server import CaldavServer, caldav_server
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import KEY, ToolDesk, tool_desk

pytestmark = pytest.mark.process

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:weekly
DTSTAMP:20260101T000000Z
DTSTART:20260105T090000Z
DTEND:20260105T093000Z
RRULE:FREQ=WEEKLY
SUMMARY:Stand-up
LOCATION:Room 1
END:VEVENT
BEGIN:VEVENT
UID:holiday
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260106
DTEND;VALUE=DATE:20260107
SUMMARY:Epiphany
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")

KEPT = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//one//EN\nPRODID:-//two//EN\nBEGIN:VEVENT\nUID:a\n"
    b"SUMMARY:Caf\xe9 with Zo\xeb\nDESCRIPTION:first line\nsecond line with the door code 4711\n"
    b"DTSTART;TZID=My/Zone:20261329T100000\nX-APPLE-RADIUS:49.91307046514149\nGEO:somewhere\n"
    b'ATTENDEE;CN="Kim "the boss" Doe":mailto:kim@example.org\nEND:VEVENT\n'
    b"BEGIN:X-CUSTOM\nX-A:1\nEND:X-CUSTOM\nEND:VCALENDAR"
)
DENTIST: dict[str, JsonValue] = {"title": "Dentist", "start": "2026-01-08T14:00:00+01:00", "location": "Main St"}


class MeddledDisk(GrantedAccess):
    """Another program writes the file after it was read, or was looked for."""

    def __init__(self, desk: ToolDesk, meddle: Callable[[], object]) -> None:
        super().__init__(desk.grant, desk.paths, desk.clock, desk.settings)
        self._meddle = meddle

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        self._meddle()
        super().rewrite(path, content, was=was)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[ToolDesk]:
    """The calendar is a file that a person allowed goals to write."""
    settings = TaskEngineSettings(timezone="Europe/Berlin", calendar_file=tmp_path / "calendars" / "mine.ics")
    (tmp_path / "calendars").mkdir()
    async with tool_desk(tmp_path, settings) as opened:
        opened.allow(write_roots=(str(tmp_path / "calendars"),))
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calendars" / "mine.ics"


async def test_the_next_days_are_told_with_what_repeats(desk: ToolDesk, file: Path) -> None:
    file.write_text(ICS)
    result = await desk.call("calendar_check", start="2026-01-05", days=8)
    assert result.text.splitlines() == [
        "Mon 5 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up (Room 1)",
        "Tue 6 Jan 2026, all day: Epiphany",
        "Mon 12 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up (Room 1)",
    ]
    assert not result.trusted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=9999999",
        "FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSECOND=0,1,2,3",
    ],
)
async def test_what_repeats_without_a_pause_is_told_once_and_holds_nothing_up(
    desk: ToolDesk, file: Path, rule: str
) -> None:
    file.write_text(ICS.replace("FREQ=WEEKLY", rule))
    result = await desk.call("calendar_check", start="2026-01-05", days=8)
    assert result.text.splitlines() == [
        "Mon 5 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up (repeats without a pause; told once) (Room 1)",
        "Tue 6 Jan 2026, all day: Epiphany",
    ]


async def test_what_cannot_be_read_is_said_beside_the_events(desk: ToolDesk, file: Path) -> None:
    file.write_text(ICS.replace("FREQ=WEEKLY", "FREQ=SECONDLY;INTERVAL=0"))
    result = await desk.call("calendar_check", start="2026-01-05", days=8)
    *events, said = result.text.splitlines()
    assert events == [
        "Mon 5 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up (Room 1)",
        "Tue 6 Jan 2026, all day: Epiphany",
    ]
    assert said.endswith('In "Stand-up" this cannot be read: RRULE:FREQ=SECONDLY;INTERVAL=0.')


async def test_a_calendar_that_is_not_there_yet_is_empty(desk: ToolDesk) -> None:
    assert (await desk.call("calendar_check")).text == "There is nothing in the calendar."


async def test_an_event_is_added_once_however_often_it_is_tried_and_the_rest_stays(desk: ToolDesk, file: Path) -> None:
    file.write_text(ICS)
    first = await desk.call("calendar_add", **DENTIST)
    again = await desk.call("calendar_add", **DENTIST)
    assert (first.data["added"], again.data["added"]) == (True, False)
    assert file.read_text().count("SUMMARY:Dentist") == 1
    text = (await desk.call("calendar_check", start="2026-01-05", days=5)).text
    assert "Thu 8 Jan 2026, 14:00-15:00, Europe/Berlin: Dentist (Main St)" in text
    assert "Stand-up" in text


async def test_not_a_byte_of_the_users_file_is_changed(desk: ToolDesk, file: Path) -> None:
    """What a calendar library would drop, mend or write in another way."""
    file.write_bytes(KEPT)
    await desk.call("calendar_add", **DENTIST)
    await desk.call("calendar_add", **DENTIST)
    before, after = KEPT.split(b"END:VCALENDAR"), file.read_bytes().split(b"BEGIN:VEVENT\nSUMMARY:Dentist")
    assert after[0] == before[0]
    assert after[1].endswith(b"\nEND:VEVENT\nEND:VCALENDAR")
    assert b"\r" not in after[1]


async def test_what_another_program_writes_meanwhile_stays(desk: ToolDesk, file: Path) -> None:
    file.write_text(ICS)
    tool, other = desk.registry.get("calendar_add"), ICS.replace("Room 1", "Room 2")
    meddled = MeddledDisk(desk, lambda: file.write_text(other))
    exact = tool.arguments.model_validate(DENTIST)
    with pytest.raises(ToolError, match="Another program changed") as failure:
        await tool.run(exact, replace(desk.tool_call(KEY), access=meddled))
    assert failure.value.retryable
    assert file.read_bytes() == other.encode()
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    await tool.run(exact, desk.tool_call(KEY))
    assert "Room 2" in file.read_text()
    assert "Dentist" in file.read_text()


async def test_a_calendar_that_another_program_makes_meanwhile_stays(desk: ToolDesk, file: Path) -> None:
    tool = desk.registry.get("calendar_add")
    meddled = MeddledDisk(desk, lambda: file.write_text(ICS))
    with pytest.raises(ToolError, match="Another program changed"):
        await tool.run(tool.arguments.model_validate(DENTIST), replace(desk.tool_call(KEY), access=meddled))
    assert file.read_bytes() == ICS.encode()


async def test_several_calendars_in_one_file_are_told_and_added_to(desk: ToolDesk, file: Path) -> None:
    file.write_text(ICS + ICS.replace("Stand-up", "Choir").replace("UID:weekly", "UID:choir"))
    await desk.call("calendar_add", **DENTIST)
    text = (await desk.call("calendar_check", start="2026-01-05", days=5)).text
    assert all(title in text for title in ("Stand-up", "Choir", "Dentist"))


async def test_a_time_without_a_zone_is_read_in_the_users(desk: ToolDesk) -> None:
    result = await desk.call("calendar_add", title="Lunch", start="2026-07-01T12:00")
    assert "Wed 1 Jul 2026, 12:00-13:00, Europe/Berlin" in result.text


@pytest.mark.parametrize(
    ("start", "begins", "ends"),
    [
        ("2026-10-25T02:30", "20261025T003000Z", "20261025T013000Z"),
        ("2026-03-29T02:30", "20260329T013000Z", "20260329T023000Z"),
    ],
)
async def test_an_event_without_an_end_takes_an_hour_when_clocks_are_changed_too(
    desk: ToolDesk, file: Path, start: str, begins: str, ends: str
) -> None:
    await desk.call("calendar_add", title="Night shift", start=start)
    assert f"DTSTART:{begins}\r\nDTEND:{ends}" in file.read_bytes().decode()


async def test_a_whole_day_is_added_as_one(desk: ToolDesk, file: Path) -> None:
    await desk.call("calendar_add", title="Fair", start="2026-03-01", end="2026-03-02", all_day=True)
    assert "DTSTART;VALUE=DATE:20260301" in file.read_text()
    assert "DTEND;VALUE=DATE:20260303" in file.read_text()


async def test_a_moment_may_be_said_in_words_and_means_the_next_one(desk: ToolDesk, file: Path) -> None:
    await desk.call("calendar_add", title="Dentist", start="2027-03-01 14:00")
    assert "DTSTART:20270301T130000Z" in file.read_text()
    file.unlink()
    await desk.call("calendar_add", title="Holiday", start="24 december 2027", all_day=True)
    assert "DTSTART;VALUE=DATE:20271224" in file.read_text()
    for nonsense in ("whenever", "1800-01-01"):
        with pytest.raises(ToolError):
            await desk.call("calendar_add", title="x", start=nonsense)


async def test_words_mean_what_they_meant_when_the_goal_was_asked_for(desk: ToolDesk, file: Path) -> None:
    desk.asked_at -= timedelta(days=3)
    await desk.call("calendar_add", title="Dentist", start="tomorrow 14:00")
    assert "DTSTART:20251230T130000Z" in file.read_text()


async def test_a_title_cannot_add_lines_of_its_own(desk: ToolDesk, file: Path) -> None:
    with pytest.raises(ValidationError):
        await desk.call("calendar_add", title="x\r\nATTENDEE:eve", start="2026-03-01T10:00")
    await desk.call("calendar_add", title="x", description="a\r\nATTENDEE:eve", start="2026-03-01T10:00")
    assert "\r\nATTENDEE" not in file.read_bytes().decode()


@pytest.mark.parametrize("end", ["2026-01-08T13:00:00+01:00"])
async def test_an_event_that_ends_before_it_begins_is_refused(desk: ToolDesk, file: Path, end: str) -> None:
    with pytest.raises(ToolError, match="before it begins"):
        await desk.call("calendar_add", **DENTIST, end=end)
    assert not file.exists()


@pytest.mark.parametrize("content", ["no calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "\0"])
async def test_a_broken_calendar_is_an_error_and_stays_as_it_is(desk: ToolDesk, file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(ToolError, match="calendar cannot be used"):
        await desk.call("calendar_add", **DENTIST)
    assert file.read_text() == content


async def test_adding_waits_for_a_person_while_looking_does_not(tmp_path: Path) -> None:
    async with tool_desk(tmp_path) as desk:
        await desk.call("calendar_check")
        with pytest.raises(PermissionNeeded, match=r"write .*calendar\.ics"):
            await desk.call("calendar_add", **DENTIST)


async def test_a_zone_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    async with tool_desk(tmp_path, TaskEngineSettings(timezone="Mars/Base")) as desk:
        with pytest.raises(ToolError, match="no time zone 'Mars/Base'"):
            await desk.call("calendar_check")


@pytest.fixture
def server() -> Iterator[CaldavServer]:
    with caldav_server() as running:
        yield running


@pytest.fixture
async def caldav(tmp_path: Path, server: CaldavServer) -> AsyncGenerator[ToolDesk]:
    settings = task_engine_settings(
        caldav_url=server.url, caldav_user="ann", caldav_password="secret", timezone="Europe/Berlin"
    )
    async with tool_desk(tmp_path, settings) as opened:
        yield opened


async def test_a_server_is_looked_into(caldav: ToolDesk, server: CaldavServer) -> None:
    server.events["/calendars/ann/weekly.ics"] = ICS
    text = (await caldav.call("calendar_check", start="2026-01-05", days=3)).text
    assert "Mon 5 Jan 2026, 10:00-10:30, Europe/Berlin: Stand-up (Room 1)" in text


async def test_an_event_is_added_to_a_server_once(caldav: ToolDesk, server: CaldavServer) -> None:
    caldav.allow(hosts=(server.url.split("/")[2],))
    server.events["/calendars/ann/other.ics"] = ICS
    first = await caldav.call("calendar_add", **DENTIST)
    again = await caldav.call("calendar_add", **DENTIST)
    assert (first.data["added"], again.data["added"]) == (True, False)
    assert server.asked.count("PUT") == 1
    other, added = server.events.values()
    assert other == ICS
    assert "SUMMARY:Dentist" in added


async def test_adding_to_a_server_waits_for_a_person(caldav: ToolDesk, server: CaldavServer) -> None:
    with pytest.raises(PermissionNeeded, match=r"reach 127\.0\.0\.1"):
        await caldav.call("calendar_add", **DENTIST)
    assert server.asked == []


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_server_that_refuses_is_an_error_without_the_password(
    caldav: ToolDesk, server: CaldavServer, status: int
) -> None:
    server.status = status
    with pytest.raises(ToolError, match="calendar cannot be used") as failure:
        await caldav.call("calendar_check")
    assert "secret" not in failure.value.message


async def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    async with tool_desk(tmp_path, task_engine_settings(caldav_url="http://127.0.0.1:9/")) as desk:
        with pytest.raises(ToolError, match="calendar cannot be used"):
            await desk.call("calendar_check")
