"""`senter ask` (and `senter query`): a question in, an answer out, with the daemon started on the way."""

from __future__ import annotations

import os

import click

from senter.client import Client
from senter.client.types import QueryAnswer, TurnReply
from senter.components.assistant.commands.answer import view
from senter.components.assistant.commands.below import answer_back, offer_setup, show_below
from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.connecting import connect
from senter.terminal.options import json_option, small_option
from senter.terminal.turns import ONE, TurnSession, unread_turn
from senter.terminal.words import read_text_argument

NEWEST = ""

_EPILOG = (
    'Examples: senter {name} "What is Python?", senter {name} "Remind me to call mom tomorrow at 9", '
    'senter {name} -c ID "And who made it?", senter {name} - < text, '
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
    @small_option
    @json_option
    def ask(
        text: tuple[str, ...],
        conversation: str | None,
        resume: str | None,
        timeout: float,
        as_json: bool,
    ) -> None:
        """Ask a question, or say what is to be done. TEXT can be piped in, or read from standard input with `-`."""
        question = _question(text) if resume is None else ""
        if resume is not None and (text or conversation):
            raise InvalidInput("Either ask something or read an answer on.", "Try: senter ask --resume")
        client = connect()
        turn_id = os.urandom(16).hex() if question else _turn_to_resume(client, resume, quiet=as_json)
        answer = _read(TurnSession(client, turn_id, timeout), question, conversation, as_json=as_json)
        while not as_json and (more := answer_back(answer)):
            session = TurnSession(client, os.urandom(16).hex(), timeout)
            answer = _read(session, more, answer["conversation_id"], as_json=False)
        if not as_json:
            offer_setup()

    return ask


def _read(session: TurnSession, question: str, conversation: str | None, *, as_json: bool) -> QueryAnswer:
    """Ask, where there is a question, and show the answer."""
    with session.withdrawn_if_given_up():
        if question:
            session.begin(question, conversation)
        if as_json:
            answer = session.read()
            output.print_json(answer)
        else:
            with view() as shown:
                answer = session.read(shown)
            show_below(answer)
    session.done()
    return answer


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
