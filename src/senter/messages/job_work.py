"""What the payload of a job may hold, by the work it is about. A component names those it takes in its SPEC."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from senter.messages.fields import text_of
from senter.messages.goals import MAX_GOAL_CHARACTERS
from senter.messages.message import Frozen


class JobWork(Frozen):
    """A payload. What it does not name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class GoalWork(JobWork):
    """A goal of the task engine."""

    goal: Annotated[str, AfterValidator(text_of("the goal", MAX_GOAL_CHARACTERS))] = Field(
        description="What is to be done each time."
    )


class ResearchWork(JobWork):
    """Research by the task engine."""

    topic: Annotated[str, AfterValidator(text_of("the topic", MAX_GOAL_CHARACTERS))] | None = Field(
        default=None, description="What to research; without it your interests, one after the other."
    )


class DigestWork(JobWork):
    """A digest of the reporter; there is nothing to say about it."""


class ReminderWork(JobWork):
    """Something that the reporter tells a person."""

    reminder: Annotated[str, AfterValidator(text_of("the reminder", MAX_GOAL_CHARACTERS))] = Field(
        description="What to tell."
    )
    timer: float | None = Field(
        default=None, gt=0, description="Of a timer its length in seconds: it is told in quiet hours, too."
    )
