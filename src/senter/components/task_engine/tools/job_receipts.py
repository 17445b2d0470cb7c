"""What a change of a job is to people, and what takes it back: the same whoever made it, a tool or a person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from senter.components.task_engine.contract.tool import InverseCall
from senter.messages.activity import REMINDER, TIMER
from senter.messages.acts import Receipt, ThingKind
from senter.messages.schedule import JobState, JobView, ToldState, TriggerType
from senter.moments.left_out import days_left_out
from senter.moments.rule_words import rule_in_words
from senter.moments.shown import shown, shown_when
from senter.sentences import phrase

RESTORE, CHANGE = "job_restore", "job_change"
TIME = "time"
STATE, TOLD = set(JobState.model_fields), set(ToldState.model_fields)
NAMES = {ThingKind.REMINDER: "Reminder", ThingKind.JOB: "Job"}
TIMER_NAME = "Timer"
BECAME = {
    "": "{what} {id}: {title}, {when}",
    "cancelled": "{what} {id} is cancelled: {title}, {when}",
    "snoozed": "{what} {id} is snoozed: {title}, {when}",
    "waits": "{what} {id} waits for you: {title}, {when}",
    "done": "{what} {id} is done: {title}, {when}",
    "resumed": "{what} {id} goes on: {title}, {when}",
    "paused": "{what} {id} is paused: {title}, {when}",
    "changed": "{what} {id} is changed: {title}, {when}",
    "left_out": "{what} {id} is left out: {title}, {when}",
    "comes": "{what} {id} comes as before: {title}, {when}",
    "over": "{what} {id} is over: {title}, {when}",
}


def receipt_of(before: JobView | None, after: JobView | None, zone: ZoneInfo) -> Receipt:
    """What was done to a job; one of the two is there."""
    job = after or before
    assert job is not None, "a job was there or is"
    done = told_of(job, zone, _became(before, after), _snoozed(before, after, zone))
    return Receipt(kind=kind_of(job), id=str(job.id), title=title_of(job), done=done)


def told_of(job: JobView, zone: ZoneInfo, became: str, at: str = "") -> str:
    """`Reminder 4 is over: call mom, Tue 1 Dec 2026, 09:00, Europe/Berlin`."""
    name = TIMER_NAME if is_timer(job) else NAMES[kind_of(job)]
    return phrase(became, what=phrase(name), id=job.id, title=title_of(job), when=at or when(job, zone))


def inverse_of(before: JobView | None, after: JobView | None) -> tuple[InverseCall, ...]:
    """The call that takes it back."""
    if after is None:
        return (InverseCall(RESTORE, {"job": before.id, **_time(before)}),) if before else ()
    here: dict[str, JsonValue] = {"job": after.id, "version": after.version}
    if before is None:
        return (InverseCall(CHANGE, {**here, "cancel": True}),)
    if before.version == after.version and _told(before) != _told(after):
        return (InverseCall(RESTORE, {**here, "told": before.model_dump(mode="json", include=TOLD)}),)
    if before.version == after.version:
        return (InverseCall(CHANGE, {**here, "paused": after.enabled}),) if before.enabled != after.enabled else ()
    return (InverseCall(RESTORE, {**here, "was": before.model_dump(mode="json", include=STATE)}),)


def _time(removed: JobView) -> dict[str, JsonValue]:
    """Until when one that comes once can come back."""
    is_once = removed.trigger_type is TriggerType.ONCE and removed.next_run is not None
    return {TIME: str(removed.trigger_config["at"])} if is_once else {}


def is_over(job: JobView) -> bool:
    """Whether it was to come once, and came."""
    return job.trigger_type is TriggerType.ONCE and not job.enabled and job.next_run is None


def is_timer(job: JobView) -> bool:
    return TIMER in job.payload


def kind_of(job: JobView) -> ThingKind:
    return ThingKind.REMINDER if REMINDER in job.payload else ThingKind.JOB


def title_of(job: JobView) -> str:
    """What people call it: what a reminder says, else the job's name."""
    return str(job.payload.get(REMINDER) or job.name)


def when(job: JobView, zone: ZoneInfo) -> str:
    """Its moment in full; of one that comes again, how and when next."""
    if job.trigger_type is TriggerType.ONCE:
        at = datetime.fromisoformat(str(job.trigger_config["at"]))
        return f"{shown(at, zone, seconds=is_timer(job))}, {zone.key}"
    rule = str(job.trigger_config["cron"]) if job.trigger_type is TriggerType.CRON else ""
    again = rule_in_words(rule) if rule else job.trigger
    following = [phrase("next {when}", when=shown(job.next_run, zone))] if job.next_run else []
    return ", ".join(filter(None, (again, days_left_out(job.left_out), *following, zone.key)))


def _told(job: JobView) -> ToldState:
    return ToldState(told_due=job.told_due, told_at=job.told_at, snoozed_until=job.snoozed_until)


def _snoozed(before: JobView | None, after: JobView | None, zone: ZoneInfo) -> str:
    """Until when, and whether the series comes before that; empty where it was not snoozed now."""
    if not before or not after or not after.snoozed_until or _told(before) == _told(after):
        return ""
    until = phrase("until {when}", when=shown_when(after.snoozed_until, zone))
    if after.next_run is None or after.next_run >= after.snoozed_until:
        return until
    return phrase("{until}; before that it comes as always, {when}", until=until, when=shown(after.next_run, zone))


def _became(before: JobView | None, after: JobView | None) -> str:
    if before is None:
        return BECAME[""]
    if after is None:
        return BECAME["cancelled"]
    if before.left_out != after.left_out and before.trigger == after.trigger:
        return BECAME["left_out" if len(after.left_out) > len(before.left_out) else "comes"]
    if before.version == after.version and _told(before) != _told(after):
        return BECAME["snoozed" if after.snoozed_until else "waits" if after.told_at else "done"]
    if before.version == after.version and before.enabled != after.enabled:
        return BECAME["resumed" if after.enabled else "paused"]
    return BECAME["changed"]
