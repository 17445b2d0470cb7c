"""Settings of the scheduler: section `scheduler`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from senter.component.spec import ComponentSettings
from senter.settings.shared import TakenFrom


class SchedulerSettings(ComponentSettings):
    """When jobs run."""

    timezone: Annotated[str, TakenFrom("user.timezone")] = ""
    """The zone in which times are read."""
    interests: Annotated[tuple[str, ...], TakenFrom("user.interests")] = ()
    """Topics of background_research."""
    snooze_minutes: float = Field(default=10.0, ge=1, le=10_080)
    """How long a reminder is snoozed where nobody says how long, in minutes."""
    waiting_hours: float = Field(default=24.0, ge=1, le=8_760)
    """How long a reminder that was told is listed as waiting for you where you say nothing of it, in hours."""
    grace_seconds: float = Field(default=60.0, ge=0, le=604_800)
    """How late a job may run as if it were on time, in seconds, where the job does not say."""
    longest_run_hours: float = Field(default=24.0, gt=0)
    """After this a run of whose end nobody told no longer holds its job back, in hours."""
    research_per_day: int = Field(default=6, ge=0, le=24)
    """How often a day background_research runs at most."""
    idle_minutes: float = Field(default=10.0, ge=0)
    """How long nobody must have asked anything before Senter counts as idle, in minutes."""
    keep_days: int = Field(default=90, ge=1)
    """How long the history is kept, and once jobs that are over, in days."""
    max_history: int = Field(default=100_000, ge=1_000)
    """How many entries of the history are kept at most, the newest."""
    max_jobs: int = Field(default=200_000, ge=1)
    """How many jobs there may be."""
