"""Jobs as people write and read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import click

from senter.client.types import JobReply, JobView
from senter.errors import InvalidInput
from senter.moments.lengths import seconds_in
from senter.terminal import output
from senter.terminal.granting import in_words
from senter.terminal.options import CommandT

JOBS = "/api/schedule/jobs"
JOB = f"{JOBS}/{{job}}"
ACTION = f"{JOB}/{{action}}"
MISFIRES = {"skip": "skip", "once": "run_once", "all": "run_all"}
EVERY_EXAMPLE = 'Say it like: --every 90m, --every day, --every "sunday 10:00", --every "first friday 9:00"'
PAYLOAD = """Write it like: --payload '{"what": "logs"}'"""


def seconds(text: str, option: str) -> float:
    """A length such as 90s, 15m, 1h30m, 2 hours. Raises `InvalidInput`."""
    length = seconds_in(text)
    if length is None:
        raise InvalidInput(
            f'Cannot read "{text}" as a length of time for {option}.', "Write it like: 5s, 15m, 1h30m, 2d"
        )
    return length


def _length(_context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    return None if text is None else seconds(text, parameter.opts[0])


def length_option(option: str, name: str, meaning: str) -> Callable[[CommandT], CommandT]:
    """An option that takes a length of time, in seconds."""
    return click.option(option, name, metavar="LENGTH", callback=_length, help=meaning)


def every(words: str, times: int | None = None) -> dict[str, object]:
    """A length such as `90m`, or how it comes again with or without `every`: `sunday 10:00`; so many times in all.
    Raises `InvalidInput`."""
    seconds = seconds_in(words)
    if seconds is not None and seconds < 1:
        raise InvalidInput("There is no time between two times of it.", EVERY_EXAMPLE)
    if seconds is not None and times is None:
        return {"every_seconds": seconds}
    if seconds is not None:
        words = f"{seconds // 60:.0f} minutes"
    in_full = next((said for said in (words, f"every {words}") if _comes_again(said)), None)
    if in_full is None:
        raise InvalidInput(f'Cannot read "{output.one_line(words)}" as how it comes again.', EVERY_EXAMPLE)
    return {"when": in_full if times is None else f"{times} times {in_full}"}


def _comes_again(words: str) -> bool:
    from datetime import UTC, datetime

    from senter.moments.dates import parse_again
    from senter.terminal.zone import user_zone

    try:
        return parse_again(words, datetime.now(UTC), user_zone()) is not None
    except InvalidInput:
        return False


def filters(given: Sequence[str]) -> dict[str, str]:
    """FIELD=VALUE each. Raises `InvalidInput`."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f'Cannot read "{text}" as a filter.', "Write it like: --where status=completed")
        found[name.strip()] = value
    return found


def payload(goal: str, topic: str, text: str) -> dict[str, object]:
    """What the work is about. Raises `InvalidInput`."""
    try:
        given: object = json.loads(text) if text else {}
    except ValueError as error:
        raise InvalidInput(f"Cannot read the payload as JSON: {error}.", PAYLOAD) from error
    if not isinstance(given, dict):
        raise InvalidInput("The payload must be a JSON object.", PAYLOAD)
    named = {"goal": goal, "topic": topic}
    return {**cast("dict[str, object]", given), **{name: value for name, value in named.items() if value}}


def state(job: JobView) -> tuple[str, str]:
    """The state, and its colour."""
    if job["snoozed_until"]:
        return "snoozed", ""
    if job["told_at"]:
        return "waits for you", output.WARNING
    if job["running"]:
        return ("running" if job["enabled"] or _is_over(job) else "running, paused"), output.GOOD
    if job["over"]:
        return "over", output.FAINT
    if job["enabled"]:
        return "waiting", ""
    return "paused", output.FAINT


def _is_over(job: JobView) -> bool:
    from datetime import UTC, datetime

    if job["trigger_type"] != "once":
        return False
    return datetime.fromisoformat(str(job["trigger_config"]["at"])) <= datetime.now(UTC)


def lines(found: JobReply) -> Iterator[tuple[str, str]]:
    """One job, line by line."""
    job = found["job"]
    yield "job", f"{job['id']}: {job['name']}" + (" (one of Senter's own)" if job["built_in"] else "")
    yield "type", f"{job['job_type']}, done by {job['component']}"
    yield "when", job["trigger"] if job["trigger_type"] == "once" else f"{job['trigger']} (times in {found['zone']})"
    yield "state", state(job)[0]
    yield "next", output.moment(job["next_run"])
    if job["told_at"]:
        yield "told", f"{output.past(job['told_at'])}, and waits for you"
    if job["snoozed_until"]:
        yield "snoozed", f"until {output.moment(job['snoozed_until'])}"
    yield "last", output.past(job["last_run"])
    yield "runs", str(job["run_count"])
    yield "missed", f"{job['misfire'].replace('_', ' ')}; {job['grace_seconds']:g} s late is on time"
    yield "overlap", "yes" if job["overlap"] else "no: skipped while its last run is not over"
    if job["only_when_idle"]:
        yield "only", "when nothing else is done"
    if job["daily_limit"] is not None:
        yield "limit", f"{job['daily_limit']} runs a day"
    for line in in_words(job["grant"]) if job["grant"] else ():
        yield "may", line
    if job["payload"]:
        yield "about", output.json_text(job["payload"])
