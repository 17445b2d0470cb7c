"""What a line that was typed is: a question, a command, a way out, or nothing."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from senter.errors import InvalidInput

SLASH = "/"


@dataclass(frozen=True, slots=True)
class Question:
    """To be asked as it was typed; one paste of many lines is one question."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command line without its slash; the first word is the command's name."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.words[0]


Entry = Question | Command | None


def read_entry(typed: str) -> Entry:
    """None for a line with nothing on it. Raises `InvalidInput` for a quotation mark that is not closed."""
    text = typed.strip()
    if not text:
        return None
    if not _is_command(text):
        return Question(text)
    try:
        words = shlex.split(text[len(SLASH) :])
    except ValueError:
        raise InvalidInput(
            "A quotation mark is not closed.", "Close it, or leave it out: /ask takes words as they are."
        ) from None
    return Command(tuple(words)) if words else None


def _is_command(text: str) -> bool:
    """A path, as in `/home/ada/notes.md is where I keep them`, is the beginning of a sentence."""
    first = text.split(maxsplit=1)[0]
    return first.startswith(SLASH) and "/" not in first[1:] and "\n" not in text
