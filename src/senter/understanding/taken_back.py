"""What the end of a text takes back: `wake me at 7. no, forget it`, `lunch on friday, oh wait, never mind`."""

from __future__ import annotations

from senter.understanding.lexicon import lexicon
from senter.understanding.masking import masked

LONGEST = 120
"""Characters that take something back."""


def before_taken_back(text: str) -> str:
    """What is said before them; empty where nothing is taken back."""
    tail = text[-LONGEST:]
    found = lexicon().cuts["taken_back"].search(masked(tail, ()))
    return text[: len(text) - len(tail) + found.start()] if found else ""
