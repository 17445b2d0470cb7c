"""What becomes of a reminder that was told: it is done, is told again later, or stands as it did before. Pure but for
the time.

A reminder has one open telling: its series told again takes its place, and keeps a snooze that lies beyond.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from senter.components.scheduler.records import Job
from senter.components.scheduler.schedule_store import ScheduleStore, stamp_or_none
from senter.components.scheduler.work import is_reminder
from senter.errors import Conflict, InvalidInput
from senter.messages.schedule import ChangeJob, ToldState, TriggerType
from senter.moments.dates import parse_moment
from senter.moments.lengths import seconds_in
from senter.moments.shown import shown_when
from senter.store.stamps import from_stamp

DONE, SNOOZE, REOPEN = "done", "snooze", "reopen"
LONGEST_SNOOZE = timedelta(days=366)
SNOOZE_EXAMPLE = 'Say it like: senter remind snooze 4 10m, senter remind snooze 4 "tomorrow 9:00"'


def is_still_to_come(job: Job) -> bool:
    """Whether it is told once, and was not told yet."""
    once = job.trigger_type == TriggerType.ONCE
    return once and is_reminder(job) and job.next_run is not None and job.told_at is None


def told_after(job: Job, command: ChangeJob, store: ScheduleStore) -> ToldState:
    """How it stands after that. Raises `InvalidInput`, `Conflict`."""
    if not is_reminder(job):
        hint = f"Pause or remove it: senter schedule pause {job.id}"
        raise InvalidInput(f"Job {job.id} ({job.name}) is no reminder.", hint)
    if command.action == SNOOZE:
        return _snoozed(job, command, store)
    if command.action == REOPEN:
        return _reopened(job, command)
    if job.told_at is None:
        raise Conflict(f"Reminder {job.id} does not wait for you{_next(job, store)}.", "See: senter remind")
    return ToldState()


def stamped(state: ToldState) -> dict[str, str | None]:
    """As the file has it."""
    return {
        "told_due": stamp_or_none(state.told_due),
        "told_at": stamp_or_none(state.told_at),
        "snoozed_until": stamp_or_none(state.snoozed_until),
    }


def _snoozed(job: Job, command: ChangeJob, store: ScheduleStore) -> ToldState:
    told = job.told_at or job.last_run
    if told is None:
        hint = f'Give it another time: senter schedule change {job.id} --at "tomorrow 9:00"'
        raise Conflict(f"Reminder {job.id} was not told yet{_next(job, store)}.", hint)
    until = _moment(command.at, store)
    return ToldState(told_due=from_stamp(job.told_due or told), told_at=from_stamp(told), snoozed_until=until)


def _moment(words: str | None, store: ScheduleStore) -> datetime:
    """A length from now, or a moment in words."""
    now = store.now()
    seconds = store.settings.snooze_minutes * 60 if words is None else seconds_in(words)
    if seconds is None:
        said = (words or "").strip().removeprefix("until ").removeprefix("till ").removeprefix("for ")
        seconds = seconds_in(said)
        if seconds is None:
            return _checked(parse_moment(said, now, store.zone, day_means="moment"), now)
    return _checked(now + timedelta(seconds=seconds), now)


def _checked(moment: datetime, now: datetime) -> datetime:
    if not timedelta(seconds=1) <= moment - now <= LONGEST_SNOOZE:
        raise InvalidInput("A reminder is snoozed for at least a second and at most a year.", SNOOZE_EXAMPLE)
    return moment


def _reopened(job: Job, command: ChangeJob) -> ToldState:
    state = command.told or ToldState()
    if job.told_at and state.told_at and from_stamp(job.told_at) > state.told_at:
        raise Conflict(f"Reminder {job.id} was told again since.", f"See it with: senter remind show {job.id}")
    return state


def _next(job: Job, store: ScheduleStore) -> str:
    """When it comes, for people."""
    return f"; it comes on {shown_when(from_stamp(job.next_run), store.zone)}" if job.next_run else ""
