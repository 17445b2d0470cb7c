"""The tool remind: has the scheduler tell the user something at a moment, or again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from senter.components.task_engine.contract.arguments import Line
from senter.components.task_engine.contract.tool import ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.job_tools import JobTool, NewArguments, ask_scheduler, result_of, short_name
from senter.errors import SenterError
from senter.messages.activity import REMINDER, TIMER
from senter.messages.reports import GetNotificationTargets
from senter.messages.schedule import AddJob, JobType
from senter.moments.dates import MOMENT_TIME
from senter.moments.zones import user_zone
from senter.sentences import phrase

LOOK_SECONDS = 2.0
CANNOT_RING = "It cannot ring, but stands in senter progress: {why}"


class RemindArguments(NewArguments):
    text: Line
    """What to remind the user of."""
    timer: bool = False
    """Whether it is a timer, which rings in quiet hours, too."""
    all_day: bool = False
    """Whether a day is meant and no time of it: it is told in the morning."""


class Remind(JobTool[RemindArguments]):
    name = "remind"
    description = "Reminds the user of something at a moment to come, or again and again, by a notification."
    arguments = RemindArguments
    examples = (
        ToolExample("Remind me tomorrow at 9 to call the bank", {"text": "call the bank", "at": "tomorrow at 9"}),
        ToolExample("In half an hour, remind me of the soup", {"text": "the soup", "at": "in 30 minutes"}),
    )

    async def run(self, arguments: RemindArguments, call: ToolCall) -> ToolResult:
        command = AddJob.model_validate(
            {
                "request_id": f"remind {call.idempotency_key}",
                "name": f"remind: {short_name(arguments.text, call)}",
                "job_type": JobType.CUSTOM,
                "payload": self._payload(arguments, call),
                **self._times(arguments, call),
                "asked_at": call.asked_at,
            }
        )
        result = result_of(await ask_scheduler(call, command))
        silent = await _why_silent(call)
        return _with_note(result, phrase(CANNOT_RING, why=silent)) if silent else result

    def _payload(self, arguments: RemindArguments, call: ToolCall) -> dict[str, JsonValue]:
        text: dict[str, JsonValue] = {REMINDER: call.defused(arguments.text)}
        moment = self.moment(arguments.at, call, arguments.zone)
        if not arguments.timer or moment is None:
            return text
        seconds = (datetime.fromisoformat(moment) - call.asked_at).total_seconds()
        return {**text, TIMER: max(1.0, round(seconds))}

    def _times(self, arguments: RemindArguments, call: ToolCall) -> dict[str, str | None]:
        """Of a whole day, its morning."""
        times = self.times(arguments, call)
        if not arguments.all_day or arguments.recurrence is not None or not times["at"]:
            return times
        zone = user_zone(arguments.zone or self._timezone)
        day = datetime.fromisoformat(times["at"]).astimezone(zone).date()
        return {"at": datetime.combine(day, MOMENT_TIME, tzinfo=zone).isoformat()}


def _with_note(result: ToolResult, note: str) -> ToolResult:
    receipts = tuple(one.model_copy(update={"note": note}) for one in result.receipts)
    return replace(result, text=f"{result.text} {note}", receipts=receipts)


async def _why_silent(call: ToolCall) -> str:
    """Why a notification would reach nobody; empty where it would, and where nobody says."""
    try:
        return (await call.bus.request(GetNotificationTargets(), timeout_seconds=LOOK_SECONDS)).reason
    except SenterError:
        return ""
