"""`senter dead-letters`: events that a component could not take in, kept until someone decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from senter.client import Client
from senter.client.types import DeadLetter, DeadLetterReply, DeadLetters, Done
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import ListGroup

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("dead-letters", cls=ListGroup, epilog="Examples: senter dead-letters, senter dead-letters show 3")
def dead_letters() -> None:
    """List, show, replay and drop events that were given up on."""


@dead_letters.command("list", epilog="Example: senter dead-letters list --json")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List dead letters, the oldest first."""
    found = Client(from_environment()).get("/api/dead-letters", DeadLetters, limit=limit)
    if as_json:
        output.print_json(found)
        return
    if not found["letters"]:
        output.say("There are no dead letters.")
        return
    output.print_table(("Number", "Died", "Consumer", "Event", "Attempts", "Error"), map(_row, found["letters"]))
    if found["total"] > len(found["letters"]):
        output.note(f"{len(found['letters'])} of {found['total']} are shown; more with --limit.")


def _row(letter: DeadLetter) -> tuple[str, ...]:
    return (
        str(letter["number"]),
        output.moment(letter["died_at"]),
        letter["consumer"],
        letter["event"],
        str(letter["attempts"]),
        letter["error"],
    )


@dead_letters.command(epilog="Example: senter dead-letters show 3")
@click.argument("number", type=click.IntRange(min=1))
@json_option
def show(number: int, as_json: bool) -> None:
    """Show one dead letter with the event it holds."""
    letter = Client(from_environment()).get("/api/dead-letters/{number}", DeadLetterReply, number=number)
    if as_json:
        output.print_json(letter)
        return
    for name in ("number", "consumer", "event", "event_id", "attempts", "died_at", "error"):
        output.say(f"{name:<10} {output.printable(str(letter[name]))}")
    output.say(output.printable(output.json_text(letter["payload"], indent=2)))


@dead_letters.command(epilog="Examples: senter dead-letters replay 3, senter dead-letters replay --all")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
@json_option
def replay(number: int | None, every: bool, as_json: bool) -> None:
    """Hand the event to its consumer again, with a fresh count of attempts."""
    client = Client(from_environment())

    def act(number: int) -> None:
        client.post("/api/dead-letters/{number}/replay", Done, number=number)

    _each(_chosen(client, number, every), act, "replayed", as_json)


@dead_letters.command(epilog="Example: senter dead-letters drop 3 --yes")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask first.")
@json_option
def drop(number: int | None, every: bool, yes: bool, as_json: bool) -> None:
    """Remove a dead letter for good."""
    client = Client(from_environment())
    numbers = _chosen(client, number, every)
    if numbers and not yes and not output.confirm(f"Drop {len(numbers)} for good?"):
        output.note("Nothing was dropped.")
        return
    _each(numbers, lambda number: client.delete("/api/dead-letters/{number}", number=number), "dropped", as_json)


def _chosen(client: Client, number: int | None, every: bool) -> list[int]:
    if (number is None) != every:
        raise click.UsageError("Name one dead letter by its number, or all of them with --all.")
    if number is not None:
        return [number]
    return [letter["number"] for letter in client.get("/api/dead-letters", DeadLetters, limit=1_000)["letters"]]


def _each(numbers: Sequence[int], act: Callable[[int], object], done: str, as_json: bool) -> None:
    for number in numbers:
        act(number)
    if as_json:
        output.print_json({done: numbers})
    else:
        output.say(f"{done.capitalize()}: {', '.join(map(str, numbers)) or 'none, there are none'}")
