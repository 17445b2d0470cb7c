"""What came of a goal, in one sentence: what was done, by its receipt, else the first thing that was found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from senter.components.task_engine.contract.steps import TaskOutput
from senter.messages.acts import Receipt, ThingKind
from senter.sentences import phrase
from senter.text import one_line

LONGEST = 200
READ_CHARACTERS = 20_000
_CITED = re.compile(r"\s*\[\d{1,3}\]")
_MARKS = re.compile(r"^(?:[-*+]|\d{1,3}\.)\s+|[*`]{1,3}|(?<!\w)_+|_+(?!\w)")
_ABOUT_THE_TEXT = re.compile(r"#|>|```|\*[^*\s]|\*\*[^*]+\*\*$|\|[\s:|-]+\|?$|[^|]*:$")
"""Headings, remarks, rules of tables, and what only says that something follows."""
_SENTENCE = re.compile(r".{20,}?(?<!\s\d)(?<!\s\d\d)(?<!\b[A-Za-z])[.!?](?=\s+[^\sa-z\d]|\s*$)")
"""Neither "14. Dez. 2026" nor "z. B." ends one."""
_LINK = re.compile(r"!?\[([^\]\[]+)\]\([^)\s]*\)")
_CELLS = re.compile(r".*\t|.*\S \| \S|.*?[^\s,;]+([,;])[^\s,;]+\1[^\s,;]")
_JSON = re.compile(r"[\[{]\s*[\"{\[]")
_WORDS_OF_A_SENTENCE = 3


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
    """In plain words, without the numbers of sources. Of what is a table alone: how many rows it has."""
    lines = [line for line in _lines(text[:READ_CHARACTERS]) if not _JSON.match(line)]
    said = [line for line in lines if not _is_row(line)]
    found = next((line for line in said if _CITED.search(line)), None) or next(iter(said), "")
    return one_line(_plain(found), LONGEST) if found else _table_of(len(lines) - 1)


def _is_row(line: str) -> bool:
    """Whether it is one of a table, whose cells are no sentences."""
    if line.startswith("|"):
        return not any(map(_says_something, map(_bare, _cells(line))))
    return bool(_CELLS.match(_bare(line)))


def _says_something(cell: str) -> bool:
    return cell.endswith((".", "!", "?")) or len(cell.split()) >= _WORDS_OF_A_SENTENCE


def _table_of(rows: int) -> str:
    """So many beside the one that names the columns; empty where there is none."""
    if rows < 1:
        return ""
    return phrase("a table of 1 row") if rows == 1 else phrase("a table of {count} rows", count=rows)


def _done(receipts: Sequence[Receipt]) -> str:
    more = len(receipts) - 1
    return receipts[0].done + (f"; {phrase('and {count} more', count=f'{more:,}')}" if more else "")


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
    return _MARKS.sub("", _LINK.sub(r"\1", _CITED.sub("", text)).strip()).strip()
