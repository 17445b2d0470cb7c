"""What the tools that set times have in common: when, the question to the scheduler, and the receipt."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import ArgumentsT, Tool, ToolCall, ToolResult
from senter.components.task_engine.tools.job_receipts import inverse_of, receipt_of
from senter.components.task_engine.tools.naming import as_said
from senter.errors import CommunicationError, SenterError, ToolError
from senter.messages.message import Command, ReplyT
from senter.messages.schedule import JobReply
from senter.messages.tools import EffectClass
from senter.moments.dates import parse_moment
from senter.moments.recurrence import is_rrule
from senter.moments.zones import user_zone

TIMEOUT_SECONDS = 10.0
LONGEST_NAME = 60
KNOWN = " (set already)"

Recurrence = Annotated[Line, Field(max_length=200)]


class WhenArguments(Arguments):
    at: Line | None = None
    """When, in the words of the request, such as "friday 9:00", "tomorrow at noon", "in 2 hours"; or ISO 8601. With a
    recurrence its first time."""
    recurrence: Recurrence | None = None
    """How it comes again: five fields of cron, or RRULE:... where cron cannot say it."""
    zone: Line | None = None
    """The time zone of these, where another than the user's is meant."""


class NewArguments(WhenArguments):
    """Of something that is made, and so has a time."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.at is None and self.recurrence is None:
            raise ValueError("say when, with at or recurrence")
        return self


class JobTool(Tool[ArgumentsT]):
    """What they have in common: the scheduler does it, once for each call."""

    effect = EffectClass.IDEMPOTENT
    permission = "nothing, before the task has read text from outside"
    changes = "schedules"
    undoable = True

    def __init__(self, timezone: str) -> None:
        self._timezone = timezone

    def moment(self, words: str | None, call: ToolCall, named: str | None = None) -> str | None:
        """In ISO 8601, counted from when the goal was asked for."""
        if words is None:
            return None
        with as_said():
            zone = user_zone(named or self._timezone)
            return parse_moment(words, call.asked_at, zone, day_means="moment").isoformat()

    def times(self, arguments: WhenArguments, call: ToolCall) -> dict[str, str | None]:
        """The fields of a command that say when."""
        if arguments.recurrence is None:
            return {"at": self.moment(arguments.at, call, arguments.zone)}
        if not is_rrule(arguments.recurrence):
            return {"cron": arguments.recurrence, "zone": arguments.zone}
        return {"recurrence": arguments.recurrence, "at": arguments.at, "zone": arguments.zone}


def result_of(reply: JobReply, *, removed: bool = False) -> ToolResult:
    """The receipt, and the call that takes it back; none where another call had done it already."""
    before, after = (reply.job, None) if removed else (reply.before, reply.job)
    zone = user_zone(reply.zone)
    receipt = receipt_of(before, after, zone)
    if reply.known:
        receipt = receipt.model_copy(update={"done": receipt.done + KNOWN})
    return ToolResult(
        text=f"{receipt.done}.",
        data={"job_id": reply.job.id, "version": reply.job.version},
        receipts=(receipt,),
        inverse=() if reply.known else inverse_of(before, after),
        trusted=True,
    )


async def ask_scheduler(call: ToolCall, command: Command[ReplyT]) -> ReplyT:
    """Raises `ToolError`."""
    try:
        return await call.bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
    except CommunicationError as error:
        raise ToolError(error.message, error.hint, retryable=True, trusted=True) from error
    except SenterError as error:
        raise ToolError(error.message, error.hint, trusted=True) from error


def short_name(words: str, call: ToolCall) -> str:
    """No two jobs have one name, and two may be about the same thing."""
    said = re.sub(r"[/\s]+", " ", words)[:LONGEST_NAME].strip()
    return f"{said} ({call.idempotency_key[-8:]})"
