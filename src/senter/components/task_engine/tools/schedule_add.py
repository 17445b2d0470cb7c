"""The tool schedule_add: has Senter do something at a time, or again and again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from senter.components.task_engine.contract.arguments import Line
from senter.components.task_engine.contract.tool import ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.job_tools import JobTool, NewArguments, ask_scheduler, result_of, short_name
from senter.messages.goals import MAX_GOAL_CHARACTERS
from senter.messages.schedule import AddJob, JobType


class ScheduleAddArguments(NewArguments):
    name: Line
    """What to call it."""
    goal: Annotated[Line, Field(max_length=MAX_GOAL_CHARACTERS)]
    """What is to be done each time, in the words of the request."""


class ScheduleAdd(JobTool[ScheduleAddArguments]):
    name = "schedule_add"
    description = "Has Senter do something at a time, or again and again: a goal of its own each time."
    arguments = ScheduleAddArguments
    examples = (
        ToolExample(
            "Every Monday at 9 summarise the news about bread",
            {"name": "bread news", "goal": "Summarise the news about bread", "recurrence": "0 9 * * 1"},
        ),
    )

    async def run(self, arguments: ScheduleAddArguments, call: ToolCall) -> ToolResult:
        command = AddJob.model_validate(
            {
                "request_id": f"schedule {call.idempotency_key}",
                "name": short_name(arguments.name, call),
                "job_type": JobType.GOAL,
                "payload": {"goal": arguments.goal},
                **self.times(arguments, call),
                "asked_at": call.asked_at,
            }
        )
        return result_of(await ask_scheduler(call, command))
