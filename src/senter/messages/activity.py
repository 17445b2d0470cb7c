"""What was done, for the report to the user."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from senter.messages.message import Event

REMINDER = "reminder"
"""The kind of what a person asked to be told at its time; its sentence is the summary."""
TIMER = "timer"
"""The part of a reminder's payload that makes it a timer: its length in seconds. It is told in quiet hours, too."""


APPROVAL_WAITING = "approval_waiting"
"""The kind of what waits for a person's yes or no; its sentence is the exact call and how it is decided."""
APPROVAL_CHARACTERS = 1_000
"""How long that sentence may be; others are shortened to a line."""


class ActivityLogged(Event):
    """Something worth telling the user was done.

    Kinds and their details: plan_created (goal_id, description, task_count), task_completed (goal_id, task_id,
    description, duration), task_failed (goal_id, task_id, description, error), goal_completed (goal_id, description,
    status, tasks_completed, tasks_failed, done, found, only_set, own, each), goal_overdue (goal_id, description),
    approval_waiting (goal_id, approval_id), research_complete (goal_id, topic), reminder (job, job_id, due_at).
    """

    wire_name = "activity_log"

    kind: str = Field(description="What kind of thing was done.")
    summary: str = Field(description="One sentence.")
    details: dict[str, JsonValue] = Field(default_factory=dict, description="What the kind names.")
    importance: Literal["low", "normal", "high", "critical"] = Field(
        default="normal", description="How much it matters."
    )
