"""Several calendars side by side: what each has is told, changed where it is, and hidden by no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from senter.components.task_engine.contract.tool import ToolResult
from senter.components.task_engine.tools import calendar_copies
from senter.errors import PermissionNeeded, ToolError
from tests.support.caldav_server import CaldavServer, caldav_server
from tests.support.calendar_texts import calendar_text, event_text
from tests.support.ics_server import IcsServer, ics_server
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import KEY, ToolDesk, tool_desk

pytestmark = pytest.mark.process

OTHER_KEY = "f" * 32
LUNCH = {"title": "Lunch", "start": "2026-01-08T12:00"}


@dataclass
class Room:
    """A person with a file, a folder, a subscription and an account."""

    desk: ToolDesk
    place: Path
    server: CaldavServer
    published: IcsServer

    @property
    def main(self) -> Path:
        return self.place / "mine.ics"

    @property
    def folder(self) -> Path:
        return self.place / "folder"

    async def look(self, wait_seconds: float = 10) -> ToolResult:
        return await self.desk.call("calendar_check", start="2026-01-05", days=7, wait_seconds=wait_seconds)

    async def told(self, wait_seconds: float = 10) -> list[str]:
        """Title and calendar of each event, and what is said beside them."""
        lines = (await self.look(wait_seconds)).text.splitlines()
        return [line.rpartition(": ")[2] if "Europe/Berlin" in line else line for line in lines]

    async def back(self, result: ToolResult, key: str = OTHER_KEY) -> ToolResult:
        (call,) = result.inverse
        return await self.desk.call(call.tool, key, **call.params)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[Room]:
    async with AsyncExitStack() as stack:
        server = stack.enter_context(caldav_server())
        published = stack.enter_context(ics_server(calendar_text(event_text("Epiphany", "20260106"))))
        place = tmp_path / "calendars"
        (place / "folder").mkdir(parents=True)
        (place / "mine.ics").write_text(calendar_text(event_text("Stand-up")))
        (place / "folder" / "choir.ics").write_text(calendar_text(event_text("Choir", "20260107T180000Z")))
        server.events["/calendars/ann/yoga.ics"] = calendar_text(event_text("Yoga", "20260109T090000Z"))
        settings = task_engine_settings(
            timezone="Europe/Berlin",
            calendar_file=place / "mine.ics",
            calendars={
                "songs": {"file": place / "folder"},
                "holidays": {"address": published.address},
                "team": {"caldav": server.origin, "user": "ann", "password": "secret"},
            },
        )
        desk = await stack.enter_async_context(tool_desk(tmp_path, settings))
        desk.allow(write_roots=(str(place),), hosts=(server.origin.split("/")[2],))
        desk.grant = desk.grant.model_copy(update={"expires_at": None})
        yield Room(desk, place, server, published)


async def test_all_of_them_are_told_in_order_each_with_its_calendar(room: Room) -> None:
    assert await room.told() == [
        "Stand-up [mine]",
        "Tue 6 Jan 2026, all day: Epiphany [holidays]",
        "Choir [songs]",
        "Yoga [team]",
    ]


async def test_one_that_is_slow_and_one_that_is_away_hide_no_other(room: Room) -> None:
    room.server.held, room.published.status = Event(), 503
    found = await room.look(wait_seconds=0.2)
    assert [line.rpartition(": ")[2] for line in found.text.splitlines()[:2]] == ["Stand-up [mine]", "Choir [songs]"]
    assert found.data["problems"] == ["holidays: the server answered with status 503", "team: it has not answered yet"]
    assert found.data["calendars"] == ["mine", "songs"]


async def test_one_that_did_not_answer_last_is_waited_for_a_moment_alone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_copies, "FAILED_SECONDS", 0.05)
    room.server.status = 500
    await room.look()
    room.server.held = Event()
    room.desk.clock.elapse(60)
    async with asyncio.timeout(10):
        found = await room.look(wait_seconds=20)
    assert "Stand-up [mine]" in found.text
    assert found.data["problems"] == ["team: 127.0.0.1 answered with status 500"]


async def test_what_was_read_last_is_told_of_one_that_is_away_and_how_old_it_is(room: Room) -> None:
    await room.look()
    room.server.status = 500
    room.desk.clock.elapse(3 * 86_400)
    found = await room.look()
    assert "Yoga [team]" in found.text
    assert found.data["problems"] == [
        "holidays: last read 3 days ago",
        "team: last read 3 days ago: 127.0.0.1 answered with status 500",
    ]


async def test_a_moment_ago_is_new_enough_for_one_that_is_away(room: Room) -> None:
    await room.look()
    room.server.status = 500
    room.desk.clock.elapse(60)
    found = await room.look()
    assert ("Yoga [team]" in found.text, found.data["problems"]) == (True, [])


async def test_a_copy_outlives_the_process_and_is_for_the_user_alone(room: Room, tmp_path: Path) -> None:
    await room.look()
    (copies,) = {path.parent for path in room.desk.paths.data.glob("calendars/*.json")}
    modes = {path.stat().st_mode & 0o777 for path in copies.iterdir()}
    assert (modes, copies.stat().st_mode & 0o777) == ({0o600}, 0o700)
    room.published.status = 503
    (tmp_path / "later").mkdir()
    async with tool_desk(tmp_path / "later", room.desk.settings) as later:
        copies.rename(later.paths.data / "calendars")
        text = (await later.call("calendar_check", start="2026-01-05", days=7)).text
    assert "Epiphany [holidays]" in text


async def test_the_same_event_in_two_calendars_is_told_once(room: Room) -> None:
    same = event_text("Stand-up"), event_text("stand-up", uid="copied-by-hand")
    room.server.edited(
        "/calendars/ann/same.ics", calendar_text(*same, event_text("Stand-up", "20260106T090000Z", "another"))
    )
    told = [line for line in await room.told() if "tand-up" in line]
    assert told == ["Stand-up [mine]", "Stand-up [team]"]


async def test_an_event_goes_into_the_main_calendar_or_the_one_that_is_named(room: Room) -> None:
    main = await room.desk.call("calendar_add", **LUNCH)
    named = await room.desk.call("calendar_add", OTHER_KEY, **LUNCH, calendar="Team")
    assert main.receipts[0].done.endswith("Europe/Berlin (calendar mine)")
    assert named.receipts[0].done.endswith("Europe/Berlin (calendar team)")
    assert room.main.read_text().count("SUMMARY:Lunch") == 1
    assert sum("SUMMARY:Lunch" in text for text in room.server.events.values()) == 1
    await room.back(named, "e" * 32)
    assert not any("SUMMARY:Lunch" in text for text in room.server.events.values())
    assert "SUMMARY:Lunch" in room.main.read_text()


async def test_one_that_is_read_only_or_is_not_there_takes_no_event(room: Room) -> None:
    with pytest.raises(ToolError, match="holidays can only be read"):
        await room.desk.call("calendar_add", **LUNCH, calendar="holidays")
    with pytest.raises(ToolError, match="There is no calendar hollidays") as failure:
        await room.desk.call("calendar_add", **LUNCH, calendar="hollidays")
    assert failure.value.hint == "There are: holidays, mine, songs, team"


@pytest.mark.parametrize(("uid", "calendar"), [("stand-up", "mine"), ("choir", "songs"), ("yoga", "team")])
async def test_an_entry_is_moved_and_removed_where_it_is_and_comes_back(room: Room, uid: str, calendar: str) -> None:
    before = await room.told()
    moved = await room.desk.call("calendar_change", uid=uid, start="2026-01-10T20:00")
    assert moved.receipts[0].done.endswith(f"Sat 10 Jan 2026, 20:00-20:30, Europe/Berlin (calendar {calendar})")
    assert (await room.told())[-1].endswith(f"[{calendar}]")
    await room.back(moved, "1" * 32)
    removed = await room.desk.call("calendar_remove", "2" * 32, uid=uid)
    assert not any(f"[{calendar}]" in line for line in await room.told())
    await room.back(removed, "3" * 32)
    assert await room.told() == before


async def test_an_entry_of_a_read_only_calendar_stays(room: Room) -> None:
    await room.look()
    with pytest.raises(ToolError, match="holidays can only be read"):
        await room.desk.call("calendar_remove", uid="epiphany")
    with pytest.raises(ToolError, match="no such entry"):
        await room.desk.call("calendar_remove", OTHER_KEY, uid="nothing")


async def test_a_folder_holds_a_file_for_each_event_and_what_is_removed_is_in_the_trash(room: Room) -> None:
    added = await room.desk.call("calendar_add", **LUNCH, calendar="songs")
    (made,) = [path for path in room.folder.iterdir() if path.name != "choir.ics"]
    assert made.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    await room.back(added)
    assert [path.name for path in room.folder.iterdir()] == ["choir.ics"]
    assert [path.name for path in room.desk.paths.data.glob("trash/*/*.ics")] == [made.name]


@pytest.mark.parametrize("uid", ["stand-up", "choir", "yoga"])
async def test_what_somebody_else_changed_after_the_person_looked_stays(room: Room, uid: str) -> None:
    version = (await room.desk.call("calendar_change", uid=uid, title="Mine")).data["version"]
    for path in (room.main, room.folder / "choir.ics"):
        path.write_text(path.read_text().replace("SUMMARY:Mine", "SUMMARY:Theirs"))
    for path, text in list(room.server.events.items()):
        room.server.edited(path, text.replace("SUMMARY:Mine", "SUMMARY:Theirs"))
    with pytest.raises(ToolError, match="was changed since"):
        await room.desk.call("calendar_remove", OTHER_KEY, uid=uid, version=version)
    assert any("Theirs" in line for line in await room.told())


@pytest.mark.parametrize("tool", ["calendar_change", "calendar_remove", "calendar_restore"])
async def test_what_a_phone_stores_on_the_server_between_the_look_and_the_change_stays(room: Room, tool: str) -> None:
    """The server is asked to refuse it, by the entity tag of what was read."""
    path = "/calendars/ann/yoga.ics"
    theirs = room.server.events[path].replace("SUMMARY:Yoga", "SUMMARY:Theirs")
    moved = await room.desk.call("calendar_change", uid="yoga", start="2026-01-10T20:00")
    room.server.before_put = lambda: room.server.edited(path, theirs)
    with pytest.raises(ToolError, match="was changed since"):
        if tool == "calendar_restore":
            await room.back(moved)
        else:
            more = {"title": "Mine"} if tool == "calendar_change" else {}
            await room.desk.call(tool, OTHER_KEY, uid="yoga", **more)
    assert room.server.events[path] == theirs


async def test_what_a_phone_stores_under_the_same_name_while_an_event_is_added_stays(room: Room) -> None:
    theirs = calendar_text(event_text("Theirs"))

    def store() -> None:
        room.server.edited(f"/calendars/ann/{KEY}%40senter.ics", theirs)

    room.server.before_put = store
    with pytest.raises(ToolError, match="was changed since"):
        await room.desk.call("calendar_add", **LUNCH, calendar="team")
    assert theirs in room.server.events.values()


async def test_reading_what_the_user_connected_needs_no_yes_and_writing_does(tmp_path: Path) -> None:
    (tmp_path / "work.ics").write_text(calendar_text(event_text("Stand-up")))
    settings = task_engine_settings(calendars={"work": {"file": tmp_path / "work.ics"}})
    async with tool_desk(tmp_path, settings) as desk:
        assert "Stand-up" in (await desk.call("calendar_check", start="2026-01-05")).text
        with pytest.raises(PermissionNeeded, match=r"write .*work\.ics"):
            await desk.call("calendar_add", **LUNCH)


async def test_a_file_that_was_there_and_is_gone_is_said_so_and_not_made_anew(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    work = stick / "work.ics"
    work.write_text(calendar_text(event_text("Stand-up")))
    async with tool_desk(tmp_path, task_engine_settings(calendars={"work": {"file": work}})) as desk:
        desk.allow(write_roots=(str(tmp_path),))
        await desk.call("calendar_check", start="2026-01-05")
        away = work.rename(tmp_path / "away.ics")
        told = await desk.call("calendar_check", start="2026-01-05")
        assert told.data["problems"] == [f"work: {work} is not there now"]
        with pytest.raises(ToolError, match="is not there now"):
            await desk.call("calendar_add", **LUNCH)
        assert not work.exists()
        away.rename(work)
        await desk.call("calendar_add", **LUNCH)
    assert "SUMMARY:Lunch" in work.read_text()


@pytest.mark.parametrize("place", ["stick/work.ics", "stick/personal"])
async def test_what_is_on_a_stick_that_was_pulled_out_is_not_made_anew_after_a_restart(
    tmp_path: Path, place: str
) -> None:
    stick, work = tmp_path / "stick", tmp_path / place
    work.parent.mkdir(parents=True)
    if work.suffix:
        work.write_text(calendar_text(event_text("Stand-up")))
    else:
        work.mkdir()
    settings = task_engine_settings(calendars={"work": {"file": work}})

    async def added() -> None:
        async with tool_desk(tmp_path, settings) as desk:
            desk.allow(write_roots=(str(tmp_path),))
            await desk.call("calendar_add", **LUNCH)

    await added()
    away = stick.rename(tmp_path / "away")
    with pytest.raises(ToolError, match="is not there now"):
        await added()
    assert not stick.exists()
    away.rename(stick)
    await added()


async def test_the_first_that_can_be_written_takes_new_events_where_the_settings_name_no_main_one(
    tmp_path: Path,
) -> None:
    settings = task_engine_settings(
        calendars={"away": {"address": "https://example.org/a.ics"}, "work": {"file": tmp_path / "work.ics"}},
    )
    async with tool_desk(tmp_path, settings) as desk:
        desk.allow(write_roots=(str(tmp_path),))
        await desk.call("calendar_add", **LUNCH)
    assert "SUMMARY:Lunch" in (tmp_path / "work.ics").read_text()
