"""`senter ask` (and `senter query`): a question in, an answer out, with the daemon started on the way."""

from __future__ import annotations

import os

import click

from senter.client import Client
from senter.client.types import QueryAnswer, TurnReply
from senter.components.assistant.commands.answer import view
from senter.components.assistant.commands.turn import ONE, SHOWN_ID, TurnSession, unread_turn
from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option, no_start_option, small_option
from senter.terminal.words import read_text_argument

NEWEST = ""

_EPILOG = (
    'Examples: senter {name} "What is Python?", senter {name} -c ID "And who made it?", senter {name} - < text, '
    "senter {name} --resume. Ctrl-C withdraws the question; one whose terminal was lost is answered all the same."
)


def _command(name: str) -> click.Command:
    """The same command under two names."""

    @click.command(name, epilog=_EPILOG.format(name=name))
    @click.argument("text", nargs=-1)
    @click.option("-c", "--conversation", metavar="ID", help="Go on with this conversation.")
    @click.option(
        "--resume",
        is_flag=False,
        flag_value=NEWEST,
        metavar="[TURN]",
        help="Show the newest answer that nobody has read to its end, or that of TURN.",
    )
    @click.option(
        "--timeout", default=300.0, type=click.FloatRange(min=0.1), metavar="SECONDS", help="How long to wait (300)."
    )
    @no_start_option
    @small_option
    @json_option
    def ask(
        text: tuple[str, ...],
        conversation: str | None,
        resume: str | None,
        timeout: float,
        no_start: bool,
        as_json: bool,
    ) -> None:
        """Ask a question. TEXT can be piped in, or read from standard input with `-`."""
        question = _question(text) if resume is None else ""
        if resume is not None and (text or conversation):
            raise InvalidInput("Either ask something or read an answer on.", "Try: senter ask --resume")
        client = connect(start=not no_start)
        turn_id = os.urandom(16).hex() if question else _turn_to_resume(client, resume, quiet=as_json)
        session = TurnSession(client, turn_id, timeout)
        with session.withdrawn_if_given_up():
            if question:
                session.begin(question, conversation)
            if as_json:
                output.print_json(session.read())
            else:
                with view() as shown:
                    answer = session.read(shown)
                _show_below(answer)
        session.done()

    return ask


ask = _command("ask")
query = _command("query")


def _question(words: tuple[str, ...]) -> str:
    nothing = InvalidInput("Say what to ask.", 'Try: senter ask "What is Python?"')
    return read_text_argument(words, "The question", nothing)


def _turn_to_resume(client: Client, named: str | None, *, quiet: bool) -> str:
    """Its id. The question is shown to people, who may have forgotten it."""
    turn = client.get(ONE, TurnReply, turn_id=named) if named else unread_turn(client)
    if output.is_terminal() and not quiet:
        output.say(output.styled(output.printable(f"> {turn['text']}"), output.FAINT))
    return turn["id"]


def _show_below(answer: QueryAnswer) -> None:
    if cut := _why_cut(answer):
        output.note(output.printable(cut))
    degraded = f"degraded: {answer.get('degraded_reason') or 'a lesser model answered'}" if answer["degraded"] else ""
    if not output.is_terminal():
        if degraded:
            output.note(output.printable(degraded))
        return
    conversation = f"conversation {answer['conversation_id'][:SHOWN_ID]}"
    facts = [answer["model"], f"{answer['latency_seconds']:.1f} s", conversation, *([degraded] if degraded else [])]
    line = " \N{MIDDLE DOT} ".join(facts)
    output.say(output.styled(output.printable(line), output.FAINT))


def _why_cut(answer: QueryAnswer) -> str:
    """What happened to an answer that was cut off, and how to get the rest; empty for one that is whole."""
    go_on = f'senter ask -c {answer["conversation_id"][:SHOWN_ID]} "Go on."'
    match answer.get("cut_off"):
        case "length":
            return f"The answer was cut off at its longest length. Get more with: {go_on}"
        case "content_filter":
            return "The answer was cut off by the content filter of the model's provider. Ask in other words."
        case _:
            return ""
