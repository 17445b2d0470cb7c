"""The papers of a household and what is asked about them, of `tests/sets/papers` and `papers.jsonl`.

Texts are files as they are; what is binary is built from `NAME.docx.txt` and its like, once the reader knows its kind,
and is read as that text until then.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict

from senter.components.assistant.own_things import FoundThings
from senter.components.documents.walking import kind_of
from senter.messages.query import Quoted
from tests.support.office_files import BUILDERS

SETS = Path(__file__).parent.parent / "sets"
SOURCES = SETS / "papers"
STUDIO = SETS / "studio"
MODIFIED_AT = 1_780_300_800
"""All at once, so that names and texts have to tell which is newer: 1 June 2026."""
FIRST_LINES = 3
"""What a person reads of an answer before looking for themselves."""
OTHER_VERSION = re.compile("; (?:it is (?:newer|older) than|neuer als|älter als)")  # codespell:ignore


class PaperQuestion(BaseModel):
    """A question, where its answer stands, and what the sentence that is shown must say."""

    model_config = ConfigDict(frozen=True)

    id: str
    held: bool
    """Whether it was written before the rules and is not looked at when they are made."""
    text: str
    sources: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    """Of ways to write it, such as `3,675|3675`, one."""
    lacks: tuple[str, ...] = ()
    declines: bool = False
    """Whether nothing answers it."""

    def has_source(self, address: str) -> bool:
        name = address.removesuffix(".txt")
        return any(name.endswith(f"/{source.removesuffix('.txt')}") for source in self.sources)

    def is_right_first(self, quotes: Sequence[Quoted]) -> bool:
        """Whether what is quoted first stands in a right source, or nothing is where nothing answers."""
        return not quotes if self.declines else bool(quotes) and self.has_source(quotes[0].address)

    def is_shown(self, quotes: Sequence[Quoted], total: str = "") -> bool:
        """Whether the first lines of right sources say what they must, and the first nothing that it must not: what an
        older paper says is named after it."""
        if self.declines:
            return not quotes
        first = OTHER_VERSION.split(quotes[0].quote)[0] if quotes else ""
        lines = [line.quote for line in quotes[:FIRST_LINES] if self.has_source(line.address)]
        said = " ".join((*lines, total)) if lines else ""
        has_all = all(any(way in said for way in one.split("|")) for one in self.has)
        return not any(map(first.__contains__, self.lacks)) and has_all and bool(lines)


def paper_questions() -> tuple[PaperQuestion, ...]:
    return _questions(SETS / "papers.jsonl")


def german_questions() -> tuple[PaperQuestion, ...]:
    """About the German papers, in German."""
    return _questions(SETS / "de" / "papers.jsonl")


def studio_questions() -> tuple[PaperQuestion, ...]:
    """About the papers of another family, a designer's, in German and English."""
    return _questions(STUDIO / "questions.jsonl")


def _questions(path: Path) -> tuple[PaperQuestion, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(PaperQuestion.model_validate(json.loads(line)) for line in lines)


def shown(found: FoundThings) -> tuple[Quoted, ...]:
    """What a person reads: the answers, else what comes nearest; nothing of these answers what nothing does."""
    return found.answers or found.nearest


def paper_texts(folder: Path = SOURCES) -> dict[str, str]:
    """By the names that they are looked up under."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {_name(path, folder): path.read_text(encoding="utf-8") for path in files}


def write_papers(folder: Path) -> None:
    """As files of their kinds, where the reader knows them."""
    _write(paper_texts(), folder)


def _write(texts: Mapping[str, str], folder: Path) -> None:
    for name, text in texts.items():
        path = folder / (name if _is_read(name) else f"{name}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        build = BUILDERS.get(path.suffix)
        path.write_bytes(build(text) if build else text.encode())
        os.utime(path, (MODIFIED_AT, MODIFIED_AT))


def write_german_papers(folder: Path) -> None:
    """Those of `tests/sets/de/papers`, and of the household those that are in German."""
    texts = {name: text for name, text in paper_texts().items() if name.startswith("club/")}
    others = {path.name: path.read_text(encoding="utf-8") for path in (SETS / "de" / "papers").iterdir()}
    _write({**texts, **others}, folder)


def write_studio_papers(folder: Path) -> None:
    _write(paper_texts(STUDIO / "papers"), folder)


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    source = name.removesuffix(".txt")
    return source if PurePath(source).suffix in BUILDERS else name


def _is_read(name: str) -> bool:
    return kind_of(PurePath(name)) is not None
