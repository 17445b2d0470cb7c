"""What stands below an answer, and the offer to answer what it asks back."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from senter.client.types import QueryAnswer
from senter.files import make_mark
from senter.paths import from_environment
from senter.sentences import phrase, told
from senter.terminal import output
from senter.terminal.turns import SHOWN_ID

OFFER = "New here? senter setup asks for your name, folders and calendar."


def show_below(answer: QueryAnswer) -> None:
    """What is to be known beside the answer: where it stands, why it is cut, who gave it."""
    if cut := _why_cut(answer):
        output.note(output.printable(cut))
    why = answer.get("degraded_reason") or "a lesser model answered"
    degraded = phrase("degraded: {why}", why=why) if answer["degraded"] else ""
    if not output.is_terminal():
        if degraded:
            output.note(output.printable(degraded))
        return
    for line in _places(answer):
        output.say(output.styled(output.one_line(line), output.FAINT))
    conversation = phrase("conversation {id}", id=answer["conversation_id"][:SHOWN_ID])
    facts = [
        told(answer["model"]),
        f"{answer['latency_seconds']:.1f} s",
        conversation,
        *([degraded] if degraded else []),
    ]
    line = " \N{MIDDLE DOT} ".join(facts)
    output.say(output.styled(output.printable(line), output.FAINT))


def offer_setup() -> None:
    """Once, to a person who has an answer and has set nothing."""
    mark = from_environment().setup_offered
    if mark.exists() or not (output.is_terminal() and sys.stdin.isatty()):
        return
    with suppress(OSError):  # a disk that is full; then it is offered again
        make_mark(mark)
    output.say(output.styled(OFFER, output.FAINT))


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


def answer_back(answer: QueryAnswer) -> str:
    """What a person in front of a terminal answers: the sentence of a choice, or words; empty leaves it open."""
    asks = answer.get("asks")
    if not asks or not (output.is_terminal() and sys.stdin.isatty()):
        return ""
    choices = asks["alternatives"]
    offer = (
        "A number, or in your own words; nothing leaves it open"
        if choices
        else "In your own words; nothing leaves it open"
    )
    try:
        said = click.prompt(offer, default="", show_default=False, err=True).strip()
    except click.Abort:
        return ""
    number = int(said) if said.isascii() and said.isdigit() else 0
    return choices[number - 1]["says"] if 1 <= number <= len(choices) else said


def _places(answer: QueryAnswer) -> list[str]:
    """A line for each file that it rests on; what has a number says so in the answer itself."""
    files = [quoted for quoted in answer.get("sources", []) if quoted["address"].startswith("/")]
    return [f"{quoted['source']}: {quoted['address']}" for quoted in files]
