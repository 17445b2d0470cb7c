"""The tool remind: has the scheduler tell the user something at a moment."""

from __future__ import annotations

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.naming import as_said
from senter.errors import CommunicationError, SenterError, ToolError
from senter.messages.schedule import AddJob, JobType
from senter.messages.tools import EffectClass
from senter.moments.dates import parse_moment
from senter.moments.shown import shown
from senter.moments.zones import user_zone

TIMEOUT_SECONDS = 10.0
LONGEST_NAME = 60


class RemindArguments(Arguments):
    text: Line
    """What to remind the user of."""
    at: Line
    """When, in the words of the request, such as "friday 9:00", "tomorrow at noon", "in 2 hours"; or ISO 8601."""


class Remind(Tool[RemindArguments]):
    name = "remind"
    description = "Reminds the user of something at a moment to come, by a notification."
    arguments = RemindArguments
    examples = (
        ToolExample("Remind me tomorrow at 9 to call the bank", {"text": "call the bank", "at": "tomorrow at 9"}),
        ToolExample("In half an hour, remind me of the soup", {"text": "the soup", "at": "in 30 minutes"}),
    )
    effect = EffectClass.IDEMPOTENT
    permission = "nothing, before the task has read text from outside"
    changes = "schedules"

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    async def run(self, arguments: RemindArguments, call: ToolCall) -> ToolResult:
        with as_said():
            at = parse_moment(arguments.at, call.asked_at, user_zone(self._timezone), day_means="moment")
        command = AddJob(
            request_id=f"remind {call.idempotency_key}",
            name=f"remind: {arguments.text.replace('/', ' ')[:LONGEST_NAME]} ({call.idempotency_key[-8:]})",
            job_type=JobType.CUSTOM,
            payload={"reminder": call.defused(arguments.text)},
            at=at.isoformat(),
        )
        try:
            reply = await call.bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except CommunicationError as error:
            raise ToolError(error.message, error.hint, retryable=True, trusted=True) from error
        except SenterError as error:
            raise ToolError(error.message, error.hint, trusted=True) from error
        due = reply.job.next_run
        when = shown(due, user_zone(reply.zone)) if due else "its time"
        return ToolResult(text=f"The user will be reminded on {when}.", data={"job_id": reply.job.id}, trusted=True)
