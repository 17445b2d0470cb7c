"""Work at its time: jobs, what makes them run, and the record of what became of each. Answered by the scheduler."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue, StringConstraints

from senter.messages.fields import Arguments, ShortText, check_unicode, text_of
from senter.messages.goals import MAX_GOAL_CHARACTERS, Grant, Widening
from senter.messages.message import Command, ComponentName, Done, Event, Frozen, Reply, new_message_id

SCHEDULER = ComponentName("scheduler")
MAX_NAME_CHARACTERS = 100
MAX_LISTED = 1_000

JobName = Annotated[str, AfterValidator(text_of("the name", MAX_NAME_CHARACTERS))]
JobReference = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(check_unicode)]
JobRequestId = Annotated[str, Field(pattern=r"^[ -~]{1,200}$")]
FilterValue = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(check_unicode)]
JobText = Annotated[str, AfterValidator(text_of("the text", MAX_GOAL_CHARACTERS))]
Seconds = Annotated[float, Field(ge=0, le=3_200_000_000.0, allow_inf_nan=False)]


class JobType(StrEnum):
    """What kind of work a job is; decides who does it."""

    RESEARCH = "research"
    GOAL = "goal"
    DIGEST = "digest"
    MAINTENANCE = "maintenance"
    LEARNING = "learning"
    CUSTOM = "custom"


class TriggerType(StrEnum):
    """What makes a job run."""

    CRON = "cron"
    INTERVAL = "interval"
    ONCE = "once"
    EVENT = "event"
    RECURRENCE = "recurrence"


class Misfire(StrEnum):
    """What becomes of times that were missed by more than the grace time."""

    SKIP = "skip"
    RUN_ONCE = "run_once"
    RUN_ALL = "run_all"


class FiringOutcome(StrEnum):
    """What became of one due time."""

    FIRED = "fired"
    SKIPPED = "skipped"


class JobView(Frozen):
    """One job as people see it."""

    id: int = Field(description="Names the job.")
    name: str = Field(description="What people call it; no two have the same.")
    job_type: JobType = Field(description="What kind of work it is.")
    component: str = Field(description="Who does the work.")
    trigger_type: TriggerType = Field(description="What makes it run.")
    trigger_config: dict[str, JsonValue] = Field(description="The trigger's own settings.")
    trigger: str = Field(description="The trigger in words.")
    payload: dict[str, JsonValue] = Field(description="What the work is about.")
    enabled: bool = Field(description="Whether it runs when it is due; false while paused, and after a once job ran.")
    running: bool = Field(description="Whether its last run is not over yet.")
    last_run: AwareDatetime | None = Field(default=None, description="When it last ran, UTC.")
    next_run: AwareDatetime | None = Field(default=None, description="When it is due next, UTC.")
    times: tuple[AwareDatetime, ...] = Field(
        default=(), description="All its times from the next one on, UTC, where they were asked for; 200 at most."
    )
    run_count: int = Field(description="How often it ran.")
    created_at: AwareDatetime = Field(description="When it was added, UTC.")
    misfire: Misfire = Field(description="What becomes of missed times.")
    grace_seconds: float = Field(description="How late it may still run as if on time, in seconds.")
    overlap: bool = Field(description="Whether it runs although its last run is not over.")
    only_when_idle: bool = Field(description="Whether it waits for times at which nothing else is done.")
    daily_limit: int | None = Field(default=None, description="How often a day at most; null is without limit.")
    built_in: bool = Field(description="Whether Senter made it.")
    grant: Grant | None = Field(default=None, description="What its goals may do beyond the default grant.")
    version: str = Field(default="", description="Differs once it says something else or has another time.")
    over: bool = Field(default=False, description="Whether nothing of it is to come, and nothing waits for a person.")
    left_out: tuple[ShortText, ...] = Field(
        default=(),
        description="Of what comes again the times since its last run that are left out: days, and moments as its "
        "clocks show them, ISO 8601.",
    )
    told_due: AwareDatetime | None = Field(
        default=None, description="Of a reminder that was told and waits for a person: the time that it was for, UTC."
    )
    told_at: AwareDatetime | None = Field(default=None, description="When that was told, UTC; null where none waits.")
    snoozed_until: AwareDatetime | None = Field(
        default=None, description="When it is told again, UTC; null where it is not snoozed."
    )


class ToldState(Frozen):
    """How a reminder that was told stands; without a time nothing of it waits for a person."""

    told_due: AwareDatetime | None = Field(default=None, description="The time that it was told for.")
    told_at: AwareDatetime | None = Field(default=None, description="When it was told.")
    snoozed_until: AwareDatetime | None = Field(default=None, description="When it is told again.")


class JobState(Frozen):
    """What a job was, so that it can be that again."""

    name: JobName = Field(description="What people call it.")
    trigger_type: TriggerType = Field(description="What makes it run.")
    trigger_config: Arguments = Field(description="The trigger's own settings, as a job shows them.")
    payload: Arguments = Field(description="What the work is about.")


class JobReply(Reply):
    job: JobView = Field(description="The job as it is now.")
    zone: str = Field(description="The time zone that its times are read in.")
    before: JobView | None = Field(default=None, description="The job before this change; null where none was made.")
    known: bool = Field(
        default=False, description="Whether it was there: the same reminder, added less than a minute before."
    )


class AddJob(Command[JobReply], to=SCHEDULER):
    """Have work done at its time. The same `request_id` adds one job, however often it is sent.

    Without a trigger it is due every hour.
    """

    wire_name = "schedule_job"

    request_id: JobRequestId = Field(default_factory=new_message_id, description="Chosen by the asker.")
    name: JobName = Field(description="What to call it; no two have the same.")
    job_type: JobType = Field(default=JobType.GOAL, description="What kind of work it is.")
    component: ShortText = Field(default="", description="Who does the work; empty takes the one for the type.")
    payload: Arguments = Field(
        default_factory=dict[str, JsonValue],
        description="What it is about: goal, topic, reminder, or what the component reads.",
    )
    cron: ShortText | None = Field(default=None, description="Five fields: minute hour day-of-month month day-of-week.")
    zone: ShortText | None = Field(default=None, description="The time zone of cron; null takes the user's.")
    every_seconds: Seconds | None = Field(default=None, description="An interval, in seconds.")
    at: ShortText | None = Field(default=None, description="A moment, in words or ISO 8601.")
    recurrence: ShortText | None = Field(
        default=None, description="An RRULE of RFC 5545, where cron cannot say it; `at` is its first time."
    )
    in_seconds: Seconds | None = Field(default=None, description="Once, so many seconds from now.")
    when: ShortText | None = Field(
        default=None, description="In words: a moment, a length from now, or how it comes again."
    )
    until: ShortText | None = Field(
        default=None,
        description="The last moment that what comes again may have, in words or ISO 8601; a day is whole.",
    )
    event: ShortText | None = Field(default=None, description="The wire name of a durable event.")
    where: dict[FilterValue, FilterValue] = Field(
        default_factory=dict[str, str], description="Values that fields of the event must have."
    )
    asked_at: AwareDatetime | None = Field(
        default=None, description="When it was asked for: what was to come then, and is past now, is due at once."
    )
    misfire: Misfire = Field(default=Misfire.RUN_ONCE, description="What becomes of missed times.")
    grace_seconds: Seconds | None = Field(
        default=None, description="How late it may still run as if on time, in seconds; null takes the settings'."
    )
    overlap: bool = Field(default=False, description="Whether to run it although its last run is not over.")
    only_when_idle: bool = Field(default=False, description="Whether to skip it while something else is done.")
    daily_limit: int | None = Field(
        default=None, ge=1, le=1_000_000, description="How often a day at most; null is without limit."
    )
    grant: Widening | None = Field(
        default=None, description="What its goals may do beyond the default grant. Only a person gives it."
    )


class GetJob(Command[JobReply], to=SCHEDULER):
    """Show a job."""

    job: JobReference = Field(description="Its number or its name.")


class JobsReply(Reply):
    jobs: tuple[JobView, ...] = Field(description="What was told and waits first, then the next due, then the others.")
    total: int = Field(description="How many there are in all.")
    zone: str = Field(description="The time zone that times are read in.")


class ListJobs(Command[JobsReply], to=SCHEDULER):
    """List jobs: those that are to come, and reminders that wait for a person."""

    kind: Literal["", "reminder", "timer"] = Field(
        default="", description="Only these; reminders are with timers; empty for all."
    )
    over: bool = Field(default=False, description="Whether to list those that are over, too.")
    until: AwareDatetime | None = Field(
        default=None, description="Until when all times of each are listed; null lists the next alone."
    )
    limit: int = Field(default=100, ge=1, le=MAX_LISTED, description="How many at most.")


class ChangeJob(Command[JobReply], to=SCHEDULER):
    """Pause, resume, change, remove or restore a job; leave out single times of it; of a reminder that was told, say
    that it is done, or have it told again later. The same `request_id` does so once."""

    request_id: JobRequestId = Field(default_factory=new_message_id, description="Chosen by the asker.")
    job: JobReference = Field(description="Its number or its name; its number, to restore it.")
    action: Literal["pause", "resume", "change", "remove", "restore", "done", "snooze", "reopen", "skip"] = Field(
        description="What to do. skip: leave out its times from the day of `at` to that of `until`, or its next "
        "time. reopen: have a reminder stand as `told` says, as before it was done or snoozed."
    )
    version: ShortText = Field(default="", description="Only where the job is still this version; empty for any.")
    name: JobName | None = Field(default=None, description="With change: what to call it from now on.")
    text: JobText | None = Field(default=None, description="With change: what it reminds of, or has done.")
    cron: ShortText | None = Field(default=None, description="With change: five fields of cron, as for a new job.")
    zone: ShortText | None = Field(default=None, description="The time zone of cron or recurrence; null is the user's.")
    at: ShortText | None = Field(
        default=None,
        description="With change: a moment, in words or ISO 8601; a date alone keeps the clock time. With snooze: when "
        "it is told again, also as a length such as 10m; null is after `scheduler.snooze_minutes`.",
    )
    until: ShortText | None = Field(default=None, description="With change: the last moment, as for a new job.")
    recurrence: ShortText | None = Field(default=None, description="With change: an RRULE, as for a new job.")
    was: JobState | None = Field(default=None, description="With change: what it was, to be that again.")
    told: ToldState | None = Field(default=None, description="With reopen: how it stood.")


class JobChanged(Event):
    """A person added, changed or removed a job by a command."""

    before: JobView | None = Field(description="The job before; null where it was added or restored.")
    after: JobView | None = Field(description="The job now; null where it was removed.")
    zone: str = Field(description="The time zone that its times are read in.")


class RunJob(Command[JobReply], to=SCHEDULER):
    """Set a job off now, or say why not. The same `request_id` does so once."""

    job: JobReference = Field(description="Its number or its name.")
    request_id: JobRequestId = Field(default_factory=new_message_id, description="Chosen by the asker.")


class RemoveJob(Command[Done], to=SCHEDULER):
    """Remove a job for good; its history stays."""

    job: JobReference = Field(description="Its number or its name.")


class FiringView(Frozen):
    """What became of one due time of one job."""

    number: int = Field(description="Names it.")
    job_id: int = Field(description="The job.")
    job: str = Field(description="The job's name.")
    due_at: AwareDatetime = Field(description="When it was due, UTC.")
    at: AwareDatetime = Field(description="When it was decided, UTC.")
    outcome: FiringOutcome = Field(description="Whether it ran.")
    reason: str = Field(default="", description="Why it was skipped, or what made it run beside the clock.")
    ended_at: AwareDatetime | None = Field(default=None, description="When the run was over, UTC, where that is told.")
    status: str = Field(default="", description="How the run ended, where that is told.")


class HistoryReply(Reply):
    wire_name = "job_history_page"

    firings: tuple[FiringView, ...] = Field(description="The newest first.")


class JobHistory(Command[HistoryReply], to=SCHEDULER):
    """Show what became of every due time."""

    job: Annotated[str, StringConstraints(max_length=100), AfterValidator(check_unicode)] = Field(
        default="", description="Its number or its name; empty for all jobs."
    )
    limit: int = Field(default=50, ge=1, le=MAX_LISTED, description="How many at most.")
