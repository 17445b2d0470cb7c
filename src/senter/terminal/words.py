"""What a person types: text to work on, which may be piped in, and names that are not there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from senter.errors import InvalidInput


def read_text_argument(words: Sequence[str], name: str, nothing: InvalidInput) -> str:
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


def no_such(kind: str, name: str, known: Iterable[str]) -> str:
    """Says that there is no such thing, and which one may have been meant."""
    from difflib import get_close_matches

    typed, names = name.lower(), list(known)
    begun = [one for one in names if len(typed) > 1 and one.startswith(typed)]
    close = [*get_close_matches(typed, names, n=1), *begun]
    return f"There is no {kind} {name!r}." + (f" Did you mean {close[0]}?" if close else "")
