"""What stands in the user's calendars between two moments, for whoever asks beside goals."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue, TypeAdapter

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import ToolCall, ToolResult
from senter.components.task_engine.engine.services import EngineServices
from senter.errors import InvalidInput, SenterError
from senter.messages.calendar import EventsReply, EventView
from senter.messages.message import new_message_id

CALENDAR_CHECK = "calendar_check"
LONGEST = timedelta(days=366)
EVENTS = TypeAdapter(tuple[EventView, ...])


async def calendar_page(
    start: datetime, end: datetime, folders: Sequence[str], services: EngineServices
) -> EventsReply:
    """One that cannot be read is said, and no error. Raises `InvalidInput` for a span that is none."""
    if not timedelta() < end - start <= LONGEST:
        raise InvalidInput("The end must come after the start, by a year at most.")
    try:
        found = await _looked_up(start, (end - start) / timedelta(days=1), folders, services)
    except (SenterError, TimeoutError) as error:
        return EventsReply(events=(), calendars=(), problem=str(error) or "The calendar does not answer.")
    name = str(found.data["calendar"])
    listed = found.data["events"]
    rows = [{**row, "calendar": name} for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    problem = str(found.data["problem"])
    return EventsReply(events=EVENTS.validate_python(rows), calendars=(name,), problem=problem)


async def _looked_up(start: datetime, days: float, folders: Sequence[str], services: EngineServices) -> ToolResult:
    tool = services.tools.get(CALENDAR_CHECK)
    asked: dict[str, JsonValue] = {"start": start.isoformat(), "days": days}
    access = services.access(services.default_grant(folders), None)
    now, clock, log = services.clock.now(), services.clock, services.log
    call = ToolCall(new_message_id(), access, now, services.paths, services.bus, clock, log)
    async with asyncio.timeout(tool.timeout_seconds):
        return await tool.run(parsed(tool, asked), call)
