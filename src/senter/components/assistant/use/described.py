"""Which command does what somebody asks how to do, by the commands' own names and descriptions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from senter.components.assistant.use.table import LONGEST, folded, use_file
from senter.sentences import ENGLISH, spoken
from senter.terminal.commands import COMMANDS

MOST_COMMANDS = 3
_ASKS = re.compile(
    r"(?:how (?:do|can|would|should|could) (?:i|we|you)|how to|which command|what command)\b(?P<rest>.*)"
)
_WORD = re.compile(r"[\w'-]+")


def command_for(text: str) -> str:
    """Commands whose descriptions have every word that tells something, a line each; empty where none or many have.
    A single word must be the command's name."""
    found = _ASKS.match(folded(text).strip()) if spoken() == ENGLISH and len(text) <= LONGEST else None
    telling = set(_WORD.findall(found["rest"])) - set(use_file().beside.split()) if found else set[str]()
    known = [*_commands(telling)] if telling else []
    return "\n".join(known) if len(known) <= MOST_COMMANDS else ""


def _commands(telling: set[str]) -> Iterator[str]:
    line, sought = use_file().says["command"], {_stem(word) for word in telling}
    for name, (_, summary) in COMMANDS.items():
        words = {_stem(word) for word in _WORD.findall(f"{name} {summary}".casefold())}
        if words.issuperset(sought) and (_stem(name) in sought or len(sought) > 1):
            yield line.format(command=f"senter {name}", summary=summary)


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word
