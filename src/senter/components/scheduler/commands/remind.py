"""`senter remind`: set reminders, see what is open, say that one is done or is to be told again later."""

from __future__ import annotations

import sys

import click

from senter.client.types import ActionsReply, JobReply, JobsReply, JobView
from senter.components.scheduler.commands import reminding, schedule_words
from senter.components.scheduler.commands.schedule_words import ACTION, JOB, length_option
from senter.errors import InvalidInput, NotFound
from senter.sentences import phrase
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import json_option, prints

TIMES = frozenset({"when", "in_seconds", "every_seconds", "cron", "recurrence"})
OF_LIST = frozenset({"--json", "--all", "--no-start"})
BEFORE_TIMES = frozenset({"until", "till", "for", "in", "to"})
WORDS = click.argument("words", metavar="[N|WORDS]", nargs=-1)


class RemindGroup(ListGroup):
    """A text in place of a command is what to be reminded of. Texts that begin like a command are said behind `add`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_text = args and args[0] not in (*self.commands, *ctx.help_option_names) and not OF_LIST.issuperset(args)
        return super().parse_args(ctx, ["add", *args] if is_text else args)


@click.group(
    cls=RemindGroup,
    epilog='Examples: senter remind "call mom every sunday at 10", senter remind tea --in 4m, senter remind, '
    "senter remind snooze 4 10m",
)
def remind() -> None:
    """Be reminded at a time, or again and again.

    senter remind TEXT [WHEN] sets one; alone it shows which reminders are open. A TEXT that begins like one of the
    commands goes behind add.
    """


@remind.command(epilog='Examples: senter remind add "call mom" "every sunday 10:00", senter remind add tea --in 4m')
@click.argument("text", metavar="TEXT [WHEN]", nargs=-1)
@click.option("--at", metavar="TIME", help='"tomorrow 9:00", friday, "every sunday 10:00", 2026-12-24T18:00.')
@length_option("--in", "in_seconds", "After this long: 5s, 20m, 2h.")
@click.option("--every", metavar="HOW", help='Again and again: 90m, 1d, "sunday 10:00", "3 days 8:00".')
@click.option("--cron", metavar="EXPR", help="Five fields: minute hour day month weekday.")
@click.option("--yearly", metavar="DAY", help='Each year: "3 dec", "3 dec 8:00".')
@click.option("--before", metavar="LENGTH", help="With --yearly: so many days before it: 2d.")
@click.option("--until", metavar="TIME", help="The end of what comes again: friday, 24.12.")
@click.option("--times", type=click.IntRange(2, 1000), metavar="N", help="With --every: how often it comes in all.")
@click.option("--zone", metavar="ZONE", help="The time zone of the time, such as Europe/London; else yours.")
@json_option
def add(
    text: tuple[str, ...], as_json: bool, yearly: str | None, before: str | None, times: int | None, **said: object
) -> None:
    """Be reminded of TEXT, at WHEN or at the time that TEXT says."""
    if not " ".join(text).strip():
        raise InvalidInput("Say what to remind you of.", 'Try: senter remind "call the bank" --in 2h')
    asked = {name: value for name, value in said.items() if value is not None}
    if before is not None and yearly is None:
        raise click.UsageError("--before goes with --yearly.")
    if "at" in asked:
        asked["when"] = asked.pop("at")
    every = asked.pop("every", None)
    if len(TIMES & asked.keys()) + (every is not None) + (yearly is not None) > 1:
        raise click.UsageError("Say one time: only one of --at, --in, --every, --cron and --yearly.")
    if times is not None and every is None:
        raise click.UsageError("--times goes with --every.")
    if yearly is not None:
        asked |= reminding.yearly(yearly, before)
    if every is not None:
        asked |= schedule_words.every(str(every), times)
    client = connect()
    added = [
        reminding.add_reminder(client, what, **{**asked, **when})
        for what, when in _texts(text, has_time=bool(TIMES & asked.keys()))
    ]
    if as_json:
        output.print_json(added[0] if len(added) == 1 else added)
        return
    for one in added:
        _say_added(one)
    if silent := reminding.why_silent(client):
        output.note(f"It cannot ring, but stands in senter progress: {silent}")


def _texts(text: tuple[str, ...], *, has_time: bool) -> list[tuple[str, dict[str, object]]]:
    """What to be reminded of, and when; where that is not said, it is asked for."""
    whole = " ".join(text)
    if has_time:
        return [(whole, {})]
    *first, last = text
    if first and (len(text) == 2 or " " in last) and reminding.is_time(last):
        return [(" ".join(first), {"when": last})]
    if reminding.speaks_of_time(whole) and (found := reminding.told_apart(connect(), whole)):
        return found
    if not sys.stdin.isatty():
        raise click.UsageError(f"Say when. {reminding.SAY_WHEN}")
    return [(whole, {"when": click.prompt(phrase("When"), err=True)})]


def _say_added(added: JobReply) -> None:
    """As everywhere else, with the moment in full."""
    job, known = added["job"], phrase(" (set already)") if added.get("known") else ""
    at = output.moment(job["next_run"])
    when = at if job["trigger_type"] == "once" else f"{job['trigger']}, {phrase('next {when}', when=at)}"
    output.say(f"{reminding.called(job)}: {reminding.title(job)}, {when}{known}.")


def _show_list(found: JobsReply) -> None:
    rows = map(_row, found["jobs"])
    output.print_table(("#", "Reminder", "Next", "Again", "State"), rows, empty="No reminder is open.")


def _row(job: JobView) -> output.Row:
    again = "" if job["trigger_type"] == "once" else f"{job['trigger']}{reminding.left_out(job)}"
    return str(job["id"]), reminding.title(job), output.past(reminding.next_at(job)), again, _state(job)


def _state(job: JobView) -> tuple[str, str]:
    if not reminding.waits(job):
        state, style = schedule_words.state(job)
        return ("", "") if state == "waiting" else (state, style)
    return phrase("waits for you since {when}", when=output.past(job["told_at"])), output.WARNING


@remind.command("list", epilog="Examples: senter remind, senter remind list --all")
@click.option("--all", "over", is_flag=True, help="Also those that are over.")
@prints(_show_list)
def list_(over: bool) -> JobsReply:
    """List what is open: what waits for you first, then the next."""
    return reminding.reminders(connect(), over=over)


def _show(found: JobReply) -> None:
    for name, text in schedule_words.lines(found):
        output.say(f"{name:<10} {output.printable(text)}")


@remind.command(epilog="Example: senter remind show 4")
@click.argument("words", metavar="N|WORDS", nargs=-1, required=True)
@prints(_show)
def show(words: tuple[str, ...]) -> JobReply:
    """Show one reminder."""
    client = connect()
    job = reminding.meant(reminding.reminders(client, over=True)["jobs"], " ".join(words), "reminder")
    return client.get(JOB, JobReply, job=str(job["id"]))


def _say_done(changed: JobReply) -> None:
    job = changed["job"]
    again = phrase("; it comes again {when}", when=output.moment(job["next_run"])) if _comes_again(job) else ""
    output.say(
        phrase("{what} is done: {title}{again}.", what=reminding.called(job), title=reminding.title(job), again=again)
    )


def _comes_again(job: JobView) -> bool:
    return job["trigger_type"] != "once" and job["next_run"] is not None


@remind.command(epilog="Examples: senter remind done 4, senter remind done pills, senter remind done")
@WORDS
@prints(_say_done)
def done(words: tuple[str, ...]) -> JobReply:
    """Say that it is done: what was told waits no more. One that comes again goes on."""
    return _change(_one_that_waits(" ".join(words)), "done")


def _say_snoozed(changed: JobReply) -> None:
    job = changed["job"]
    until, following = job["snoozed_until"] or "", job["next_run"]
    what, title, at = reminding.called(job), reminding.title(job), output.moment(until)
    is_earlier = following and following < until
    earlier = phrase(" Before that it comes as always, {when}.", when=output.moment(following)) if is_earlier else ""
    output.say(phrase("{what} is told again {when}: {title}.", what=what, when=at, title=title) + earlier)


@remind.command(
    epilog='Examples: senter remind snooze 4 10m, senter remind snooze 4 "tomorrow 9:00", senter remind snooze'
)
@click.argument("words", metavar="[N] [WHEN]", nargs=-1)
@prints(_say_snoozed)
def snooze(words: tuple[str, ...]) -> JobReply:
    """Have what was told be told again, once: after a length, at a moment, else in ten minutes. Its series stays."""
    names_one = words and words[0] not in BEFORE_TIMES and not reminding.is_time(words[0])
    first, rest = (words[0], words[1:]) if names_one else ("", words)
    return _change(_one_that_waits(first), "snooze", at=" ".join(rest) or None)


def _say_skipped(changed: JobReply) -> None:
    job = changed["job"]
    output.say(f"{reminding.called(job)} is left out: {reminding.title(job)}{reminding.left_out(job)}{_next(job)}.")


def _next(job: JobView) -> str:
    return f"; it comes next {output.moment(job['next_run'])}" if job["next_run"] else "; it does not come again"


@remind.command(
    epilog='Examples: senter remind skip 4, senter remind skip plants tomorrow, senter remind skip 4 "this week"'
)
@click.argument("words", metavar="N|WORDS [DAY]", nargs=-1, required=True)
@prints(_say_skipped)
def skip(words: tuple[str, ...]) -> JobReply:
    """Leave out its times of a DAY, or of some days; its next time where no DAY is named. The others stay."""
    what, day = reminding.parted(words)
    found = [job for job in reminding.reminders(connect())["jobs"] if job["trigger_type"] != "once"]
    return _change(reminding.meant(found, what, "reminder that comes again"), "skip", at=day or None)


@remind.command(epilog="Example: senter remind cancel 4")
@click.argument("words", metavar="N|WORDS", nargs=-1, required=True)
@json_option
def cancel(words: tuple[str, ...], as_json: bool) -> None:
    """Have it told no more, also where it comes again."""
    client = connect()
    job = reminding.meant(reminding.reminders(client)["jobs"], " ".join(words), "reminder")
    gone = client.post(ACTION, JobReply, job=str(job["id"]), action="remove")
    said = phrase("{what} is cancelled: {title}.", what=reminding.called(job), title=reminding.title(job))
    output.print_result(gone, said, as_json=as_json)


@remind.command(epilog="Example: senter remind undo")
@json_option
@click.pass_context
def undo(context: click.Context, as_json: bool) -> object:
    """Take back what was done last to a reminder: set, moved, left out, done, snoozed or cancelled."""
    actions = connect().get("/api/actions", ActionsReply)["actions"]
    last = next((each for each in actions if each["receipt"]["kind"] == "reminder" and not each["undone"]), None)
    if last is None:
        raise NotFound("Nothing was done to a reminder lately.", "See what can be taken back: senter undo --list")
    root = context.find_root()
    command = root.command.get_command(root, "undo") if isinstance(root.command, click.Group) else None
    assert command is not None, "it is one of Senter's own"
    return context.invoke(command, number=last["number"], listed=False, as_json=as_json)


def _one_that_waits(words: str) -> JobView:
    """The one that is meant; without words the only one that waits."""
    open_ones = reminding.reminders(connect())["jobs"]
    told = [job for job in open_ones if job["told_at"]]
    is_told = any(reminding.fits(job, words) for job in told)
    return reminding.meant(told if is_told or not words else open_ones, words, "reminder that waits for you")


def _change(job: JobView, action: str, **said: object) -> JobReply:
    return connect().post(ACTION, JobReply, job=str(job["id"]), action=action, **said)
