"""`senter schedule`: work at its time, and what became of every time that came."""

from __future__ import annotations

import click

from senter.client import Client
from senter.client.types import FiringView, HistoryReply, JobReply, JobsReply, JobView
from senter.components.scheduler.commands import schedule_words
from senter.errors import InvalidInput
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.granting import grant_options, widening
from senter.terminal.groups import ListGroup

TYPES = ("research", "goal", "digest", "maintenance", "learning", "custom")
EXAMPLE = 'Try: senter schedule add "morning papers" --cron "0 8 * * mon-fri" --goal "Research new papers on bread"'

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
JOBS, JOB = "/api/schedule/jobs", "/api/schedule/jobs/{job}"

job_argument = click.argument("job", metavar="JOB")


@click.group(
    cls=ListGroup,
    epilog='Examples: senter schedule, senter schedule add tea --every 1h --goal "Research tea", senter schedule run 3',
)
def schedule() -> None:
    """Have work done at its time. JOB is a job's number or its name."""


@schedule.command("list", epilog="Example: senter schedule list --json")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List jobs, the next due first."""
    found = connect().get(JOBS, JobsReply, limit=limit)
    if as_json:
        output.print_json(found)
        return
    output.print_table(("#", "Job", "Type", "When", "Next", "Last", "Runs", "State"), map(_row, found["jobs"]))
    if found["total"] > len(found["jobs"]):
        output.note(f"{len(found['jobs'])} of {found['total']} are shown; more with --limit.")


@schedule.command(epilog=EXAMPLE.replace("Try:", "Example:"))
@click.argument("name")
@click.option("--cron", metavar="EXPR", help="Five fields: minute hour day month weekday.")
@click.option("--zone", help="The time zone of --cron, such as Europe/London; else yours.")
@click.option("--every", metavar="LENGTH", help="An interval: 90s, 15m, 1h, 2d.")
@click.option("--at", metavar="TIME", help='Once: "tomorrow 9:00", friday, 2026-12-24T18:00.')
@click.option("--in", "within", metavar="LENGTH", help="Once, so long from now: 5s, 20m, 2h.")
@click.option("--on", metavar="EVENT", help="When that event comes, such as task_complete.")
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="With --on: what the event must say.")
@click.option("--goal", default="", metavar="TEXT", help="What is to be done.")
@click.option("--topic", default="", help="With --type research: what about; else your interests in turn.")
@click.option("--type", "job_type", type=click.Choice(TYPES), help="What kind of work it is; goal by default.")
@click.option("--component", default="", help="Who does the work, for maintenance and custom.")
@click.option("--payload", default="", metavar="JSON", help="What that component is to be told.")
@click.option("--missed", type=click.Choice(("skip", "once", "all")), default="once", show_default=True,
              help="What becomes of times that were missed.")  # fmt: skip
@click.option("--grace", metavar="LENGTH", help="How late still counts as on time.")
@click.option("--overlap", is_flag=True, help="Set it off although its last run is not over.")
@click.option("--only-when-idle", is_flag=True, help="Skip it while something else is done.")
@click.option("--daily-limit", type=click.IntRange(1, 1_000_000), help="How often a day at most.")
@grant_options
@json_option
def add(
    name: str,
    cron: str | None,
    zone: str | None,
    every: str | None,
    at: str | None,
    within: str | None,
    on: str | None,
    where: tuple[str, ...],
    goal: str,
    topic: str,
    job_type: str | None,
    component: str,
    payload: str,
    missed: str,
    grace: str | None,
    overlap: bool,
    only_when_idle: bool,
    daily_limit: int | None,
    as_json: bool,
    **may: tuple[str, ...],
) -> None:
    """Add a job. Without a trigger it is due every hour. What --may-... allows, its goals may do each time."""
    job: dict[str, object] = {
        "name": name,
        "job_type": job_type or ("research" if topic else "goal"),
        "component": component,
        "payload": schedule_words.payload(goal, topic, payload),
        "cron": cron,
        "zone": zone,
        "at": at,
        "event": on,
        "where": schedule_words.filters(where),
        "misfire": schedule_words.MISFIRES[missed],
        "overlap": overlap,
        "only_when_idle": only_when_idle,
        "daily_limit": daily_limit,
        "grant": widening(**may),
    }
    if job["job_type"] == "goal" and not goal:
        raise InvalidInput("It is not said what is to be done.", EXAMPLE)
    if every is not None:
        job["every_seconds"] = schedule_words.seconds(every, "--every")
    if within is not None:
        job["in_seconds"] = schedule_words.seconds(within, "--in")
    if grace is not None:
        job["grace_seconds"] = schedule_words.seconds(grace, "--grace")
    _say_added(connect().post(JOBS, JobReply, **job), as_json)


@schedule.command(epilog='Example: senter schedule show "morning papers"')
@job_argument
@json_option
def show(job: str, as_json: bool) -> None:
    """Show one job."""
    found = connect().get(JOB, JobReply, job=job)
    if as_json:
        output.print_json(found)
        return
    for name, text in schedule_words.lines(found):
        output.say(f"{name:<10} {output.printable(text)}")


@schedule.command(epilog="Example: senter schedule pause background_research")
@job_argument
@json_option
def pause(job: str, as_json: bool) -> None:
    """Set a job off no more until it is resumed."""
    _say(connect().post(f"{JOB}/{{action}}", JobReply, job=job, action="pause"), "is paused", as_json)


@schedule.command(epilog="Example: senter schedule resume background_research")
@job_argument
@json_option
def resume(job: str, as_json: bool) -> None:
    """Let a paused job run again, from its next time on."""
    _say(connect().post(f"{JOB}/{{action}}", JobReply, job=job, action="resume"), "goes on", as_json)


@schedule.command(epilog="Example: senter schedule run daily_digest")
@job_argument
@json_option
def run(job: str, as_json: bool) -> None:
    """Run a job now; its next time stays."""
    changed = connect().post(f"{JOB}/run", JobReply, job=job)
    _say(changed, "runs", as_json)
    if not as_json:
        output.note(f"See what became of it: senter schedule history {changed['job']['id']}")


@schedule.command(epilog='Example: senter schedule remove "morning papers" --yes')
@job_argument
@click.option("-y", "--yes", is_flag=True, help="Do not ask first.")
@json_option
def remove(job: str, yes: bool, as_json: bool) -> None:
    """Remove a job; its history stays."""
    client = connect()
    found = client.get(JOB, JobReply, job=job)["job"]
    if not yes and not output.confirm(f"Remove {found['name']}?"):
        output.note("Nothing was removed.")
        return
    client.delete(JOB, job=found["id"])
    if as_json:
        output.print_json({"removed": found["id"]})
    else:
        output.say(f"Job {found['id']} ({output.printable(found['name'])}) is removed.")


@schedule.command(epilog="Examples: senter schedule history, senter schedule history daily_digest")
@click.argument("job", metavar="JOB", default="")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@json_option
def history(job: str, limit: int, as_json: bool) -> None:
    """Show what became of every due time, of one job or of all; the newest first."""
    found = connect().get("/api/schedule/history", HistoryReply, job=job, limit=limit)
    if as_json:
        output.print_json(found)
    elif found["firings"]:
        output.print_table(("Due", "Job", "Outcome", "Why", "Ended"), map(_history_row, found["firings"]))
    else:
        output.say("No job was due so far.")


@click.command(epilog='Examples: senter remind "call the bank" --at "tomorrow 9:00", senter remind tea --in 4m')
@click.argument("text")
@click.option("--at", metavar="TIME", help='"tomorrow 9:00", friday, 2026-12-24T18:00.')
@click.option("--in", "within", metavar="LENGTH", help="So long from now: 5s, 20m, 2h.")
@json_option
def remind(text: str, at: str | None, within: str | None, as_json: bool) -> None:
    """Be reminded of something, once."""
    if not text.strip():
        raise InvalidInput("There is nothing to remind you of.", 'Try: senter remind "call the bank" --in 2h')
    if (at is None) == (within is None):
        raise click.UsageError("Say when, with --at or with --in.")
    job: dict[str, object] = {
        "name": schedule_words.name_of_reminder(text),
        "job_type": "custom",
        "payload": {"reminder": text},
    }
    if within is not None:
        job["in_seconds"] = schedule_words.seconds(within, "--in")
    else:
        job["at"] = at
    _say_added(connect().post(JOBS, JobReply, **job), as_json)


def connect() -> Client:
    return Client(from_environment())


def _row(job: JobView) -> tuple[str | tuple[str, str], ...]:
    state, style = schedule_words.state(job)
    return (
        str(job["id"]),
        job["name"],
        job["job_type"],
        job["trigger"],
        output.moment(job["next_run"]) if job["next_run"] else "-",
        output.moment(job["last_run"]) if job["last_run"] else "-",
        str(job["run_count"]),
        (state, style),
    )


def _history_row(firing: FiringView) -> tuple[str | tuple[str, str], ...]:
    style = output.GOOD if firing["outcome"] == "fired" else output.WARNING
    ended = f"{output.moment(firing['ended_at'], seconds=True)} {firing['status']}" if firing["ended_at"] else "-"
    return (
        output.moment(firing["due_at"], seconds=True),
        firing["job"],
        (firing["outcome"], style),
        firing["reason"],
        ended,
    )


def _say_added(added: JobReply, as_json: bool) -> None:
    job = added["job"]
    due = f"; next {output.moment(job['next_run'])}" if job["next_run"] else ""
    _say(added, f"is added: {job['trigger']}{due}", as_json)


def _say(changed: JobReply, said: str, as_json: bool) -> None:
    if as_json:
        output.print_json(changed)
    else:
        output.say(f"Job {changed['job']['id']} ({output.printable(changed['job']['name'])}) {said}.")
