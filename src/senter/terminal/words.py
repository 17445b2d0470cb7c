"""What a person gives a command to work on: typed as words, or piped in."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from senter.errors import InvalidInput


def given_text(words: Sequence[str], name: str, nothing: InvalidInput) -> str:
    """The words as one text; standard input for `-`, or for no words when something is piped in.

    `name` is what the text is called in a sentence. Raises `nothing` for an empty one, `InvalidInput` for what
    is not UTF-8.
    """
    piped = list(words) == ["-"] or (not words and not sys.stdin.isatty())
    text = _standard_input(name) if piped else " ".join(words)
    if not text.strip():
        raise nothing
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _not_utf8(name) from error
    return text


def _standard_input(name: str) -> str:
    """Bytes, so that what is UTF-8 does not depend on the locale."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(name) from error


def _not_utf8(name: str) -> InvalidInput:
    return InvalidInput(f"{name} is not valid UTF-8 text.", "Save or send it as UTF-8.")
