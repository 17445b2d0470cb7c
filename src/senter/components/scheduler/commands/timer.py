"""`senter timer`: be told when a length of time is over, to the second."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from senter.client.types import JobReply, JobsReply, JobView
from senter.components.scheduler.commands import reminding
from senter.components.scheduler.commands.schedule_words import ACTION
from senter.errors import InvalidInput
from senter.moments.lengths import seconds_in
from senter.sentences import phrase
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import prints

OPTIONS_OF_LIST = frozenset({"--json", "--no-start"})


class TimerGroup(ListGroup):
    """A length in place of a command sets a timer."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_length = (
            args and args[0] not in (*self.commands, *ctx.help_option_names) and not OPTIONS_OF_LIST.issuperset(args)
        )
        return super().parse_args(ctx, ["start", *args] if is_length else args)


@click.group(cls=TimerGroup, epilog="Examples: senter timer 10m, senter timer 4m tea, senter timer, senter timer stop")
def timer() -> None:
    """Be told when a time is over.

    senter timer LENGTH [NAME] sets one: 90s, 10m, 1h30m. Alone it shows which timers run and what is left.
    """


def _say_started(added: JobReply) -> None:
    job = added["job"]
    rings = output.past(job["next_run"], seconds=True)
    output.say(
        phrase("{what}: {title}, rings {when}.", what=reminding.called(job), title=reminding.title(job), when=rings)
    )
    if silent := reminding.why_silent(connect()):
        output.note(f"It cannot ring, but stands in senter progress: {silent}")


@timer.command(epilog="Examples: senter timer start 10m, senter timer start 1h30m bread")
@click.argument("words", metavar="LENGTH [NAME]", nargs=-1, required=True)
@prints(_say_started)
def start(words: tuple[str, ...]) -> JobReply:
    """Set a timer. It rings in quiet hours, too."""
    seconds, name = _length_and_name(words)
    title = name if "timer" in name.lower() else phrase("{name} timer", name=name)
    return reminding.add_reminder(connect(), title, in_seconds=seconds, timer=True)


def _length_and_name(words: tuple[str, ...]) -> tuple[float, str]:
    """In either order: `4m tea`, `tea 4m`; without a name it is called by its length. Raises `InvalidInput`."""
    said = " ".join(words)
    for first in range(len(words)):
        for end in range(len(words), first, -1):
            seconds = seconds_in(" ".join(words[first:end]))
            if seconds is not None and (first == 0 or end == len(words)):
                return seconds, " ".join((*words[:first], *words[end:])) or said
    raise InvalidInput(
        f'Cannot read "{said}" as a length of time.', "Say it like: senter timer 10m, senter timer 4m tea"
    )


def _show_list(found: JobsReply) -> None:
    output.print_table(("#", "Timer", "Left", "Rings"), map(_row, found["jobs"]), empty="No timer runs.")


def _row(job: JobView) -> output.Row:
    at = reminding.next_at(job)
    left = (datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds() if at else 0.0
    shown = output.duration(max(0.0, left)) if at else ("is over, waits for you", output.WARNING)
    return str(job["id"]), reminding.title(job), shown, output.past(at or job["told_due"], seconds=True)


@timer.command("list", epilog="Example: senter timer list --json")
@prints(_show_list)
def list_() -> JobsReply:
    """List the timers that run, and those that rang and wait for you."""
    return reminding.reminders(connect(), "timer")


def _say_stopped(changed: JobReply) -> None:
    job = changed["job"]
    output.say(phrase("{what} is stopped: {title}.", what=reminding.called(job), title=reminding.title(job)))


@timer.command(epilog="Examples: senter timer stop, senter timer stop 4, senter timer stop tea")
@click.argument("words", metavar="[N|NAME]", nargs=-1)
@prints(_say_stopped)
def stop(words: tuple[str, ...]) -> JobReply:
    """Stop a timer, or end one that rang; without a number, the only one."""
    client = connect()
    job = reminding.meant(reminding.reminders(client, "timer")["jobs"], " ".join(words), "timer")
    return client.post(ACTION, JobReply, job=str(job["id"]), action="done")
