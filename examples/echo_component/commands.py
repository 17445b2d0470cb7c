"""`senter echo`: has something said again."""

from __future__ import annotations

from typing import TypedDict

import click

from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import prints
from senter.terminal.words import read_text_argument


class EchoReply(TypedDict):
    """What `POST /api/echo` answers."""

    text: str
    count: int


def _show(reply: EchoReply) -> None:
    output.say(output.printable(reply["text"]))


@click.command(epilog='Example: senter echo "Good morning"')
@click.argument("text", nargs=-1)
@prints(_show)
def echo(text: tuple[str, ...]) -> EchoReply:
    """Have TEXT said again."""
    nothing = InvalidInput("Write what to say again.", "Try: senter echo hi")
    said = read_text_argument(text, "The text", nothing)
    return connect().post("/api/echo", EchoReply, text=said)
