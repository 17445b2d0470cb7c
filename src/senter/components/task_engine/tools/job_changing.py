"""The tools reminder_change, job_change and job_restore: other times, other words, an end, and all that taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import ArgumentsT, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.job_tools import (
    TIMEOUT_SECONDS,
    JobTool,
    WhenArguments,
    ask_scheduler,
    result_of,
)
from senter.components.task_engine.tools.naming import as_said
from senter.errors import SenterError, ToolError
from senter.messages.schedule import ChangeJob, GetJob, JobState, JobView, TriggerType
from senter.moments.finding import when_in
from senter.moments.zones import user_zone

Number = Annotated[int, Field(ge=1, le=2**53)]
Version = Annotated[str, Field(max_length=64)]


class ChangeArguments(WhenArguments):
    """A change of something that has a time."""

    text: Line | None = None
    """What it says from now on."""
    cancel: bool = False
    """Whether it is to be no more."""
    version: Version = ""
    """Only where it is still this version; empty for any."""


class ReminderChangeArguments(ChangeArguments):
    reminder: Number
    """Its number."""


class JobChangeArguments(ChangeArguments):
    job: Number
    """Its number."""
    name: Line | None = None
    """What to call it from now on."""
    paused: bool | None = None
    """Whether it is to wait until it is resumed."""


class JobRestoreArguments(Arguments):
    job: Number
    """Its number."""
    version: Version = ""
    """Only where it is still this version."""
    was: JobState | None = None
    """What it was; without it, a job that was removed comes back."""


class ChangeTool(JobTool[ArgumentsT]):
    """Changes or cancels."""

    async def change(self, job: int, arguments: ChangeArguments, call: ToolCall, **more: str | None) -> ToolResult:
        """Raises `ToolError` where there is nothing to change, or it was changed since."""
        if arguments.cancel:
            await self._check_ahead(job, arguments, call)
        command = ChangeJob.model_validate(
            {
                "request_id": f"change {call.idempotency_key}",
                "job": str(job),
                "action": "remove" if arguments.cancel else "change",
                "version": arguments.version,
                "text": call.defused(arguments.text) if arguments.text is not None else None,
                **self.times(arguments, call),
                **self._day_alone(arguments, call),
                **more,
            }
        )
        reply = await ask_scheduler(call, command)
        return result_of(reply, removed=arguments.cancel)

    def _day_alone(self, arguments: ChangeArguments, call: ToolCall) -> dict[str, str]:
        """A day without a time is another day at the same time."""
        if arguments.at is None or arguments.recurrence is not None:
            return {}
        with as_said():
            said = when_in(arguments.at, call.asked_at, user_zone(arguments.zone or self._timezone)).start
        return {"at": said.isoformat()} if said and not isinstance(said, datetime) else {}

    async def _check_ahead(self, job: int, arguments: ChangeArguments, call: ToolCall) -> None:
        """What has happened is not cancelled. One that is gone may have been cancelled by this very call."""
        try:
            found = (await call.bus.request(GetJob(job=str(job)), timeout_seconds=TIMEOUT_SECONDS)).job
        except SenterError:
            return
        if _is_over(found) and arguments.version:
            raise ToolError(f"{found.name} is over: its time was {found.trigger}.", trusted=True)


class ReminderChange(ChangeTool[ReminderChangeArguments]):
    name = "reminder_change"
    description = "Moves or cancels a reminder, or changes what it says."
    arguments = ReminderChangeArguments
    examples = (ToolExample("Move reminder 12 to 5 pm", {"reminder": 12, "at": "5 pm"}),)

    async def run(self, arguments: ReminderChangeArguments, call: ToolCall) -> ToolResult:
        return await self.change(arguments.reminder, arguments, call)


class JobChange(ChangeTool[JobChangeArguments]):
    name = "job_change"
    description = "Moves, renames, pauses, resumes or cancels a scheduled job, or changes what it does."
    arguments = JobChangeArguments
    examples = (ToolExample("Cancel job 4", {"job": 4, "cancel": True}),)

    async def run(self, arguments: JobChangeArguments, call: ToolCall) -> ToolResult:
        if arguments.paused is None:
            return await self.change(arguments.job, arguments, call, name=arguments.name)
        action = "pause" if arguments.paused else "resume"
        command = ChangeJob.model_validate({"job": str(arguments.job), "action": action, "version": arguments.version})
        return result_of(await ask_scheduler(call, command))


class JobRestore(JobTool[JobRestoreArguments]):
    name = "job_restore"
    description = "Takes back a change or the removal of a reminder or a job."
    arguments = JobRestoreArguments
    offered: ClassVar[bool] = False

    async def run(self, arguments: JobRestoreArguments, call: ToolCall) -> ToolResult:
        command = ChangeJob(
            request_id=f"restore {call.idempotency_key}",
            job=str(arguments.job),
            action="change" if arguments.was else "restore",
            version=arguments.version,
            was=arguments.was,
        )
        return result_of(await ask_scheduler(call, command))


def _is_over(job: JobView) -> bool:
    return job.trigger_type is TriggerType.ONCE and not job.enabled and job.next_run is None
