"""`senter ask` (and `senter query`): a question in, an answer out, with the daemon started on the way."""

from __future__ import annotations

from contextlib import closing

import click

from senter.client import Client, Piece, ProgressLine
from senter.client.types import QueryAnswer
from senter.components.assistant.commands.answer import AnswerView, view
from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option, no_start_option, small_option
from senter.terminal.words import read_text_argument

SHOWN_ID = 8  # characters; `-c` takes the beginning of an id

_EPILOG = 'Examples: senter {name} "What is Python?", senter {name} -c ID "And who made it?", senter {name} - < text'


def _command(name: str) -> click.Command:
    """The same command under two names."""

    @click.command(name, epilog=_EPILOG.format(name=name))
    @click.argument("text", nargs=-1)
    @click.option("-c", "--conversation", metavar="ID", help="Go on with this conversation.")
    @click.option(
        "--timeout", default=300.0, type=click.FloatRange(min=0.1), metavar="SECONDS", help="How long to wait (300)."
    )
    @no_start_option
    @small_option
    @json_option
    def ask(text: tuple[str, ...], conversation: str | None, timeout: float, no_start: bool, as_json: bool) -> None:
        """Ask a question. TEXT can be piped in, or read from standard input with `-`."""
        nothing = InvalidInput("Say what to ask.", 'Try: senter ask "What is Python?"')
        question = read_text_argument(text, "The question", nothing)
        client = connect(start=not no_start)
        if as_json:
            output.print_json(client.ask(question, conversation_id=conversation, timeout_seconds=timeout))
            return
        with view() as shown:
            answer = _follow(client, shown, question, conversation, timeout)
        _show_below(answer)

    return ask


ask = _command("ask")
query = _command("query")


def _follow(client: Client, shown: AnswerView, question: str, conversation: str | None, timeout: float) -> QueryAnswer:
    """Closing the stream, as an interruption does, cancels the question."""
    with closing(client.ask_stream(question, conversation_id=conversation, timeout_seconds=timeout)) as events:
        for event in events:
            match event:
                case ProgressLine():
                    shown.progress(event.text)
                case Piece():
                    shown.piece(event.attempt, event.offset, event.text)
                case _:
                    shown.final(event["response"])
                    return event
    raise AssertionError("a stream ends with an answer or an error")


def _show_below(answer: QueryAnswer) -> None:
    degraded = f"degraded: {answer.get('degraded_reason') or 'a lesser model answered'}" if answer["degraded"] else ""
    if not output.is_terminal():
        if degraded:
            output.note(output.printable(degraded))
        return
    conversation = f"conversation {answer['conversation_id'][:SHOWN_ID]}"
    facts = [answer["model"], f"{answer['latency_seconds']:.1f} s", conversation, *([degraded] if degraded else [])]
    line = " \N{MIDDLE DOT} ".join(facts)
    output.say(output.styled(output.printable(line), output.FAINT))
