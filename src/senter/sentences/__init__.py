"""What Senter says to people, in the language that is spoken: English sentences, and files of each other language.

A sentence stands in the code in English. `LANGUAGE.toml` beside this file has those that are said by `phrase`, which
knows the sentence; `told/LANGUAGE.toml` has those that come finished, such as errors of other processes, and are put
into the language where a person reads them. What a file lacks is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from string import Formatter

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")
"""Those there are words for."""
FOLDER = Path(__file__).parent
TOLD_WITHIN = frozenset({"why", "problem", "reason", "lacks", "rest", "state", "needs", "outcome"})
"""Places of a sentence that hold a sentence of Senter's."""
PLACES = {"path": r"[~/].*?", "count": r"[\d.,]+", "id": r"\S+", "number": r"\d+", "seconds": r"[\d.]+"}
"""What stands in a place of that name; in any other stands anything."""
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def phrase(sentence: str, /, **values: object) -> str:
    """An English sentence in the language that is spoken, `{name}` in it replaced by that value."""
    found = _sentences(_SPOKEN.get()).get(sentence, sentence)
    return found.format(**{name: _within(name, value) for name, value in values.items()}) if values else found


def told(text: str) -> str:
    """A finished English sentence of Senter's in the language that is spoken; any other text as it is."""
    language = _SPOKEN.get()
    if not text or language == ENGLISH:
        return text
    return _sentences(language).get(text) or _told(language, text)


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


def _told(language: str, text: str) -> str:
    for pattern, said in _patterns(language):
        if found := pattern.fullmatch(text):
            return said.format(**{name: _within(name, value) for name, value in found.groupdict().items()})
    return text


def _within(name: str, value: object) -> object:
    return told(value) if name in TOLD_WITHIN and isinstance(value, str) else value


@cache
def _sentences(language: str) -> Mapping[str, str]:
    return {} if language == ENGLISH or language not in languages() else _table(FOLDER / f"{language}.toml")


@cache
def _patterns(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """The sentences that say most first; those that begin with anything last."""
    file = FOLDER / "told" / f"{language}.toml"
    table: Mapping[str, str] = _table(file) if file.exists() else {}
    return [(_pattern(text), table[text]) for text in sorted(table, key=_said, reverse=True)]


def _said(sentence: str) -> tuple[bool, int]:
    return sentence[:1] != "{", sum(len(text) for text, *_ in Formatter().parse(sentence))


def _pattern(sentence: str) -> re.Pattern[str]:
    """What has its words, with anything in its places."""
    parts, seen = list[str](), set[str]()
    for text, name, *_ in Formatter().parse(sentence):
        parts.append(re.escape(text))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{PLACES.get(name, '.+?')})")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _table(file: Path) -> Mapping[str, str]:
    import tomllib  # English, which most commands speak, needs no file

    return tomllib.loads(file.read_text("utf-8"))
