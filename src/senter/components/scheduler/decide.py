"""Whether a due job runs, and when it is due next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from senter.components.scheduler.records import Job, RunRequest
from senter.components.scheduler.triggers import Trigger
from senter.components.scheduler.work import is_handed_over, is_reminder
from senter.messages.schedule import JobType, Misfire

# Of missed times so many are counted one by one, and run one by one at most.
MOST_MISSED = 100
PAUSED = "it was paused"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the job when it is decided."""

    now: datetime
    zone: ZoneInfo
    away: Mapping[str, str]
    """Why components cannot do work; empty for those that can. Nobody looked at the others."""
    jobless: Collection[str]
    """The components that do not take jobs."""
    busy: str | None
    """What keeps Senter from being idle; empty when it is idle, none where nobody looked."""
    interests: Sequence[str]


@dataclass(frozen=True, slots=True)
class JobDecision:
    """What becomes of one due time, and of the times missed after it."""

    reason: str = ""
    """Why it is skipped; empty where it runs."""
    held: bool = False
    """Whether it waits for the end of the run before it."""
    missed_after: str = ""
    """What is said of times that were missed after it; empty where there are none."""
    next_run: datetime | None = None
    note: str = ""
    """What is said of a run that is not as usual."""


def decide(job: Job, due: datetime, call: RunRequest | None, around: Surroundings, fired_today: int) -> JobDecision:
    """Decide one due time. A call comes from an event or a person, not from the clock."""
    if call is not None:
        unmet = _unmet(job, around, fired_today) if job.enabled else PAUSED
        refused = "" if call.request_id else unmet
        return JobDecision(_away(job, around) or _still_running(job) or refused or _nothing_to_do(job, around))
    if not job.enabled:
        return JobDecision(PAUSED)
    trigger = job.trigger(around.zone)
    late = around.now - due
    if late <= timedelta(seconds=job.grace_seconds):
        return _in_turn(job, around, fired_today, trigger.next_after(due))
    if job.misfire == Misfire.SKIP:
        return _skipped(trigger, due, around.now, timedelta(seconds=job.grace_seconds))
    missed = count_between(trigger, due, around.now)
    if job.misfire == Misfire.RUN_ALL and missed < MOST_MISSED:
        return _in_turn(job, around, fired_today, trigger.next_after(due), note=f"late by {_length(late)}")
    return JobDecision(
        _refused(job, around, fired_today),
        missed_after=f"{_count(missed)} missed, {_policy(job)}" if missed else "",
        next_run=trigger.next_after(around.now),
        note=f"late by {_length(late)}",
    )


def _skipped(trigger: Trigger, due: datetime, now: datetime, grace: timedelta) -> JobDecision:
    """What is missed is passed over; what is late by no more than the grace time is still to come."""
    last_missed = now - grace - timedelta(microseconds=1)
    missed = count_between(trigger, due, last_missed)
    more = f", and {_count(missed)} times after it" if missed else ""
    reason = f"missed by {_length(now - due)}{more}: this job skips what is missed"
    return JobDecision(reason, next_run=trigger.next_after(last_missed))


def count_between(trigger: Trigger, after: datetime, until: datetime) -> int:
    """How many times there are after one moment until another; stops counting at `MOST_MISSED`."""
    count = 0
    while count < MOST_MISSED and (following := trigger.next_after(after)) is not None and following <= until:
        after, count = following, count + 1
    return count


def missed_while_paused(trigger: Trigger, first: datetime, now: datetime) -> str:
    """What is said of the times since `first`."""
    more = count_between(trigger, first, now)
    return f"{PAUSED}; so were {_count(more)} times after it" if more else PAUSED


def _in_turn(
    job: Job, around: Surroundings, fired_today: int, following: datetime | None, note: str = ""
) -> JobDecision:
    if job.misfire == Misfire.RUN_ALL and _still_running(job):
        return JobDecision(held=True)
    return JobDecision(_refused(job, around, fired_today), next_run=following, note=note)


def _refused(job: Job, around: Surroundings, fired_today: int) -> str:
    return _away(job, around) or _still_running(job) or _nothing_to_do(job, around) or _unmet(job, around, fired_today)


def _away(job: Job, around: Surroundings) -> str:
    if is_reminder(job):
        return ""
    idle = is_handed_over(job) and job.component in around.jobless
    return around.away[job.component] or (f"{job.component} does not take jobs" if idle else "")


def _still_running(job: Job) -> str:
    return "still running" if job.run_event and not job.overlap else ""


def _nothing_to_do(job: Job, around: Surroundings) -> str:
    researches = job.job_type == JobType.RESEARCH and not job.details().get("topic")
    return "no interests" if researches and not around.interests else ""


def _unmet(job: Job, around: Surroundings, fired_today: int) -> str:
    if job.daily_limit is not None and fired_today >= job.daily_limit:
        return f"its {job.daily_limit} runs of the day are used up"
    return f"not idle: {around.busy}" if job.only_when_idle and around.busy else ""


def _count(missed: int) -> str:
    return f"{missed} or more" if missed >= MOST_MISSED else str(missed)


def _policy(job: Job) -> str:
    return "more than are run one by one" if job.misfire == Misfire.RUN_ALL else "and this job runs once"


def _length(late: timedelta) -> str:
    seconds = int(late.total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
