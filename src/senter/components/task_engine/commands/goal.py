"""`senter goal`: have something done, see how it is planned and how far it is, and change one's mind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import click

from senter.client.types import GoalLimits, GoalReply, Receipt, Widening
from senter.components.task_engine.commands import following
from senter.components.task_engine.commands.goal_view import (
    STOPPED,
    show_goal,
    show_grant,
    show_plan,
    show_waits,
)
from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.granting import budget_option, grant_options
from senter.terminal.groups import Group
from senter.terminal.options import (
    json_option,
    number_argument,
    prints,
    small_option,
    verbose_option,
)
from senter.terminal.words import no_such, read_text_argument

GOAL = "/api/goals/{goal_id}"
CHANGE = f"{GOAL}/{{action}}"
ADD = "add"
GOES_ON = "goes on"
CLOSE = 0.7  # how alike a mistyped subcommand and a real one are

text_argument = click.argument("text", nargs=-1)
follow_option = click.option(
    "--follow", "-f", is_flag=True, help="Show the progress, then the result; Ctrl-C leaves the goal running."
)
priority_type = click.IntRange(1, 10)


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

        if get_close_matches(args[0], self.commands, n=1, cutoff=CLOSE):
            raise click.UsageError(no_such("command", args[0], self.commands), ctx)


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
@click.option("--priority", default=5, show_default=True, type=priority_type, help="Higher first.")
@follow_option
@small_option
@grant_options
@budget_option
@verbose_option
@json_option
def add(
    text: tuple[str, ...],
    deadline: str,
    priority: int,
    follow: bool,
    grant: Widening | None,
    budget: GoalLimits | None,
    verbose: bool,
    as_json: bool,
) -> int:
    """Have something done. TEXT can be piped in, or read from standard input with `-`.

    --follow shows the result at the end. It asks you what waits for your yes or no; where nobody can be asked, it exits
    with 4.
    """
    wanted = _wanted(text)
    client = connect()
    made = client.post(
        "/api/goals", GoalReply, text=wanted, deadline=deadline, priority=priority, budget=budget, grant=grant
    )
    planned = following.until_planned(client, made)
    if not as_json:
        _show_planned(planned, made["goal"]["receipts"], follow=follow, verbose=verbose)
    elif not follow:
        output.print_json(planned)
    return following.follow(client, made["goal"]["id"], as_json=as_json) if follow else 0


@goal.command(epilog='Example: senter goal plan "Compare tea and coffee"')
@text_argument
@small_option
@grant_options
@verbose_option
@json_option
def plan(text: tuple[str, ...], grant: Widening | None, verbose: bool, as_json: bool) -> None:
    """Show how a goal would be carried out, without carrying it out."""
    wanted = _wanted(text)
    found = connect().post("/api/goals/plan", GoalReply, text=wanted, grant=grant)
    if as_json:
        output.print_json(found)
        return
    show_plan(found)
    show_grant(found, verbose=verbose)


@goal.command(epilog="Examples: senter goal show 1, senter goal show 1 --follow")
@number_argument()
@follow_option
@verbose_option
@json_option
def show(number: int, follow: bool, verbose: bool, as_json: bool) -> int:
    """Show a goal: its plan as a tree, attempts, results, cost and grant."""
    client = connect()
    if not as_json:
        show_goal(client.get(GOAL, GoalReply, goal_id=number), verbose=verbose)
    elif not follow:
        output.print_json(client.get(GOAL, GoalReply, goal_id=number))
    return following.follow(client, number, as_json=as_json) if follow else 0


def _says(done: str) -> Callable[[GoalReply], None]:
    """What was done to a goal, in a sentence."""

    def say(changed: GoalReply) -> None:
        when = " when work is released: senter panic --release" if changed["stopped"] and done == GOES_ON else "."
        output.say(f"Goal {changed['goal']['id']} {done}{when}")

    return say


def _change(action: Literal["pause", "resume", "cancel"], meaning: str, done: str) -> Callable[..., object]:
    """One command for each thing that can be done to a goal."""

    @goal.command(action, help=meaning, epilog=f"Example: senter goal {action} 1")
    @number_argument()
    @prints(_says(done))
    def change(number: int) -> GoalReply:
        return connect().post(CHANGE, GoalReply, goal_id=number, action=action)

    return change


pause = _change("pause", "Pause a goal: no task begins until it is resumed.", "is paused")
resume = _change("resume", "Let a paused goal go on.", GOES_ON)
cancel = _change("cancel", "Cancel a goal for good; what it wrote stays.", "is cancelled")


@goal.command(epilog="Example: senter goal accept 1")
@number_argument()
@prints(_says("is done"))
def accept(number: int) -> GoalReply:
    """Say that a goal is done: one that asks you to look at its result, or one of your own."""
    return connect().post(CHANGE, GoalReply, goal_id=number, action="accept")


@goal.command(epilog='Example: senter goal reopen 1 "the prices are missing"')
@number_argument()
@text_argument
@prints(_says(GOES_ON))
def reopen(number: int, text: tuple[str, ...]) -> GoalReply:
    """Say what is missing of a goal that is done, as TEXT: it is planned, with what was done in view."""
    nothing = InvalidInput("Say what is missing.", f'Try: senter goal reopen {number} "the prices"')
    missing = read_text_argument(text, "What is missing", nothing)
    return connect().post(CHANGE, GoalReply, goal_id=number, action="reopen", text=missing)


def _say_deadline(changed: GoalReply) -> None:
    due = changed["goal"]["deadline"]
    _says(f"is due {output.moment(due)}" if due else "has no deadline any more")(changed)


@goal.command(epilog="Examples: senter goal move 1 friday, senter goal move 1 2026-12-24")
@number_argument()
@click.argument("when", nargs=-1, required=True)
@prints(_say_deadline)
def move(number: int, when: tuple[str, ...]) -> GoalReply:
    """Give a goal another deadline: WHEN."""
    return connect().post(CHANGE, GoalReply, goal_id=number, action="move", deadline=" ".join(when))


@goal.command(epilog="Example: senter goal retry 1")
@number_argument()
@json_option
def retry(number: int, as_json: bool) -> None:
    """Try again what failed, was cancelled or was quarantined; what is done stays done. Takes back accept, too."""
    client = connect()
    before = client.get(GOAL, GoalReply, goal_id=number)["goal"]["deadline"]
    changed = client.post(CHANGE, GoalReply, goal_id=number, action="retry")
    output.print_json(changed) if as_json else _says(GOES_ON)(changed)
    if before and not changed["goal"]["deadline"]:
        output.note(f"Its deadline, {output.moment(before)}, has passed and no longer applies.")


def _say_priority(changed: GoalReply) -> None:
    _says(f"has priority {changed['goal']['priority']}")(changed)


@goal.command(epilog="Example: senter goal prioritise 1 9")
@number_argument()
@click.argument("priority", type=priority_type)
@prints(_say_priority)
def prioritise(number: int, priority: int) -> GoalReply:
    """Give a goal a PRIORITY from 1 to 10, higher first."""
    return connect().post(CHANGE, GoalReply, goal_id=number, action="prioritise", priority=priority)


def _wanted(words: tuple[str, ...]) -> str:
    nothing = InvalidInput("Say what to do.", 'Try: senter goal "Compare tea and coffee"')
    return read_text_argument(words, "The goal", nothing)


def _show_planned(planned: GoalReply, said: Sequence[Receipt], *, follow: bool, verbose: bool) -> None:
    """`said` is what was said of it when it was asked for, which is another thing the second time."""
    goal_id = planned["goal"]["id"]
    output.say(f"Goal {goal_id}: {output.one_line(planned['goal']['text'])}")
    if planned["goal"]["kind"] == "own":
        _show_kept(planned, said)
    elif planned["tasks"]:
        show_plan(planned, brief=follow)
        show_grant(planned, verbose=verbose)
    else:
        output.say(STOPPED if planned["stopped"] else "It is not planned yet.")
    if not follow:  # which says itself what waits, or asks
        show_waits(planned)
        output.note(f"See how far it is: senter goal show {goal_id}")


def _show_kept(planned: GoalReply, said: Sequence[Receipt]) -> None:
    """One of the person's own: what is said of it, Senter's part and theirs."""
    for receipt in said or planned["goal"]["receipts"]:
        output.say(output.one_line(receipt["done"]))
        if receipt["note"]:
            output.note(output.one_line(receipt["note"]))
    show_plan(planned, brief=True)
