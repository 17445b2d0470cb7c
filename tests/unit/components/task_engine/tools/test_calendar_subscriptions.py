"""A calendar that is subscribed by its address: read once, kept, read anew beside, and said when it is old."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from senter.components.task_engine.tools.calendar_texts import CalendarSpan
from senter.errors import ToolError
from tests.support.calendar_texts import calendar_text, event_text
from tests.support.ics_server import PATH, IcsServer, ics_server
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import KEY, ToolDesk, tool_desk

pytestmark = pytest.mark.process

TEXT = calendar_text(event_text("Match", "20260106T180000Z"))
OTHER = calendar_text(event_text("Cup", "20260106T180000Z"))
HOUR = 3_600
PAGE = b"<!DOCTYPE html><title>Sign in</title>"


@pytest.fixture
def published() -> Iterator[IcsServer]:
    with ics_server(TEXT) as running:
        yield running


@asynccontextmanager
async def subscribed(place: Path, address: str) -> AsyncGenerator[ToolDesk]:
    settings = task_engine_settings(calendars={"sport": {"address": address, "refresh_minutes": 60}})
    async with tool_desk(place, settings) as opened:
        opened.grant = opened.grant.model_copy(update={"expires_at": None})
        yield opened


@pytest.fixture
async def desk(tmp_path: Path, published: IcsServer) -> AsyncGenerator[ToolDesk]:
    async with subscribed(tmp_path, published.address) as opened:
        yield opened


async def told(desk: ToolDesk) -> tuple[list[str], list[str]]:
    """Titles, and what is said of the subscription."""
    found = await desk.call("calendar_check", start="2026-01-05", days=7)
    events, problems = found.data["events"], found.data["problems"]
    assert isinstance(events, list)
    assert isinstance(problems, list)
    return [str(event["title"]) for event in events if isinstance(event, dict)], [str(each) for each in problems]


async def until_told(desk: ToolDesk, titles: list[str], problems: list[str]) -> None:
    """What is read anew in the background is there a moment later."""
    async with asyncio.timeout(20):
        while await told(desk) != (titles, problems):
            await asyncio.sleep(0.01)


async def test_it_is_read_once_an_hour_and_not_more_often(desk: ToolDesk, published: IcsServer) -> None:
    for _ in range(3):
        assert await told(desk) == (["Match"], [])
    desk.clock.elapse(HOUR - 1)
    await told(desk)
    assert len(published.asked) == 1
    desk.clock.elapse(2)
    published.content = OTHER.encode()
    await until_told(desk, ["Cup"], [])
    assert len(published.asked) == 2


async def test_one_that_did_not_change_is_not_sent_again(desk: ToolDesk, published: IcsServer) -> None:
    published.etag = '"one"'
    await told(desk)
    desk.clock.elapse(3 * HOUR)
    await until_told(desk, ["Match"], [])
    assert published.asked == [PATH, f'{PATH} "one"']


async def test_nobody_waits_while_it_is_read_anew(desk: ToolDesk, published: IcsServer) -> None:
    await told(desk)
    published.held, published.content = Event(), OTHER.encode()
    desk.clock.elapse(HOUR + 1)
    assert await told(desk) == (["Match"], [])
    published.held.set()
    await until_told(desk, ["Cup"], [])


@pytest.mark.parametrize(
    ("status", "content", "why"),
    [
        (200, PAGE, "the server answered with a web page"),
        (200, OTHER.encode()[:-20], "the server sent only the beginning of it"),
        (200, b"{}", "the server answered with something that is not a calendar"),
        (401, b"", "its address asks you to sign in"),
        (404, b"", "there is nothing at its address now"),
        (410, b"", "it was taken from its address"),
        (503, b"", "the server answered with status 503"),
    ],
)
async def test_the_last_good_copy_stays_and_is_said_to_be_old(
    desk: ToolDesk, published: IcsServer, status: int, content: bytes, why: str
) -> None:
    await told(desk)
    published.status, published.content = status, content
    desk.clock.elapse(72 * HOUR)
    await until_told(desk, ["Match"], [f"sport: last read 3 days ago: {why}"])


@pytest.mark.parametrize(("content", "repeats"), [(PAGE, 1), (b"X" * 1_000_000, 50)])
async def test_what_is_no_calendar_from_the_first_is_an_error(
    desk: ToolDesk, published: IcsServer, content: bytes, repeats: int
) -> None:
    published.content, published.repeats = content, repeats
    _, problems = await told(desk)
    assert len(problems) == 1
    assert problems[0].startswith("sport: ")
    assert not any("private" in problem for problem in problems)


async def test_a_redirect_on_the_same_host_is_followed(desk: ToolDesk, published: IcsServer) -> None:
    published.redirects[PATH] = "/elsewhere.ics"
    assert await told(desk) == (["Match"], [])


async def test_a_redirect_to_this_machine_or_without_end_is_not(desk: ToolDesk, published: IcsServer) -> None:
    with ics_server(OTHER) as other:
        published.redirects[PATH] = other.address
        _, problems = await told(desk)
        assert other.asked == []
    assert "redirects to" in problems[0]
    assert "private" not in problems[0]
    published.redirects[PATH] = PATH
    desk.clock.elapse(HOUR + 1)
    await until_told(desk, [], ["sport: 127.0.0.1 redirects more than 5 times"])


async def test_a_webcal_address_is_a_web_address(tmp_path: Path) -> None:
    async with subscribed(tmp_path, "webcal://127.0.0.1:1/private.ics") as desk:
        _, problems = await told(desk)
    assert problems == ["sport: 127.0.0.1 cannot be read: no connection"]


async def test_an_address_with_a_password_in_it_is_refused_without_it(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="Leave the user and the password out") as failure:
        async with subscribed(tmp_path, "https://ann:hunter2@example.org/a.ics"):
            pass
    assert "hunter2" not in failure.value.message


async def test_old_copies_are_read_anew_without_anybody_asking(desk: ToolDesk, published: IcsServer) -> None:
    now = desk.clock.now()
    await desk.registry.calendars.keep_fresh(CalendarSpan(now, now), desk.tool_call(KEY))
    async with asyncio.timeout(20):
        while not list(desk.paths.data.glob("calendars/*.json")):
            await asyncio.sleep(0.01)
    published.status = 503
    assert await told(desk) == (["Match"], [])
