"""The tools reminder_change, job_change and job_restore: other times, other words, an end, and all that taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import ArgumentsT, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.job_receipts import BECAME, is_over, told_of
from senter.components.task_engine.tools.job_tools import (
    TIMEOUT_SECONDS,
    JobTool,
    WhenArguments,
    ask_scheduler,
    result_of,
)
from senter.components.task_engine.tools.naming import as_said
from senter.errors import SenterError, ToolError
from senter.messages.schedule import ChangeJob, GetJob, JobState, JobView, ToldState, TriggerType
from senter.moments.finding import when_in
from senter.moments.zones import user_zone

RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE_DAY = re.compile(r"\bBYDAY=([A-Z]{2})(?![A-Z,])")
RANGE = re.compile(r"(\d)-(\d)")
CLOCK_ALONE = re.compile(r"(?:at |um )?\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]m|uhr)?", re.IGNORECASE)
EVERY_WEEKDAY = ("*", "0-6", "1-7")
OFTEN = ("BYHOUR", "HOURLY", "MINUTELY")
Number = Annotated[int, Field(ge=1, le=2**53)]
Version = Annotated[str, Field(max_length=64)]


class ChangeArguments(WhenArguments):
    """A change of something that has a time."""

    text: Line | None = None
    """What it says from now on."""
    cancel: bool = False
    """Whether it is to be no more."""
    skip: bool = False
    """Whether of what comes again only the times of the day of `at` are left out; without it the next one."""
    until: Line | None = None
    """With skip: the last such day."""
    version: Version = ""
    """Only where it is still this version; empty for any."""


class ReminderChangeArguments(ChangeArguments):
    reminder: Number
    """Its number."""
    done: bool = False
    """Whether what it was about is done; one that comes again goes on."""
    snooze: bool = False
    """Whether it was told and is to be told again later, once: at that time, or after the usual while."""


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
    time: Annotated[str, Field(max_length=64)] = ""
    """Of one that comes once and was removed: when; ISO 8601."""
    was: JobState | None = None
    """What it was; without it, a job that was removed comes back."""
    told: ToldState | None = None
    """How a reminder that was told stood before it was done or snoozed."""


class ChangeTool(JobTool[ArgumentsT]):
    """Changes or cancels."""

    async def change(self, job: int, arguments: ChangeArguments, call: ToolCall, **more: str | None) -> ToolResult:
        """Raises `ToolError` where there is nothing to change, or it was changed since."""
        if arguments.skip:
            return result_of(await ask_scheduler(call, self._skipping(job, arguments, call)))
        if arguments.cancel:
            await self._check_ahead(job, arguments, call)
        times = {**self.times(arguments, call), **self._day_alone(arguments, call)}
        if arguments.at is not None and arguments.recurrence is None:
            keeps_days = CLOCK_ALONE.fullmatch(arguments.at.strip()) is not None
            times = await self._of_series(job, times, call, keeps_days=keeps_days) or times
        command = ChangeJob.model_validate(
            {
                "request_id": f"change {call.idempotency_key}",
                "job": str(job),
                "action": "remove" if arguments.cancel else "change",
                "version": arguments.version,
                "text": call.defused(arguments.text) if arguments.text is not None else None,
                **times,
                **more,
            }
        )
        reply = await ask_scheduler(call, command)
        return result_of(reply, removed=arguments.cancel)

    def _skipping(self, job: int, arguments: ChangeArguments, call: ToolCall) -> ChangeJob:
        return ChangeJob(
            request_id=f"change {call.idempotency_key}",
            job=str(job),
            action="skip",
            version=arguments.version,
            at=self._day_alone(arguments, call).get("at") or self.moment(arguments.at, call, arguments.zone),
            until=arguments.until,
        )

    def _day_alone(self, arguments: ChangeArguments, call: ToolCall) -> dict[str, str]:
        """A day without a time is another day at the same time."""
        if arguments.at is None or arguments.recurrence is not None:
            return {}
        with as_said():
            said = when_in(arguments.at, call.asked_at, user_zone(arguments.zone or self._timezone)).start
        return {"at": said.isoformat()} if said and not isinstance(said, datetime) else {}

    async def _of_series(
        self, job: int, times: Mapping[str, str | None], call: ToolCall, *, keeps_days: bool
    ) -> dict[str, str | None]:
        """What comes again takes the clock time, and the day of the week where one is said; empty for what comes once.
        Raises `ToolError` where it cannot be told how it comes again then."""
        found = (await ask_scheduler(call, GetJob(job=str(job)))).job
        if found.trigger_type not in (TriggerType.CRON, TriggerType.RECURRENCE):
            return {}
        said, config = str(times["at"]), found.trigger_config
        zone = user_zone(str(config["zone"]) or self._timezone)
        has_time = len(said) > len("2026-12-24")
        moment = datetime.fromisoformat(said).astimezone(zone) if has_time else None
        following = found.next_run.astimezone(zone).date() if found.next_run and keeps_days else None
        moved = at_time(found, moment.time(), on=following or moment.date(), zone=zone) if moment else None
        if moved is None:
            what = found.payload.get("reminder") or found.name
            text = f"{what} comes again: {found.trigger}. Say how it is to come again."
            raise ToolError(text, trusted=True)
        until = str(config["until"]) if "until" in config else None
        return {**moved, "zone": str(config["zone"]) or None, "until": until}

    async def _check_ahead(self, job: int, arguments: ChangeArguments, call: ToolCall) -> None:
        """What has happened is not cancelled. One that is gone may have been cancelled by this very call."""
        try:
            found = (await call.bus.request(GetJob(job=str(job)), timeout_seconds=TIMEOUT_SECONDS)).job
        except SenterError:
            return
        if is_over(found) and arguments.version:
            text = told_of(found, user_zone(self._timezone), BECAME["over"])
            raise ToolError(f"{text}.", trusted=True)


class ReminderChange(ChangeTool[ReminderChangeArguments]):
    name = "reminder_change"
    description = (
        "Moves, snoozes, leaves out once or cancels a reminder, says that it is done, or changes what it says."
    )
    arguments = ReminderChangeArguments
    examples = (
        ToolExample("Move reminder 12 to 5 pm", {"reminder": 12, "at": "5 pm"}),
        ToolExample("No reminder 12 tomorrow", {"reminder": 12, "skip": True, "at": "tomorrow"}),
        ToolExample("Snooze reminder 12 for 10 minutes", {"reminder": 12, "snooze": True, "at": "in 10 minutes"}),
    )

    async def run(self, arguments: ReminderChangeArguments, call: ToolCall) -> ToolResult:
        if not arguments.done and not arguments.snooze:
            return await self.change(arguments.reminder, arguments, call)
        command = ChangeJob(
            request_id=f"change {call.idempotency_key}",
            job=str(arguments.reminder),
            action="done" if arguments.done else "snooze",
            version=arguments.version,
            at=None if arguments.done else self.moment(arguments.at, call, arguments.zone),
        )
        reply = await ask_scheduler(call, command)
        return result_of(reply, removed=reply.before is not None and reply.job == reply.before)


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
            action="reopen" if arguments.told else "change" if arguments.was else "restore",
            version=arguments.version,
            was=arguments.was,
            told=arguments.told,
        )
        return result_of(await ask_scheduler(call, command))


def at_time(job: JobView, at: time, *, on: date, zone: ZoneInfo) -> dict[str, str | None] | None:
    """How it comes again at another time, on its days; of one day of the week on that of `on`. None where it comes at
    several times of a day, or where its days are others and cannot be moved to that one."""
    config = job.trigger_config
    if job.trigger_type is TriggerType.CRON:
        minute, hour, *days = str(config["cron"]).split()
        moved = _cron_days(days, on) if minute.isdecimal() and hour.isdecimal() else None
        return {"at": None, "cron": " ".join((str(at.minute), str(at.hour), *moved))} if moved else None
    first = datetime.fromisoformat(str(config["first"])).replace(hour=at.hour, minute=at.minute)
    rule = str(config["rrule"])
    if any(often in rule for often in OFTEN):
        return None
    if (one_day := ONE_DAY.search(rule)) and one_day[1] != RRULE_DAYS[on.weekday()]:
        shift = timedelta(days=on.weekday() - RRULE_DAYS.index(one_day[1]))
        rule = ONE_DAY.sub(f"BYDAY={RRULE_DAYS[on.weekday()]}", rule)
        return {"at": (first + shift).isoformat(), "recurrence": rule}
    is_next = job.next_run is None or job.next_run.astimezone(zone).date() == on
    return {"at": first.isoformat(), "recurrence": rule} if is_next or one_day else None


def _cron_days(days: Sequence[str], on: date) -> tuple[str, ...] | None:
    """Day, month and weekday of a cron expression, moved to a day: one weekday becomes that of the day."""
    day, month, weekday = days
    number = on.isoweekday() % 7
    if (day, month) == ("*", "*"):
        if weekday.isdecimal():
            return day, month, str(number)
        return (day, month, weekday) if weekday in EVERY_WEEKDAY or str(number) in _spelled(weekday) else None
    return (day, month, weekday) if day.isdecimal() and int(day) == on.day else None


def _spelled(weekdays: str) -> str:
    """`1-5` as `12345`."""
    return RANGE.sub(lambda found: "".join(map(str, range(int(found[1]), int(found[2]) + 1))), weekdays)
