"""What Senter says to people, in the language that is spoken: English sentences, and a file of each other language.

A sentence stands in the code in English; `LANGUAGE.toml` beside this file has it in others. What a file lacks is said
in English.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
"""Those there are words for."""
FOLDER = Path(__file__).parent
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def phrase(sentence: str, /, **values: object) -> str:
    """An English sentence in the language that is spoken, `{name}` in it replaced by that value."""
    found = _sentences(_SPOKEN.get()).get(sentence, sentence)
    return found.format(**values) if values else found


def spoken() -> str:
    """The language that is spoken here, such as `de`: that of the task that asks, and of all that it starts."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Generator[None]:
    """What is said meanwhile is said in that language; English where it is empty."""
    before = _SPOKEN.set(language or ENGLISH)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


@cache
def languages() -> tuple[str, ...]:
    """Those that Senter's sentences are there in."""
    return tuple(sorted((ENGLISH, *(path.stem for path in FOLDER.glob("*.toml")))))


@cache
def _sentences(language: str) -> Mapping[str, str]:
    if language == ENGLISH or language not in languages():
        return {}
    import tomllib  # English, which most commands speak, needs no file

    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
