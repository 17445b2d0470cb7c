"""Reminders as people say them: which one, when, how it comes again; set and looked up at the scheduler."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from senter.client import Client
from senter.client.types import JobReply, JobsReply, JobView, NotificationTargetsReply, Understanding
from senter.components.scheduler.commands.schedule_words import JOBS
from senter.errors import InvalidInput, NotFound, SenterError
from senter.sentences import phrase
from senter.terminal import output
from senter.text import one_line

LONGEST_NAME = 60
SEE = "See what is open with: senter remind"
SAY_WHEN = 'Say it like: senter remind "call mom every sunday at 10", senter remind tea --in 4m'
YEARLY_EXAMPLE = 'Say it like: --yearly "3 dec", --yearly "3 dec 8:00" --before 2d'
MOST_DAYS_BEFORE = 28
DAY_SECONDS = 86_400


def add_reminder(client: Client, text: str, **when: object) -> JobReply:
    """Set one. No two jobs have one name, and one may be reminded of the same thing twice."""
    name = f"remind: {one_line(text.replace('/', ' '), LONGEST_NAME)} ({os.urandom(3).hex()})"
    payload = {"reminder": text, **({"timer": when["in_seconds"]} if when.pop("timer", False) else {})}
    return client.post(JOBS, JobReply, name=name, job_type="custom", payload=payload, **when)


def reminders(client: Client, kind: str = "reminder", *, over: bool = False) -> JobsReply:
    """Those that are open: what waits first, then by when they are told next."""
    found = client.get(JOBS, JobsReply, kind=kind, over=over, limit=1_000)
    return {**found, "jobs": sorted(found["jobs"], key=_place)}


def _place(job: JobView) -> tuple[int, str]:
    if waits(job):
        return 0, job["told_at"] or ""
    return (2, "") if next_at(job) is None else (1, next_at(job) or "")


def waits(job: JobView) -> bool:
    """Whether it was told, and nobody said what becomes of it."""
    return job["told_at"] is not None and job["snoozed_until"] is None


def next_at(job: JobView) -> str | None:
    """When it is told next: by its series, or because it was snoozed."""
    moments = [at for at in (job["snoozed_until"], job["next_run"]) if at]
    return min(moments, key=datetime.fromisoformat) if moments else None


def title(job: JobView) -> str:
    return output.one_line(str(job["payload"].get("reminder") or job["name"]))


def called(job: JobView) -> str:
    """`Reminder 4`, `Timer 5`."""
    return f"{phrase('Timer') if 'timer' in job['payload'] else phrase('Reminder')} {job['id']}"


def meant(found: Sequence[JobView], words: str, what: str) -> JobView:
    """The one of that number or with these words; without any, the only one. Raises `NotFound`, `click.UsageError`."""
    fitting = [job for job in found if fits(job, words)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        named = "; ".join(f"{job['id']} {title(job)}" for job in fitting[:5])
        raise click.UsageError(f"Say which one, by its number: {named}.")
    if not words:
        raise NotFound(f"There is no {what}.", SEE)
    hint = f"{SEE}. To be reminded of a text that begins like a command: senter remind add TEXT WHEN"
    raise NotFound(f'There is no {what} like "{output.one_line(words)}".', hint)


def fits(job: JobView, words: str) -> bool:
    """Whether it has that number, or these words in what it says."""
    return job["id"] == int(words) if words.isdecimal() else words.casefold() in title(job).casefold()


def left_out(job: JobView) -> str:
    """`, not on Tue 1 Dec 2026`; empty where nothing is left out."""
    from senter.moments.left_out import days_left_out

    days = days_left_out(job.get("left_out", ()))  # none by a daemon of older code
    return f", {days}" if days else ""


def parted(words: Sequence[str]) -> tuple[str, str]:
    """Which one, and the day at the end that is named: the most words that say one."""
    for begin in range(1, len(words)):
        if is_day(" ".join(words[begin:])):
            return " ".join(words[:begin]), " ".join(words[begin:])
    return " ".join(words), ""


def is_day(words: str) -> bool:
    """Whether they say a day or several, or a moment, and nothing else."""
    from senter.moments.finding import when_in
    from senter.terminal.zone import user_zone

    found = when_in(words, datetime.now(UTC), user_zone())
    return found.start is not None and found.spans == ((0, len(words)),)


def is_time(words: str) -> bool:
    """Whether they say a moment, a length, or how something comes again, and nothing else."""
    from senter.moments.dates import parse_again, parse_moment
    from senter.moments.lengths import seconds_in
    from senter.terminal.zone import user_zone

    now, zone = datetime.now(UTC), user_zone()
    try:
        again = seconds_in(words) is not None or parse_again(words, now, zone) is not None
        return again or bool(parse_moment(words, now, zone, day_means="moment"))
    except InvalidInput:
        return False


def speaks_of_time(words: str) -> bool:
    """Whether there are words of time in them."""
    from senter.moments.finding import find_when
    from senter.terminal.zone import user_zone

    return bool(find_when(words, datetime.now(UTC), user_zone()))


def told_apart(client: Client, words: str) -> list[tuple[str, dict[str, object]]]:
    """Texts and when they are to be told, of words that say both; nothing where they say no time."""
    found = client.post("/api/understand", Understanding, text=f"Remind me: {words}")
    acts = found["acts"]
    if found["question"] or any(act["kind"] != "reminder" or not act["gist"] for act in acts):
        return []
    return [(act["gist"], _times(act["recurrence"], act["due"], act["zone"])) for act in acts]


def _times(recurrence: str | None, due: str | None, zone: str) -> dict[str, object]:
    named = {"zone": zone} if zone else {}
    if recurrence is None:
        return {"at": due}
    if recurrence.upper().startswith("RRULE:"):
        return {"recurrence": recurrence, "at": due, **named}
    return {"cron": recurrence, **named}


def yearly(words: str, before: str | None) -> dict[str, object]:
    """A day of each year, or some days before it; without a clock time in the morning. Raises `InvalidInput`."""
    from senter.moments.calendar_arithmetic import days_before
    from senter.moments.finding import when_in
    from senter.terminal.zone import user_zone

    zone = user_zone()
    today = datetime.now(zone)
    start = when_in(words, today, zone).start
    if start is None or not is_time(words):
        raise InvalidInput(f'Cannot read "{words}" as a day of the year.', YEARLY_EXAMPLE)
    month, day = days_before(start.month, start.day, _days(before))
    clock = f"T{start:%H:%M}" if isinstance(start, datetime) else ""
    return {
        "recurrence": f"RRULE:FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}",
        "at": f"{today - timedelta(days=1):%Y-%m-%d}{clock}",
    }


def _days(before: str | None) -> int:
    from senter.moments.lengths import seconds_in

    if before is None:
        return 0
    seconds = seconds_in(before) or 0.0
    if seconds % DAY_SECONDS or not DAY_SECONDS <= seconds < MOST_DAYS_BEFORE * DAY_SECONDS:
        raise InvalidInput(f"--before takes 1 to {MOST_DAYS_BEFORE - 1} whole days.", YEARLY_EXAMPLE)
    return int(seconds // DAY_SECONDS)


def why_silent(client: Client) -> str:
    """Why a notification would reach nobody; empty where it would, and where nobody says."""
    try:
        return client.get("/api/notifications/targets", NotificationTargetsReply)["reason"]
    except SenterError:
        return ""
