"""`senter goal`: have something done, see how it is planned and how far it is, and change one's mind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from senter.cli import goal_words, output
from senter.cli.granting import grant_options, limit_option, limited, widening
from senter.cli.groups import Group
from senter.client import Client
from senter.errors import InvalidInput
from senter.paths import from_environment

if TYPE_CHECKING:
    from senter.client.goal_results import Approval, GoalDetails
    from senter.client.goals import Change

ADD = "add"
GOES_ON = "goes on"
CLOSE = 0.7  # how alike a mistyped subcommand and a real one are

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
number_argument = click.argument("number", metavar="N", type=click.IntRange(min=1))
text_argument = click.argument("text", nargs=-1)


def _due(_: click.Context, __: click.Parameter, when: str | None) -> str:
    if when is not None and not when.strip():
        raise click.BadParameter("it is empty; say when, or leave it out.")
    return when or ""


class GoalGroup(Group):
    """A first word that names no subcommand begins a goal: `goal "TEXT"` is `goal add "TEXT"`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            self._refuse_mistyped(ctx, args)
            args = [ADD, *args]
        return super().parse_args(ctx, args)

    def _refuse_mistyped(self, ctx: click.Context, args: list[str]) -> None:
        """`goal shwo 1` is no wish."""
        if args[0].startswith("-") or len(args) < 2 or not args[1].isdecimal():
            return
        from difflib import get_close_matches

        close = get_close_matches(args[0], self.commands, n=1, cutoff=CLOSE)
        if close:
            raise click.UsageError(f"There is no command {args[0]!r}. Did you mean {close[0]}?", ctx)


@click.group(
    cls=GoalGroup,
    epilog='Examples: senter goal "Research Python decorators" --deadline friday --priority 8, senter goal show 1',
)
def goal() -> None:
    """Have something done, and look after it.

    `senter goal "TEXT"` is short for `senter goal add "TEXT"`; a first word that is the name of a command below is
    that command.
    """


@goal.command(
    ADD,
    epilog='Examples: senter goal add "Plan a trip" --deadline friday --follow, senter goal "Plan a trip" --priority 8',
)
@text_argument
@click.option("--deadline", metavar="WHEN", callback=_due, help="When it is due: friday, tomorrow 9:00, 2026-12-24.")
@click.option("--priority", default=5, show_default=True, type=click.IntRange(1, 10), help="Higher first.")
@click.option("--follow", "-f", is_flag=True, help="Show the progress until it ends; Ctrl-C only looks away.")
@click.option("--no-start", is_flag=True, help="Do not start the daemon when it is not running.")
@grant_options
@limit_option
@json_option
def add(
    text: tuple[str, ...],
    deadline: str,
    priority: int,
    follow: bool,
    no_start: bool,
    limits: tuple[str, ...],
    as_json: bool,
    **may: tuple[str, ...],
) -> int:
    """Have something done. TEXT can be piped in, or read from standard input with `-`."""
    from senter.cli import following

    wanted, grant, budget = _wanted(text), widening(**may), limited(limits)
    client = _client(start=not no_start)
    made = client.goals.create(wanted, deadline=deadline, priority=priority, budget=budget, grant=grant)
    planned = following.until_planned(client, made)
    if not as_json:
        _show_planned(client, planned, follow=follow)
    elif not follow:
        output.print_json(planned)
    if follow:
        return following.follow(client, made["goal"]["id"], as_json=as_json)
    return 0


@goal.command(epilog='Example: senter goal plan "Compare tea and coffee"')
@text_argument
@click.option("--no-start", is_flag=True, help="Do not start the daemon when it is not running.")
@grant_options
@json_option
def plan(text: tuple[str, ...], no_start: bool, as_json: bool, **may: tuple[str, ...]) -> None:
    """Show how a goal would be carried out, without carrying it out."""
    from senter.cli.goal_view import show_grant, show_plan

    wanted, grant = _wanted(text), widening(**may)
    found = _client(start=not no_start).goals.plan(wanted, grant=grant)
    if as_json:
        output.print_json(found)
        return
    show_plan(found)
    show_grant(found)


@goal.command(epilog="Examples: senter goal show 1, senter goal show 1 --follow")
@number_argument
@click.option("--follow", "-f", is_flag=True, help="Show the progress until it ends; Ctrl-C only looks away.")
@json_option
def show(number: int, follow: bool, as_json: bool) -> int:
    """Show a goal: its plan as a tree, attempts, results, cost and grant."""
    client = _client()
    if not (follow and as_json):
        found = client.goals.get(number)
        if as_json:
            output.print_json(found)
        else:
            from senter.cli.goal_view import show_goal

            show_goal(found, _waiting(client, found))
    if follow:
        from senter.cli import following

        return following.follow(client, number, as_json=as_json)
    return 0


def _change(action: Change, meaning: str, said: str) -> Callable[..., object]:
    """One command for each thing that can be done to a goal."""

    @goal.command(action, help=meaning, epilog=f"Example: senter goal {action} 1")
    @number_argument
    @json_option
    def change(number: int, as_json: bool) -> None:
        changed = _client().goals.change(number, action)
        _say_changed(changed, said, as_json)

    return change


pause = _change("pause", "Begin nothing more of a goal until it is resumed.", "is paused")
resume = _change("resume", "Let a paused goal go on.", GOES_ON)
cancel = _change("cancel", "Give a goal up for good; what it wrote stays.", "is cancelled")


@goal.command(epilog="Example: senter goal retry 1")
@number_argument
@json_option
def retry(number: int, as_json: bool) -> None:
    """Try again what failed, was cancelled or was quarantined; what is done stays done."""
    client = _client()
    before = client.goals.get(number)["goal"]["deadline"]
    changed = client.goals.change(number, "retry")
    _say_changed(changed, GOES_ON, as_json)
    if before and not changed["goal"]["deadline"]:
        output.note(f"Its deadline, {output.moment(before)}, has passed and holds no more.")


@goal.command(epilog="Example: senter goal prioritise 1 9")
@number_argument
@click.argument("priority", type=click.IntRange(1, 10))
@json_option
def prioritise(number: int, priority: int, as_json: bool) -> None:
    """Give a goal a PRIORITY from 1 to 10, higher first."""
    _say_changed(_client().goals.prioritise(number, priority), f"has priority {priority}", as_json)


def _client(*, start: bool = False) -> Client:
    paths = from_environment()
    if start:
        from senter.cli.running import have_it_run

        have_it_run(paths)
    return Client(paths)


def _wanted(words: tuple[str, ...]) -> str:
    from senter.cli.words import given_text

    nothing = InvalidInput("There is nothing to do.", 'Try: senter goal "Compare tea and coffee"')
    return given_text(words, "The goal", nothing)


def _say_changed(changed: GoalDetails, said: str, as_json: bool) -> None:
    if as_json:
        output.print_json(changed)
        return
    when = " when work is released: senter panic --release" if changed["stopped"] and said == GOES_ON else "."
    output.say(f"Goal {changed['goal']['id']} {said}{when}")


def _show_planned(client: Client, planned: GoalDetails, *, follow: bool) -> None:
    from senter.cli.goal_view import show_grant, show_plan, show_waiting

    goal_id = planned["goal"]["id"]
    output.say(f"Goal {goal_id}: {output.one_line(planned['goal']['text'])}")
    if planned["tasks"]:
        show_plan(planned)
        show_grant(planned)
        show_waiting(_waiting(client, planned))
    else:
        output.say(goal_words.STOPPED if planned["stopped"] else "It is not planned yet.")
    if not follow:
        output.note(f"See how far it is: senter goal show {goal_id}")


def _waiting(client: Client, found: GoalDetails) -> list[Approval]:
    """Asked for only where something waits."""
    if not any(task["status"] == "waiting" for task in found["tasks"]):
        return []
    return [
        approval for approval in client.oversight.approvals()["approvals"] if approval["goal_id"] == found["goal"]["id"]
    ]
