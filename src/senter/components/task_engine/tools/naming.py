"""Names of files that tools make: what a person recognises, then what tells one call from another."""

from __future__ import annotations

import re

WORDS_CHARACTERS = 60
KEY_CHARACTERS = 8


def file_name(words: str, key: str, ending: str) -> str:
    """The same for every attempt at one call."""
    plain = re.sub(r"[^\w]+", "-", words.lower()).strip("-_")[:WORDS_CHARACTERS].rstrip("-_")
    return f"{plain or 'untitled'}-{key[:KEY_CHARACTERS]}{ending}"
