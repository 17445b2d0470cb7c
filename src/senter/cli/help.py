"""`senter help`, and what stands in the list of commands: groups of them, and what to say to words that are none."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

import click

from senter.errors import InvalidInput
from senter.terminal import output
from senter.terminal.commands import COMMANDS
from senter.terminal.options import json_option
from senter.terminal.words import no_such

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Ask and tell": ("shell", "ask", "query", "undo", "understand", "conversations"),
    "What is yours": ("setup", "calendar", "remind", "timer", "documents", "progress", "digest", "notify"),
    "Work": ("goal", "goals", "result", "task", "schedule", "approvals", "tools", "why", "audit", "panic"),
    "Keep it running": (
        "start",
        "stop",
        "restart",
        "status",
        "logs",
        "config",
        "models",
        "service",
        "dead-letters",
        "prove-crash",
        "version",
        "help",
    ),
}
OTHERS = "More"

FIRST_STEPS = """\
Senter is a personal assistant that runs on your own machine.

  senter ask "What is Python?"
  senter ask "Remind me to call mom tomorrow at 9"
  senter setup      your name, folders and calendar, in three questions
  senter status     what runs
  senter help       every command; senter help WORD for one, or about something"""

_ASKS = re.compile(
    r"(?:am|are|can|could|did|do|does|have|how|i|is|may|shall|should|tell|what|when|where|which|who|why|will)\b",
    re.IGNORECASE,
)
CLOSE = 0.75  # of difflib; 1 is the same


def grouped(summaries: Mapping[str, str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each group with its commands, by their names and summaries; what is in none comes last.

    Names are as wide as the widest, so that summaries stand in one column.
    """
    width = max(map(len, summaries))
    for title, names in GROUPS.items():
        yield title, [(name.ljust(width), summaries[name]) for name in names if name in summaries]
    listed = {name for names in GROUPS.values() for name in names}
    if others := [(name.ljust(width), summary) for name, summary in summaries.items() if name not in listed]:
        yield OTHERS, others


def not_understood(words: Sequence[str], known: Sequence[str]) -> str:
    """What to say where the first word is no command: which is near, and how to ask what reads like a sentence."""
    sentence = no_such("command", words[0], known)
    if not _reads_like_a_sentence(words):
        return sentence
    asked = f"senter ask {_quoted(' '.join(words))}"
    from difflib import get_close_matches

    if get_close_matches(words[0], known, n=1, cutoff=CLOSE):
        return f"{sentence} To ask or tell it something: {asked}"
    return f"To ask or tell Senter something: {asked}"


def _quoted(text: str) -> str:
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def _reads_like_a_sentence(words: Sequence[str]) -> bool:
    said = " ".join(words)
    count = len(said.split())
    return (count > 2 or (count > 1 and bool(_ASKS.match(said)))) and not any(word.startswith("-") for word in words)


@click.command(epilog="Examples: senter help, senter help goal add, senter help calendar")
@click.argument("topic", nargs=-1)
@json_option
@click.pass_context
def help_(context: click.Context, topic: tuple[str, ...], as_json: bool) -> None:
    """Show every command, one of them, or those about TOPIC."""
    if found := _command(context.find_root(), topic):
        text = found.get_help()
        output.print_result({"command": found.command_path, "help": text}, text, as_json=as_json)
        return
    about = {name: summary for name, (_, summary) in COMMANDS.items() if _is_about(" ".join(topic), name, summary)}
    if not about:
        raise InvalidInput(no_such("command", topic[0], COMMANDS), "See: senter help")
    rows = "".join(f"  {name:<14} {summary}\n" for name, summary in about.items())
    output.print_result({"commands": about}, f"{rows}More about each: senter help NAME", as_json=as_json)


def _command(root: click.Context, words: Sequence[str]) -> click.Context | None:
    """The context of the command that the words name; that of the whole program for none."""
    context = root
    for word in words:
        command = context.command.get_command(context, word) if isinstance(context.command, click.Group) else None
        if command is None:
            return None
        context = command.make_context(word, [], parent=context, resilient_parsing=True)
    return context


def _is_about(topic: str, name: str, summary: str) -> bool:
    """By the beginning of a word, so that `reminders` finds `remind`."""
    sought = topic.lower().rstrip("s")
    words = f"{name} {summary}".lower().replace(",", " ").replace(".", " ").split()
    return any(word.startswith(sought) or (len(word) > 3 and sought.startswith(word)) for word in words)
