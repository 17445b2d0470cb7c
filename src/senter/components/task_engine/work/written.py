"""Looks through what was written for the user: results of goals and notes, the newest files first.

Every function blocks and belongs in a thread. Some milliseconds for hundreds of files.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from senter.messages.acts import ThingKind
from senter.messages.written import WrittenText
from senter.paths import Paths
from senter.text import cut

MOST_FILES = 500
LONGEST_READ_BYTES = 32 * 1024
LONGEST_TEXT = 12_000
LONGEST_LISTED = 400

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FIELD = re.compile(r"^(goal|number|title): (.+)$", re.MULTILINE)
_NOT_SAID = re.compile(r"^## How this came about$.*|^#{2,3} Sources$.*?(?=^#{1,3} |\Z)", re.MULTILINE | re.DOTALL)
_FILE_SOURCE = re.compile(r"^(\d+)\. .*: `/[^`]*`\s*$", re.MULTILINE)
"""A file in the list of what a result was made from."""
_TOOL_OF_TASK = re.compile(r"^\| \d+ \|.*\| (\w+) \| \w+ \| \d+ \|$", re.MULTILINE)
_SETS_SOMETHING = re.compile(r"note|remind|schedule_add|calendar_add|\w+_(?:change|remove|restore)")
"""Tools of tasks whose result says no more than what was set."""
_NOT_OF_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class _WrittenFile:
    kind: ThingKind
    path: Path
    modified: float


def search_written(paths: Paths, words: tuple[str, ...], limit: int) -> list[WrittenText]:
    """Those that have any of the words, at their beginnings; most of them first."""
    wanted = {word.casefold() for word in words if word}
    found = ((count, text) for text in _texts(paths) if (count := _count(wanted, text)))
    best = heapq.nlargest(limit, found, key=lambda one: (one[0], one[1].at))
    return [text for _, text in best]


def newest_notes(paths: Paths, limit: int) -> list[WrittenText]:
    """The beginnings of notes, the newest first."""
    notes = (file for file in _files(paths) if file.kind is ThingKind.NOTE)
    found = _read(heapq.nlargest(limit, notes, key=lambda file: file.modified))
    return [text.model_copy(update={"text": cut(text.text, LONGEST_LISTED)}) for text in found]


def _count(wanted: set[str], text: WrittenText) -> int:
    said = f" {_NOT_OF_WORDS.sub(' ', f'{text.title} {text.text}'.casefold())}"
    return sum(f" {word}" in said for word in wanted)


def _texts(paths: Paths) -> Iterator[WrittenText]:
    return _read(heapq.nlargest(MOST_FILES, _files(paths), key=lambda file: file.modified))


def _read(files: Iterable[_WrittenFile]) -> Iterator[WrittenText]:
    for file in files:
        with suppress(OSError), file.path.open("rb") as content:  # it may be gone, or not to be read
            text = content.read(LONGEST_READ_BYTES).decode(errors="replace")
            if not _only_sets(text):
                yield _written(file, text)


def _only_sets(text: str) -> bool:
    """Whether it is the result of a goal that set or changed something: that thing itself answers."""
    tools = _TOOL_OF_TASK.findall(text)
    return bool(tools) and all(map(_SETS_SOMETHING.fullmatch, tools))


def _files(paths: Paths) -> Iterator[_WrittenFile]:
    places = ((ThingKind.GOAL, "Focuses/*/results/*.md"), (ThingKind.NOTE, "notes/*.md"))
    for kind, pattern in places:
        for path in paths.data.glob(pattern):
            with suppress(OSError):
                if not path.is_symlink():
                    yield _WrittenFile(kind, path, path.stat().st_mtime)


def _written(file: _WrittenFile, content: str) -> WrittenText:
    head = _FRONT_MATTER.match(content)
    fields = {name: _string(value) for name, value in _FIELD.findall(head[1] if head else "")}
    said = _NOT_SAID.sub("", content[head.end() :] if head else content)
    return WrittenText(
        kind=file.kind,
        id=fields.get("number", file.path.name),
        title=fields.get("goal") or fields.get("title") or file.path.stem,
        path=str(file.path),
        at=datetime.fromtimestamp(file.modified, UTC),
        text=said.strip()[:LONGEST_TEXT],
        file_sources=tuple(_FILE_SOURCE.findall(content)),
    )


def _string(value: str) -> str:
    """What a line of the front matter says; strings are written as JSON."""
    with suppress(ValueError):
        return str(json.loads(value))
    return value
