"""`senter schedule`: work at set times, and the outcome of every due time."""

from __future__ import annotations

from collections.abc import Callable

import click

from senter.client.types import FiringView, HistoryReply, JobReply, JobsReply, JobView
from senter.components.scheduler.commands import schedule_words
from senter.components.scheduler.commands.schedule_words import ACTION, JOB, JOBS, length_option
from senter.errors import InvalidInput
from senter.sentences import phrase
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.granting import grant_options
from senter.terminal.groups import ListGroup
from senter.terminal.options import json_option, limit_option, prints, yes_option

TYPES = ("research", "goal", "digest", "maintenance", "learning", "custom")
EXAMPLE = 'senter schedule add "morning papers" --cron "0 8 * * mon-fri" --goal "Research new papers on bread"'

job_argument = click.argument("job", metavar="JOB")


@click.group(
    cls=ListGroup,
    epilog='Examples: senter schedule, senter schedule add tea --every 1h --goal "Research tea", senter schedule run 3',
)
def schedule() -> None:
    """Run work at set times. JOB is a job's number or its name."""


def _show_list(found: JobsReply) -> None:
    columns = ("#", "Job", "Type", "When", "Next", "Last", "Runs", "State")
    output.print_table(columns, map(_row, found["jobs"]), total=found["total"])


@schedule.command("list", epilog="Example: senter schedule list --json")
@click.option("--all", "over", is_flag=True, help="Also those that are over.")
@limit_option(100)
@prints(_show_list)
def list_(over: bool, limit: int) -> JobsReply:
    """List jobs, the next due first."""
    return connect().get(JOBS, JobsReply, limit=limit, over=over)


def _says(done: str) -> Callable[[JobReply], None]:
    """What was done to a job, in a sentence."""

    def say(changed: JobReply) -> None:
        output.say(f"Job {changed['job']['id']} ({output.printable(changed['job']['name'])}) {done}.")

    return say


def _say_added(added: JobReply) -> None:
    job = added["job"]
    comes_again = job["next_run"] and job["trigger_type"] != "once"
    due = f"; {phrase('next {when}', when=output.moment(job['next_run']))}" if comes_again else ""
    _says(f"is added: {job['trigger']}{due}")(added)


@schedule.command(epilog=f"Example: {EXAMPLE}")
@click.argument("name")
@click.option("--cron", metavar="EXPR", help="Five fields: minute hour day month weekday.")
@click.option("--zone", help="The time zone of --cron, such as Europe/London; else yours.")
@click.option("--every", metavar="HOW", help='Again and again: 90s, 15m, 2d, "sunday 10:00".')
@click.option("--at", metavar="TIME", help='Once: "tomorrow 9:00", friday, 2026-12-24T18:00.')
@click.option("--recurrence", metavar="RRULE", help="An RRULE where cron cannot say it; --at is its first time.")
@length_option("--in", "in_seconds", "Once, after this long: 5s, 20m, 2h.")
@click.option("--until", metavar="TIME", help="The end of what comes again: 24.12., friday 18:00.")
@click.option("--on", "event", metavar="EVENT", help="At each event of this name, such as task_complete.")
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="With --on: what the event must say.")
@click.option("--goal", default="", metavar="TEXT", help="What to do.")
@click.option("--topic", default="", help="With --type research: the topic; else your interests in turn.")
@click.option("--type", "job_type", type=click.Choice(TYPES), help="The kind of work; goal by default.")
@click.option("--component", default="", help="The component that does the work, for maintenance and custom.")
@click.option("--payload", default="", metavar="JSON", help="What to tell that component.")
@click.option("--missed", type=click.Choice(("skip", "once", "all")), default="once", show_default=True,
              help="What to do about missed times.")  # fmt: skip
@length_option("--grace", "grace_seconds", "How late still counts as on time.")
@click.option("--overlap", is_flag=True, help="Run it although its last run has not ended.")
@click.option("--only-when-idle", is_flag=True, help="Skip it while other work runs.")
@click.option("--daily-limit", type=click.IntRange(1, 1_000_000), help="The most runs a day.")
@grant_options
@prints(_say_added)
def add(
    goal: str,
    topic: str,
    payload: str,
    job_type: str | None,
    where: tuple[str, ...],
    missed: str,
    every: str | None,
    **asked: object,
) -> JobReply:
    """Add a job. Without a trigger it runs every hour. What --may-... allows holds for each of its goals."""
    job: dict[str, object] = {
        **{name: value for name, value in asked.items() if value is not None},
        **(schedule_words.every(every) if every is not None else {}),
        "job_type": job_type or ("research" if topic else "goal"),
        "payload": schedule_words.payload(goal, topic, payload),
        "where": schedule_words.filters(where),
        "misfire": schedule_words.MISFIRES[missed],
    }
    if job["job_type"] == "goal" and not goal:
        raise InvalidInput("Say what to do, with --goal.", f"Try: {EXAMPLE}")
    return connect().post(JOBS, JobReply, **job)


def _show(found: JobReply) -> None:
    for name, text in schedule_words.lines(found):
        output.say(f"{name:<10} {output.printable(text)}")


@schedule.command(epilog='Example: senter schedule show "morning papers"')
@job_argument
@prints(_show)
def show(job: str) -> JobReply:
    """Show one job."""
    return connect().get(JOB, JobReply, job=job)


@schedule.command(epilog="Example: senter schedule pause background_research")
@job_argument
@prints(_says("is paused"))
def pause(job: str) -> JobReply:
    """Pause a job until it is resumed."""
    return connect().post(ACTION, JobReply, job=job, action="pause")


@schedule.command(epilog="Example: senter schedule resume background_research")
@job_argument
@prints(_says("goes on"))
def resume(job: str) -> JobReply:
    """Let a paused job run again, from its next time on."""
    return connect().post(ACTION, JobReply, job=job, action="resume")


@schedule.command(epilog='Example: senter schedule change 4 --at "friday 17:00"')
@job_argument
@click.option(
    "--at", metavar="TIME", help='Once: "tomorrow 9:00", 2026-12-24T18:00; a date alone keeps the clock time.'
)
@click.option("--cron", metavar="EXPR", help="Five fields: minute hour day month weekday.")
@click.option("--recurrence", metavar="RRULE", help="An RRULE where cron cannot say it; --at is its first time.")
@click.option("--until", metavar="TIME", help="With --cron or --recurrence: its end.")
@click.option("--name", metavar="NAME", help="What to call it.")
@click.option("--text", metavar="TEXT", help="What it reminds of, or has done.")
@prints(_says("is changed"))
def change(job: str, **asked: str | None) -> JobReply:
    """Give a job another time, name or text. Take it back with `senter undo`."""
    said = {name: value for name, value in asked.items() if value is not None}
    return connect().post(ACTION, JobReply, job=job, action="change", **said)


def _say_run(changed: JobReply) -> None:
    _says("runs now")(changed)
    output.note(f"See its outcome with: senter schedule history {changed['job']['id']}")


@schedule.command(epilog="Example: senter schedule run daily_digest")
@job_argument
@prints(_say_run)
def run(job: str) -> JobReply:
    """Run a job now; its next time stays."""
    return connect().post(f"{JOB}/run", JobReply, job=job)


@schedule.command(epilog='Example: senter schedule remove "morning papers" --yes')
@job_argument
@yes_option
@json_option
def remove(job: str, yes: bool, as_json: bool) -> None:
    """Remove a job; its history stays."""
    client = connect()
    found = client.get(JOB, JobReply, job=job)["job"]
    name = output.printable(found["name"])
    if not yes and not output.confirm(f"Remove {name}?"):
        output.note("Nothing was removed.")
        return
    client.delete(JOB, job=str(found["id"]))
    output.print_result({"removed": found["id"]}, f"Job {found['id']} ({name}) is removed.", as_json=as_json)


def _show_history(found: HistoryReply) -> None:
    columns = ("Due", "Job", "Outcome", "Why", "Ended")
    output.print_table(columns, map(_history_row, found["firings"]), empty="No job has been due yet.")


@schedule.command(epilog="Examples: senter schedule history, senter schedule history daily_digest")
@click.argument("job", metavar="JOB", default="")
@limit_option(50)
@prints(_show_history)
def history(job: str, limit: int) -> HistoryReply:
    """Show the outcome of every due time, of one job or of all; the newest first."""
    return connect().get("/api/schedule/history", HistoryReply, job=job, limit=limit)


def _row(job: JobView) -> output.Row:
    return (
        str(job["id"]),
        job["name"],
        job["job_type"],
        job["trigger"],
        output.moment(job["next_run"]),
        output.past(job["last_run"]),
        str(job["run_count"]),
        schedule_words.state(job),
    )


def _history_row(firing: FiringView) -> output.Row:
    style = output.GOOD if firing["outcome"] == "fired" else output.WARNING
    due, ended = (output.past(at, seconds=True) for at in (firing["due_at"], firing["ended_at"]))
    return (
        due,
        firing["job"],
        (firing["outcome"], style),
        (firing["reason"], ""),
        f"{ended} {firing['status']}".rstrip(),
    )
