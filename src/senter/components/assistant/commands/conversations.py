"""`senter conversations`: look back at what was asked and answered, take it along, remove it."""

from __future__ import annotations

from pathlib import Path

import click

from senter.client import Client
from senter.client.types import Conversation, Conversations
from senter.components.assistant.commands.transcript import as_markdown
from senter.paths import from_environment
from senter.terminal import output
from senter.terminal.groups import ListGroup
from senter.terminal.output_file import output_file

ONE = "/api/conversations/{conversation_id}"

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group(cls=ListGroup, epilog="Examples: senter conversations, senter conversations show 01JD")
def conversations() -> None:
    """List, show, export and delete conversations."""


@conversations.command("list", epilog="Example: senter conversations list --limit 5")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List conversations, the most recently changed first."""
    rows = Client(from_environment()).get("/api/conversations", Conversations, limit=limit)["conversations"]
    if as_json:
        output.print_json({"conversations": rows})
    elif rows:
        output.print_table(
            ("Id", "Changed", "Turns", "Title"),
            [(row["id"], output.moment(row["updated_at"]), str(row["turns"]), row["title"]) for row in rows],
        )
    else:
        output.say('There are no conversations yet. Begin one with: senter ask "What is Python?"')


@conversations.command(epilog="Example: senter conversations show 01JD")
@click.argument("conversation_id", metavar="ID")
@json_option
def show(conversation_id: str, as_json: bool) -> None:
    """Show one conversation; the beginning of its ID is enough."""
    found = _conversation(conversation_id)
    if as_json:
        output.print_json(found)
    elif output.is_terminal():
        from rich.markdown import Markdown

        output.console().print(Markdown(output.printable(_markdown(found))))
    else:
        output.say(_markdown(found))


@conversations.command(epilog="Examples: senter conversations export 01JD, senter conversations export 01JD -o talk.md")
@click.argument("conversation_id", metavar="ID")
@click.option(
    "--format", "form", default="markdown", show_default=True, type=click.Choice(["markdown", "json"]), help="How."
)
@click.option("-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where; else printed.")
@json_option
def export(conversation_id: str, form: str, file: Path | None, as_json: bool) -> None:
    """Export one conversation as Markdown or JSON."""
    found = _conversation(conversation_id)
    text = output.json_text(found, indent=2) if as_json or form == "json" else _markdown(found)
    if file is None:
        output.say(text)
        return
    with output_file(file) as whole:
        whole.write(text + "\n")
    output.note(f"Written: {file}")


@conversations.command(epilog="Example: senter conversations delete 01JD --yes")
@click.argument("conversation_id", metavar="ID")
@click.option("-y", "--yes", is_flag=True, help="Do not ask first.")
@json_option
def delete(conversation_id: str, yes: bool, as_json: bool) -> None:
    """Delete one conversation for good."""
    summary = _conversation(conversation_id)["summary"]
    if not yes:
        question = f'Delete "{output.printable(summary["title"])}" ({summary["turns"]} turns) for good?'
        if not output.confirm(question):
            output.note("Nothing was deleted.")
            return
    Client(from_environment()).delete(ONE, conversation_id=summary["id"])
    if as_json:
        output.print_json({"deleted": summary["id"]})
    else:
        output.say(f"Deleted: {summary['id']}")


def _conversation(conversation_id: str) -> Conversation:
    return Client(from_environment()).get(ONE, Conversation, conversation_id=conversation_id)


def _markdown(found: Conversation) -> str:
    return as_markdown(found)
