"""`senter dead-letters`: events that a component could not take in, kept until someone decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from senter.client import Client
from senter.client.types import DeadLetter, DeadLetterReply, DeadLetters, Done
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import json_option, limit_option, no_start_option, number_argument, prints, yes_option

one_argument = click.argument("number", type=click.IntRange(min=1), required=False)
all_option = click.option("--all", "every", is_flag=True, help="Every dead letter.")

LETTER = "/api/dead-letters/{number}"
NONE = "There are no dead letters."


@click.group("dead-letters", cls=ListGroup, epilog="Examples: senter dead-letters, senter dead-letters show 3")
def dead_letters() -> None:
    """List, show, replay and drop events that were given up on."""


def _show_list(found: DeadLetters) -> None:
    columns = ("Number", "Died", "Consumer", "Event", "Attempts", "Error")
    output.print_table(columns, map(_row, found["letters"]), total=found["total"], empty=NONE)


@dead_letters.command("list", epilog="Example: senter dead-letters list --json")
@no_start_option
@limit_option(100)
@prints(_show_list)
def list_(limit: int) -> DeadLetters:
    """List dead letters, the oldest first."""
    return connect().get("/api/dead-letters", DeadLetters, limit=limit)


def _row(letter: DeadLetter) -> output.Row:
    number, attempts, died = str(letter["number"]), str(letter["attempts"]), output.past(letter["died_at"])
    return (number, died, letter["consumer"], letter["event"], attempts, letter["error"])


def _show(letter: DeadLetterReply) -> None:
    for name in ("number", "consumer", "event", "event_id", "attempts", "died_at", "error"):
        output.say(f"{name:<10} {output.printable(str(letter[name]))}")
    output.say(output.printable(output.json_text(letter["payload"], indent=2)))


@dead_letters.command(epilog="Example: senter dead-letters show 3")
@no_start_option
@number_argument()
@prints(_show)
def show(number: int) -> DeadLetterReply:
    """Show one dead letter with the event it holds."""
    return connect().get(LETTER, DeadLetterReply, number=number)


@dead_letters.command(epilog="Examples: senter dead-letters replay 3, senter dead-letters replay --all")
@no_start_option
@one_argument
@all_option
@json_option
def replay(number: int | None, every: bool, as_json: bool) -> None:
    """Hand the event to its consumer again, with a fresh count of attempts."""
    client = connect()
    numbers = _chosen(client, number, every)
    _each(numbers, lambda one: client.post(f"{LETTER}/replay", Done, number=one), "replayed", as_json)


@dead_letters.command(epilog="Example: senter dead-letters drop 3 --yes")
@no_start_option
@one_argument
@all_option
@yes_option
@json_option
def drop(number: int | None, every: bool, yes: bool, as_json: bool) -> None:
    """Remove a dead letter for good."""
    client = connect()
    numbers = _chosen(client, number, every)
    if numbers and not yes and not output.confirm(f"Drop {len(numbers)} for good?"):
        output.note("Nothing was dropped.")
        return
    _each(numbers, lambda one: client.delete(LETTER, number=one), "dropped", as_json)


def _chosen(client: Client, number: int | None, every: bool) -> list[int]:
    if (number is None) != every:
        raise click.UsageError("Name one dead letter by its number, or all of them with --all.")
    if number is not None:
        return [number]
    return [letter["number"] for letter in client.get("/api/dead-letters", DeadLetters, limit=1000)["letters"]]


def _each(numbers: Sequence[int], act: Callable[[int], object], done: str, as_json: bool) -> None:
    for number in numbers:
        act(number)
    named = f"{done.capitalize()}: {', '.join(map(str, numbers))}" if numbers else NONE
    output.print_result({done: numbers}, named, as_json=as_json)
