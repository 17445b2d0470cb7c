"""What a line that was typed is: a question, a command, a way out, or nothing."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from senter.errors import InvalidInput
from senter.terminal.commands import COMMANDS

PROGRAM, SLASH = "senter", "/"


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """To be asked as it was typed; one paste of many lines is one question."""

    text: str


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command line without its slash; the first word is the command's name."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.words[0]


Entry = TypedQuestion | TypedCommand | None


def read_entry(typed: str) -> Entry:
    """None for a line with nothing on it. Raises `InvalidInput` for a quotation mark that is not closed."""
    text = typed.strip()
    if not text:
        return None
    line = _command_line(text)
    if line is None:
        return TypedQuestion(text)
    try:
        words = shlex.split(line)
    except ValueError:
        raise InvalidInput(
            "A quotation mark is not closed.", "Close it, or leave it out: /ask takes words as they are."
        ) from None
    return TypedCommand(tuple(words)) if words else None


def _command_line(text: str) -> str | None:
    """Without its slash; None for a sentence, which may begin with a path.

    `senter goals`, as hints have it, is meant as it is elsewhere.
    """
    first, _, rest = text.partition(" ")
    if "\n" in text:
        return None
    if first == PROGRAM and rest.split(maxsplit=1)[:1] and rest.split()[0] in COMMANDS:
        return rest
    is_path = "/" in first[len(SLASH) :]
    return text[len(SLASH) :] if first.startswith(SLASH) and not is_path else None
