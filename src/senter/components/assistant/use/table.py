"""Which question about the use of Senter a text is, each word accounted for: of `table_LANGUAGE.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, Field

from senter.sentences import ENGLISH, spoken

PACKAGE = "senter.components.assistant.use"
LONGEST = 160
"""Characters; whoever says more says more than this."""
_PATH = re.compile(r"""(?<![\w./~-])["']?(?P<path>(?:~|\.{1,2})?/[^\s"'?!;,]*|~)["']?(?=[\s,;.?!]|$)""")
_NAME_OF_FILE = re.compile(r"\.\w{1,5}$")
_WORD = re.compile(r"[\w'-]+")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\N{RIGHT SINGLE QUOTATION MARK}": "'"})


class AskedFile(BaseModel):
    """One thing that is asked, and what is said to it."""

    name: str
    says: list[str]
    beside: str = ""
    only: str = ""
    """All that may stand beside it, where that is less than usual."""
    answer: str = ""
    without: str = ""
    """What is said where the first of what is filled in is not known."""
    tell: str = ""
    """The topic that is told first, as `SenterFacts` has it."""
    shows: list[str] = Field(default_factory=list[str])
    """Settings that are shown below the answer."""


class SaidFile(BaseModel):
    """One setting that is said."""

    key: str
    kind: str
    patterns: list[str]
    said: str
    unknown: str = ""


class UseFile(BaseModel):
    """What stands in such a file."""

    beside: str
    asked: list[AskedFile]
    said: list[SaidFile]
    values: dict[str, str]
    shown: dict[str, str]
    around: dict[str, str]
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class UseQuestion:
    """What was asked, and the folder that was named."""

    asked: AskedFile
    path: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to ask: all groups, and no word that is in none of them and not in `beside`."""

    asked: AskedFile
    groups: tuple[re.Pattern[str], ...]
    beside: frozenset[str]

    def fits(self, text: str) -> bool:
        if not all(group.search(text) for group in self.groups):
            return False
        for group in self.groups:
            text = group.sub(" ", text)
        return self.beside.issuperset(_WORD.findall(text))


def question_of(text: str) -> UseQuestion | None:
    """The question that it is as a whole; none where it is another, or may be."""
    if len(text) > LONGEST or "\n" in text.strip():
        return None
    plain, path = _plain(text)
    if _WORD.search(_vocabulary(spoken()).sub(" ", plain)):
        return None
    found = next((form.asked for form in _forms(spoken()) if form.fits(plain)), None)
    return UseQuestion(found, path) if found else None


def use_file() -> UseFile:
    """Of the language that is spoken; of English where there is none of it."""
    return _file(spoken())


def folded(text: str) -> str:
    """In small letters, umlauts as two."""
    return text.casefold().translate(_FOLDED)


def _plain(text: str) -> tuple[str, str]:
    """In small letters, `PATH` for the folder that is named, and that folder. What looks like a file is none."""
    found = _PATH.search(text)
    path = found["path"].rstrip(".,") if found else ""
    if found and not _NAME_OF_FILE.search(path):
        text = f"{text[: found.start()]} PATHNAMED {text[found.end() :]}"
    else:
        path = ""
    return " ".join(_WORD.findall(folded(text))), path


@cache
def _file(language: str) -> UseFile:
    path = files(PACKAGE).joinpath(f"table_{language}.toml")
    return UseFile.model_validate(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else _file(ENGLISH)


@cache
def _forms(language: str) -> tuple[_Form, ...]:
    file = _file(language)
    return tuple(_form(file, asked, form) for asked in file.asked for form in asked.says)


@cache
def _vocabulary(language: str) -> re.Pattern[str]:
    """Every word that any of them has: nearly all texts have another."""
    file = _file(language)
    said = (each for asked in file.asked for form in asked.says for each in re.split(r" & |\|", form))
    beside = " ".join((file.beside, *(f"{asked.beside} {asked.only}" for asked in file.asked))).split()
    return _any({*said, *beside})


def _form(file: UseFile, asked: AskedFile, form: str) -> _Form:
    beside = asked.only or f"{file.beside} {asked.beside}"
    groups = tuple(_any(group.split("|")) for group in form.split(" & "))
    return _Form(asked, groups, frozenset(folded(beside).split()))


def _any(alternatives: Iterable[str]) -> re.Pattern[str]:
    """The longest first; a star is an ending."""
    words = sorted((folded(each.strip()) for each in alternatives), key=len, reverse=True)
    joined = "|".join(re.escape(word).replace(r"\*", r"[\w-]*") for word in words)
    return re.compile(rf"(?<![\w'-])(?:{joined.replace('path', 'pathnamed')})(?![\w'-])")
