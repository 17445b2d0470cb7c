"""Events that are made, told and taken back; what cannot be taken back is said before it is done."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.errors import InvalidInput
from senter.messages.approvals import ListApprovals
from senter.messages.calendar import EventsReply, ListEvents
from senter.messages.goals import CreateGoal, GetGoal, Status
from tests.support.goals import plan
from tests.support.undo_room import UndoRoom, undo_room

JANUARY = datetime(2099, 1, 1, tzinfo=UTC), datetime(2099, 1, 31, tzinfo=UTC)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[UndoRoom]:
    async with undo_room(tmp_path) as opened:
        yield opened


async def page(room: UndoRoom) -> EventsReply:
    return await room.ask(ListEvents(start=JANUARY[0], end=JANUARY[1]))


@pytest.mark.process
async def test_an_event_is_told_and_taken_back_and_made_again(room: UndoRoom) -> None:
    calendar = room.home / "data" / "calendar.ics"
    event = {"title": "dentist", "start": "2099-01-14T10:30", "end": "2099-01-14T11:30"}
    reply = await room.do("calendar_add", event, may_write=(calendar,))
    (receipt,) = reply.goal.receipts
    assert receipt.done.endswith(": dentist, Wed 14 Jan 2099, 10:30-11:30, Europe/Berlin")
    (told,) = (await page(room)).events
    assert (told.uid, told.calendar, told.title) == (receipt.id, "calendar", "dentist")
    assert datetime.fromisoformat(told.start) == datetime(2099, 1, 14, 9, 30, tzinfo=UTC)
    for count in (0, 1, 0):
        await room.undone()
        assert len((await page(room)).events) == count


@pytest.mark.process
async def test_a_calendar_that_cannot_be_read_is_said(room: UndoRoom) -> None:
    (room.home / "data" / "calendar.ics").write_text("no calendar")
    found = await page(room)
    assert (found.events, found.calendars) == ((), ())
    assert "calendar" in found.problem
    odd = b"BEGIN:VEVENT\nUID:a\nSUMMARY:Odd one\nDTSTART:20990105T090000Z\nRRULE:FREQ=DAILY;UNTIL=never\nEND:VEVENT\n"
    (room.home / "data" / "calendar.ics").write_bytes(b"BEGIN:VCALENDAR\n" + odd + b"END:VCALENDAR\n")
    found = await page(room)
    assert [event.title for event in found.events] == ["Odd one"]
    assert "UNTIL=never" in found.problem
    with pytest.raises(InvalidInput):
        await room.ask(ListEvents(start=JANUARY[1], end=JANUARY[0]))


async def test_what_cannot_be_taken_back_is_said_in_the_plan_and_where_it_is_asked_for(room: UndoRoom) -> None:
    run: dict[str, JsonValue] = {"argv": ["true"], "folder": "/"}
    mail: dict[str, JsonValue] = {"title": "x", "text": "y"}
    calls = ({"tool": "run_command", "tool_params": run}, {"tool": "note", "tool_params": mail})
    planned = plan(*({"description": "x", **call} for call in calls))
    made = await room.ask(CreateGoal(text=f"plan: {json.dumps(planned)}"))
    while not (waiting := (await room.ask(ListApprovals())).approvals):
        pass
    assert waiting[0].known == "It cannot be taken back."
    found = await room.ask(GetGoal(goal_id=made.goal.id))
    assert [task.final for task in found.tasks] == [True, False]
    assert found.goal.status is not Status.COMPLETED
