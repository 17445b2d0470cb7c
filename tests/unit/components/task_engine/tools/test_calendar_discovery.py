"""From the address that people are given to their calendars; and what is no such address, in a sentence."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.errors import ToolError
from tests.support.caldav_server import CaldavServer, caldav_server
from tests.support.calendar_texts import calendar_text, event_text
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import KEY, ToolDesk, tool_desk

pytestmark = pytest.mark.process

FAMILY, TASKS = "/calendars/family/", "/calendars/tasks/"
PLACES = ("", "/", "/dav/", "/dav", "/principals/ann/", "/calendars/", "/calendars", "/nothing")


@pytest.fixture
def server() -> Iterator[CaldavServer]:
    with caldav_server() as running:
        running.calendars |= {FAMILY: ("Family", "VEVENT", "write"), TASKS: ("Tasks", "VTODO", "write")}
        running.events["/calendars/ann/yoga.ics"] = calendar_text(event_text("Yoga", "20260106T180000Z"))
        running.events[f"{FAMILY}picnic.ics"] = calendar_text(event_text("Picnic", "20260107T100000Z"))
        yield running


@asynccontextmanager
async def account(place: Path, address: str, password: str = "secret") -> AsyncGenerator[ToolDesk]:  # noqa: S107
    settings = task_engine_settings(caldav_url=address, caldav_user="ann", caldav_password=password)
    async with tool_desk(place, settings) as desk:
        desk.allow(hosts=(address.split("/")[2],))
        yield desk


async def titles(desk: ToolDesk) -> list[str]:
    events = (await desk.call("calendar_check", start="2026-01-05", days=7)).data["events"]
    assert isinstance(events, list)
    return [f"{event['calendar']}: {event['title']}" for event in events if isinstance(event, dict)]


async def problem(place: Path, address: str, password: str = "secret") -> str:  # noqa: S107
    async with account(place, address, password) as desk:
        with pytest.raises(ToolError, match="calendar cannot be used") as failure:
            await desk.call("calendar_check")
    assert password not in failure.value.message
    return failure.value.message.removeprefix("The calendar cannot be used: ")


@pytest.mark.parametrize("path", PLACES)
async def test_any_address_of_the_person_leads_to_all_their_calendars(
    tmp_path: Path, server: CaldavServer, path: str
) -> None:
    server.redirects["/calendars"] = "/calendars/"
    async with account(tmp_path, f"{server.origin}{path}") as desk:
        assert await titles(desk) == ["Ann: Yoga", "Family: Picnic"]


async def test_the_address_of_one_calendar_is_that_calendar(tmp_path: Path, server: CaldavServer) -> None:
    async with account(tmp_path, f"{server.origin}{FAMILY}") as desk:
        assert await titles(desk) == ["Family: Picnic"]


async def test_a_new_event_goes_into_the_first_that_takes_events_or_the_one_that_is_named(
    tmp_path: Path, server: CaldavServer
) -> None:
    server.calendars["/calendars/ann/"] = ("Ann", "VEVENT", "read")
    async with account(tmp_path, server.origin) as desk:
        first = await desk.call("calendar_add", title="Lunch", start="2026-01-08T12:00")
        assert first.receipts[0].done.startswith("Event 01234567: Lunch")
        with pytest.raises(ToolError, match="Ann can only be read"):
            await desk.call("calendar_add", "f" * 32, title="Tea", start="2026-01-08T16:00", calendar="Ann")
        with pytest.raises(ToolError, match="There is no calendar Work"):
            await desk.call("calendar_add", "f" * 32, title="Tea", start="2026-01-08T16:00", calendar="Work")
    assert [path for path, text in server.events.items() if "Lunch" in text] == [f"{FAMILY}{KEY}%40senter.ics"]


async def test_a_plain_web_page_is_said_to_be_one(tmp_path: Path, server: CaldavServer) -> None:
    server.page, server.redirects = b"<!doctype html><h1>Welcome</h1>", {}
    assert await problem(tmp_path, server.origin) == "127.0.0.1 answered with a web page, and not with a calendar."


async def test_a_wrong_password_is_said_to_be_one(tmp_path: Path, server: CaldavServer) -> None:
    found = await problem(tmp_path, server.origin, "wrong-one")
    assert found == "127.0.0.1 does not accept the user or the password."
    assert len(server.asked) < 5


async def test_a_server_without_calendars_says_so(tmp_path: Path, server: CaldavServer) -> None:
    server.calendars = {TASKS: ("Tasks", "VTODO", "write")}
    found = await problem(tmp_path, server.origin)
    assert found == "no calendar was found at 127.0.0.1; give the calendar's own address."


@pytest.mark.parametrize(
    ("principal", "home", "redirects"),
    [
        ("/", "/", {}),
        ("/dav/", "/dav/", {"/.well-known/caldav": "/.well-known/caldav"}),
        ("/principals/ann/", "/principals/ann/", {"/.well-known/caldav": "/a", "/a": "/.well-known/caldav"}),
    ],
)
async def test_what_leads_in_a_circle_ends(
    tmp_path: Path, server: CaldavServer, principal: str, home: str, redirects: dict[str, str]
) -> None:
    server.principal, server.home, server.redirects, server.calendars = principal, home, redirects, {}
    assert await problem(tmp_path, f"{server.origin}/nothing")
    assert len(server.asked) < 40


async def test_a_redirect_to_another_host_is_not_followed_and_gets_no_password(
    tmp_path: Path, server: CaldavServer
) -> None:
    with caldav_server() as other:
        elsewhere = other.origin.replace("127.0.0.1", "localhost")
        server.redirects["/"] = f"{elsewhere}/dav/"
        found = await problem(tmp_path, f"{server.origin}/")
        assert (other.asked, other.authorizations) == ([], [])
    assert found == "127.0.0.1 sends on to localhost: connect that address itself."


async def test_a_home_on_another_host_gets_no_password(tmp_path: Path, server: CaldavServer) -> None:
    with caldav_server() as other:
        server.home = other.origin.replace("127.0.0.1", "localhost") + "/calendars/"
        assert "sends on to localhost" in await problem(tmp_path, server.origin)
        assert other.asked == []


async def test_an_answer_without_end_is_cut_off(tmp_path: Path, server: CaldavServer) -> None:
    large = event_text("Yoga", "20260106T180000Z", more=f"DESCRIPTION:{'x' * 50_000_000}\n")
    server.events["/calendars/ann/yoga.ics"] = calendar_text(large)
    async with account(tmp_path, server.origin) as desk:
        found = await desk.call("calendar_check", start="2026-01-05", days=7)
    assert "Picnic" in found.text
    assert found.data["problems"] == ["Ann: 127.0.0.1 sent more than 32 MiB"]
