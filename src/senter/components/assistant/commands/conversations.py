"""`senter conversations`: look back at what was asked and answered, take it along, remove it."""

from __future__ import annotations

from pathlib import Path

import click

from senter.client.types import Conversation, Conversations, Turn
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.groups import ListGroup
from senter.terminal.options import file_option, json_option, limit_option, prints, yes_option
from senter.terminal.output_file import output_file

ONE = "/api/conversations/{conversation_id}"

_ENDINGS = {
    "answering": "The answer is being written.",
    "failed": "There is no answer",
    "cancelled": "It was cancelled",
    "interrupted": "The answer was interrupted",
}

id_argument = click.argument("conversation_id", metavar="ID")


@click.group(cls=ListGroup, epilog="Examples: senter conversations, senter conversations show 01JD")
def conversations() -> None:
    """List, show, export and delete conversations."""


def _show_list(found: Conversations) -> None:
    empty = 'There are no conversations yet. Begin one with: senter ask "What is Python?"'
    rows = found["conversations"]
    cells = [(row["id"], output.past(row["updated_at"]), str(row["turns"]), row["title"]) for row in rows]
    output.print_table(("Id", "Changed", "Turns", "Title"), cells, empty=empty)


@conversations.command("list", epilog="Example: senter conversations list --limit 5")
@limit_option(50)
@prints(_show_list)
def list_(limit: int) -> Conversations:
    """List conversations, the most recently changed first."""
    return connect().get("/api/conversations", Conversations, limit=limit)


def _show(found: Conversation) -> None:
    text = _markdown(found)
    if output.is_terminal():
        from rich.markdown import Markdown

        output.console().print(Markdown(output.printable(text)))
    else:
        output.say(text)


@conversations.command(epilog="Example: senter conversations show 01JD")
@id_argument
@prints(_show)
def show(conversation_id: str) -> Conversation:
    """Show one conversation; the beginning of its ID is enough."""
    return connect().get(ONE, Conversation, conversation_id=conversation_id)


@conversations.command(epilog="Examples: senter conversations export 01JD, senter conversations export 01JD -o talk.md")
@id_argument
@click.option(
    "--format", "form", default="markdown", show_default=True, type=click.Choice(["markdown", "json"]), help="How."
)
@file_option
@json_option
def export(conversation_id: str, form: str, file: Path | None, as_json: bool) -> None:
    """Export one conversation as Markdown or JSON."""
    found = connect().get(ONE, Conversation, conversation_id=conversation_id)
    text = output.json_text(found, indent=2) if as_json or form == "json" else _markdown(found)
    if file is None:
        output.say(text)
        return
    with output_file(file) as whole:
        whole.write(text + "\n")
    output.note(f"Written: {file}")


@conversations.command(epilog="Example: senter conversations delete 01JD --yes")
@id_argument
@yes_option
@json_option
def delete(conversation_id: str, yes: bool, as_json: bool) -> None:
    """Delete one conversation for good."""
    client = connect()
    summary = client.get(ONE, Conversation, conversation_id=conversation_id)["summary"]
    question = f'Delete "{output.printable(summary["title"])}" ({summary["turns"]} turns) for good?'
    if not yes and not output.confirm(question):
        output.note("Nothing was deleted.")
        return
    client.delete(ONE, conversation_id=summary["id"])
    output.print_result({"deleted": summary["id"]}, f"Deleted: {summary['id']}", as_json=as_json)


def _markdown(found: Conversation) -> str:
    """Questions as quotations, answers as they are, and what became of those that have none."""
    parts = [f"# {found['summary']['title']}"]
    if found["truncated"]:
        parts.append("*Older turns are left out.*")
    for turn in found["turns"]:
        parts.extend(_turn(turn))
    return "\n\n".join(parts)


def _turn(turn: Turn) -> list[str]:
    quoted = "\n".join(f"> {line}".rstrip() for line in turn["text"].splitlines() or [""])
    parts = [f"## {output.moment(turn['asked_at'])}", quoted]
    if turn["response"]:
        parts.append(turn["response"])
    ending = _ENDINGS.get(turn["state"])
    if ending:
        parts.append(f"*{ending}{': ' + turn['error'] if turn['error'] else ''}*")
    elif turn["model"]:
        parts.append(f"*{turn['model']}{', degraded' if turn['degraded'] else ''}*")
    return parts
