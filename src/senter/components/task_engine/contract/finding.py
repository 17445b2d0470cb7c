"""What came of a goal, in one sentence: what was done, by its receipt, else the first thing that was found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from senter.components.task_engine.contract.steps import TaskOutput
from senter.messages.acts import Receipt, ThingKind
from senter.text import one_line

LONGEST = 200
READ_CHARACTERS = 20_000
_CITED = re.compile(r"\s*\[\d{1,3}\]")
_MARKS = re.compile(r"^(?:[-*+]|\d{1,3}\.)\s+|[*`]{1,3}|(?<!\w)_+|_+(?!\w)")
_ABOUT_THE_TEXT = re.compile(r"#|>|```|\*[^*\s]|\*\*[^*]+\*\*$|\|[\s:|-]+\|?$|[^|]*:$")
"""Headings, remarks, rules of tables, and what only says that something follows."""
_SENTENCE = re.compile(r".{20,}?[.!?](?=\s|$)")


def what_was_done(outputs: Sequence[TaskOutput]) -> str:
    """Of the outputs that a person reads, where all are of calls that did something: the receipt, with its id."""
    receipts = [receipt for output in outputs for receipt in output.receipts]
    return _done(receipts) if receipts and all(output.receipts for output in outputs) else ""


def is_only_set(outputs: Sequence[TaskOutput]) -> bool:
    """Whether all of these are of calls that set or changed a reminder, an entry, a note, a job or a goal."""
    kinds = [receipt.kind for output in outputs for receipt in output.receipts]
    return bool(what_was_done(outputs)) and ThingKind.FILE not in kinds


def what_was_found(outputs: Sequence[TaskOutput]) -> str:
    """The first sentence with a source; else the first sentence. Empty where nothing is said."""
    return next(filter(None, (first_finding(output.text) for output in outputs)), "")


def first_finding(text: str) -> str:
    """In plain words, without the numbers of sources."""
    lines = list(_lines(text[:READ_CHARACTERS]))
    found = next((line for line in lines if _CITED.search(line)), None) or next(iter(lines), "")
    return one_line(_plain(found), LONGEST)


def _done(receipts: Sequence[Receipt]) -> str:
    more = len(receipts) - 1
    return receipts[0].done + (f"; and {more:,} more" if more else "")


def _lines(text: str) -> Iterator[str]:
    stripped = (line.strip() for line in text.splitlines())
    return (line for line in stripped if any(map(str.isalnum, line)) and not _ABOUT_THE_TEXT.match(line))


def _plain(line: str) -> str:
    """A row of a table is the sentences in its cells; of another line, its first sentence."""
    if line.startswith("|"):
        return " ".join(_bare(cell) for cell in _cells(line))
    cited = _CITED.search(line)
    bare = _bare(line[: cited.start()] if cited else line)
    sentence = _SENTENCE.match(bare)
    return sentence[0] if sentence and not cited else bare


def _cells(row: str) -> Iterable[str]:
    """Without the first, which names the row."""
    return [cell for cell in row.strip("|").split("|")[1:] if cell.strip()]


def _bare(text: str) -> str:
    return _MARKS.sub("", _CITED.sub("", text).strip()).strip()
