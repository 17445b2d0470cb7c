"""Calendars by command: listed, connected, disconnected; events added and removed in plain words, and taken back."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from senter.components.task_engine.spec import SPEC
from senter.errors import Conflict, InvalidInput, Unclear
from senter.messages.calendar import (
    AddEvent,
    CalendarConnected,
    CalendarKind,
    ConnectCalendar,
    DisconnectCalendar,
    EventsReply,
    ListCalendars,
    ListEvents,
    RemoveEvent,
)
from senter.messages.goals import Status
from tests.support.caldav_server import CaldavServer, caldav_server
from tests.support.calendar_texts import calendar_text, event_text
from tests.support.ics_server import ics_server
from tests.support.settings import task_engine_settings
from tests.support.undo_room import UndoRoom, undo_room

pytestmark = pytest.mark.process

YEAR = datetime(2099, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


@asynccontextmanager
async def room_with(place: Path, **settings: object) -> AsyncGenerator[UndoRoom]:
    """A real engine, which plans by rules as it does for people."""
    exact = task_engine_settings(timezone="Europe/Berlin", first_wait_seconds=0, **settings)
    async with undo_room(place, exact, engine=SPEC) as opened:
        yield opened


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UndoRoom]:
    async with room_with(tmp_path) as opened:
        yield opened


def written(room: UndoRoom) -> dict[str, object]:
    """What the settings file says of the task engine."""
    values = tomllib.loads((room.home / "settings.toml").read_text())
    return cast("dict[str, object]", values.get("task_engine", {}))


async def year(room: UndoRoom) -> EventsReply:
    return await room.ask(ListEvents(start=YEAR[0], end=YEAR[1], wait_seconds=10))


async def test_a_file_is_connected_by_its_path_and_takes_new_events(room: UndoRoom, tmp_path: Path) -> None:
    path = tmp_path / "Zoë's work.ics"
    path.write_text(calendar_text(event_text("Stand-up")))
    found = await room.ask(ConnectCalendar(place=str(path)))
    assert (found.name, found.kind, found.is_for_new) == ("zoe-s-work", CalendarKind.FILE, True)
    assert written(room) == {"calendars": {"zoe-s-work": {"file": str(path)}}, "calendar_for_new": "zoe-s-work"}


async def test_a_folder_is_connected_and_one_above_names_those_in_it(room: UndoRoom, tmp_path: Path) -> None:
    (tmp_path / "all" / "choir").mkdir(parents=True)
    (tmp_path / "all" / "choir" / "one.ics").write_text(calendar_text(event_text("Choir")))
    with pytest.raises(InvalidInput) as failure:
        await room.ask(ConnectCalendar(place=str(tmp_path / "all")))
    assert failure.value.hint == "Connect one of the folders in it: choir"
    found = await room.ask(ConnectCalendar(place=str(tmp_path / "all" / "choir")))
    assert (found.name, found.kind) == ("choir", CalendarKind.FOLDER)


async def test_an_address_that_answers_with_a_calendar_is_a_subscription_named_as_it_names_itself(
    room: UndoRoom,
) -> None:
    with ics_server(calendar_text(event_text("Epiphany"), name="Feiertage für Bayern")) as published:
        found = await room.ask(ConnectCalendar(place=published.address.replace("http://", "webcal://")))
        assert (found.name, found.kind) == ("feiertage-fur-bayern", CalendarKind.SUBSCRIPTION)
        assert (found.can_write, found.is_for_new) == (False, False)
        assert written(room) == {"calendars": {found.name: {"address": published.address}}}


@pytest.fixture
def server() -> Iterator[CaldavServer]:
    with caldav_server() as running:
        running.calendars["/calendars/family/"] = ("Family", "VEVENT", "write")
        yield running


def at(server: CaldavServer, **more: str) -> ConnectCalendar:
    return ConnectCalendar(place=server.origin, **more)


async def test_an_account_is_connected_by_the_address_of_its_server(room: UndoRoom, server: CaldavServer) -> None:
    found = await room.ask(at(server, user="ann", password="secret", name="Home"))
    assert found == CalendarConnected(
        name="home", kind=CalendarKind.CALDAV, found=("Ann", "Family"), can_write=True, is_for_new=True
    )
    account = {"caldav": f"{server.origin}/", "user": "ann", "password": "secret"}
    told = cast("dict[str, dict[str, str]]", written(room)["calendars"])["home"]
    assert {**told, "caldav": told["caldav"].rstrip("/") + "/"} == account


async def test_what_is_no_calendar_is_said_and_nothing_is_written(
    room: UndoRoom, server: CaldavServer, tmp_path: Path
) -> None:
    (tmp_path / "letter.ics").write_text("Dear Ann")
    said = {
        str(tmp_path / "nothing.ics"): "There is no ",
        str(tmp_path / "letter.ics"): "This is not a calendar",
        "my calendar": "Cannot find a calendar at",
        "ftp://example.org/a.ics": "Give a web address",
        server.origin: "127.0.0.1 asks for a user and a password",
    }
    for place, words in said.items():
        with pytest.raises(InvalidInput, match=words):
            await room.ask(ConnectCalendar(place=place))
    with pytest.raises(InvalidInput, match="does not accept the user or the password") as failure:
        await room.ask(at(server, user="ann", password="wrong-one"))
    assert "wrong-one" not in failure.value.message
    assert not (room.home / "settings.toml").exists()


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (404, "", "^There is nothing at its address now"),
        (401, "", "^Its address asks you to sign in"),
        (200, "<html>", "^The server answered with a web page"),
    ],
)
async def test_an_address_of_a_file_fails_as_that_and_not_as_a_server(
    room: UndoRoom, status: int, content: str, said: str
) -> None:
    with ics_server(content) as published:
        published.status = status
        with pytest.raises(InvalidInput, match=said):
            await room.ask(ConnectCalendar(place=published.address))


async def test_who_names_a_service_is_told_where_it_has_the_address(room: UndoRoom) -> None:
    with pytest.raises(InvalidInput) as failure:
        await room.ask(ConnectCalendar(place="my Google calendar"))
    assert "secret address in iCal format" in failure.value.hint


async def test_one_that_is_connected_is_listed_and_disconnected_and_not_connected_again(tmp_path: Path) -> None:
    work = tmp_path / "work.ics"
    work.write_text(calendar_text(event_text("Stand-up"), event_text("Retro")))
    async with room_with(tmp_path, calendars={"work": {"file": work}}, calendar_for_new="work") as room:
        listed = (await room.ask(ListCalendars())).calendars
        assert [(one.name, one.entries, one.is_for_new, one.problem) for one in listed] == [
            ("calendar", 0, False, ""),
            ("work", 2, True, ""),
        ]
        with pytest.raises(Conflict, match="connected already, as work"):
            await room.ask(ConnectCalendar(place=str(work)))
        (room.home / "settings.toml").write_text(
            f'[task_engine]\ncalendar_for_new = "work"\n[task_engine.calendars]\nwork = {{ file = "{work}" }}\n'
        )
        await room.ask(DisconnectCalendar(name=str(work)))
        assert written(room) == {"calendars": {}}
        with pytest.raises(InvalidInput, match='No calendar "calendar" is connected'):
            await room.ask(DisconnectCalendar(name="calendar"))
    assert work.exists()


async def done(room: UndoRoom, command: AddEvent | RemoveEvent) -> str:
    """What was done."""
    reply = await room.until_ended((await room.ask(command)).goal.id)
    assert reply.goal.status is Status.COMPLETED, reply.goal.error
    (receipt,) = reply.goal.receipts
    return receipt.done.partition(": ")[2]


async def test_an_event_is_added_in_plain_words_once_and_taken_back(room: UndoRoom) -> None:
    command = AddEvent(request_id="a" * 32, text="meeting with Bob in room 3 on 8 january 2099 from 9 to 10:30")
    assert await done(room, command) == "meeting with Bob, Thu 8 Jan 2099, 09:00-10:30, Europe/Berlin"
    assert await done(room, command)
    (told,) = (await year(room)).events
    assert (told.title, told.location, told.calendar) == ("meeting with Bob", "room 3", "calendar")
    await room.undone()
    assert (await year(room)).events == ()


async def test_what_is_missing_is_asked_and_nothing_is_added(room: UndoRoom) -> None:
    for text, question in {
        "dentist": "When is it: dentist",
        "lunch tomorrow and the vet on friday": "calendar, and when",
    }.items():
        with pytest.raises(Unclear, match=question):
            await room.ask(AddEvent(text=text))
    assert (await year(room)).events == ()


async def test_an_event_goes_into_the_calendar_that_is_named(tmp_path: Path) -> None:
    calendars = {"work": {"file": tmp_path / "work.ics"}, "club": {"file": tmp_path / "club.ics"}}
    async with room_with(tmp_path, calendars=calendars) as room:
        said = await done(room, AddEvent(text="dentist 8 january 2099 14:00", calendar="club"))
        assert said == "dentist, Thu 8 Jan 2099, 14:00-15:00, Europe/Berlin (calendar club)"
        with pytest.raises(InvalidInput, match="There is no calendar clubb") as failure:
            await room.ask(AddEvent(text="dentist 8 january 2099 14:00", calendar="clubb"))
        assert failure.value.hint == "There are: calendar, club, work"
    assert [path.name for path in tmp_path.glob("*.ics")] == ["club.ics"]


async def test_one_time_of_what_repeats_is_removed_and_comes_back_then_all_of_it_is(room: UndoRoom) -> None:
    await done(room, AddEvent(text="yoga every thursday 18:00 from 8 january 2099 until 30 january 2099"))
    first, second, *_ = (await year(room)).events
    command = RemoveEvent(uid=second.uid, title=second.title, occurrence=second.start)
    assert await done(room, command) == "yoga, Thu 15 Jan 2099, 18:00-19:00, Europe/Berlin"
    assert second not in (await year(room)).events
    await room.undone()
    assert second in (await year(room)).events
    await done(room, RemoveEvent(uid=first.uid, title=first.title))
    assert (await year(room)).events == ()


@pytest.mark.parametrize(("words", "days"), [("week", 7), ("month", 31), ("today", 1), ("next week", 7), ("24 dec", 1)])
async def test_a_time_is_named_in_words(room: UndoRoom, words: str, days: int) -> None:
    found = await room.ask(ListEvents(when=words))
    assert found.start
    assert found.end
    assert (found.end - found.start).days == days
    assert found.problem == ""


async def test_words_that_name_no_time_are_refused(room: UndoRoom) -> None:
    with pytest.raises(InvalidInput, match='Cannot read "fribble" as a time'):
        await room.ask(ListEvents(when="fribble"))
