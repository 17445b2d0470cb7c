"""The language that a text is read in: told once where a text comes in, known to all that reads it.

Each language is a file of words; `speaking("de")` holds for what is called inside it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

ENGLISH = "en"
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def spoken() -> str:
    """The two letters of the language that is read just now."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Read what follows in that language; there must be words for it."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)
