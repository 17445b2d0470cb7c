"""Reads the index while it is written to. Every method blocks and belongs in a thread; any number of them may call."""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path

from senter.component.kinds import SCAN
from senter.components.documents import index_file, queries
from senter.components.documents.words import Tally
from senter.messages.documents import DocumentText, Passage, Skipped
from senter.quoting.unbroken import unspaced
from senter.store.failures import sqlite_errors
from senter.text import one_line

SHORTEST_END, MOST_COMPOUNDS = 5, 12
"""Letters of what a compound ends with; compounds of one word."""
MOST_LOOKED_AT = 200
"""Of those that end alike, so many are compared by how often they stand in the index."""


class Lookup:
    """One reading connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        """Held by whoever reads; whoever replaces the file must hold it too."""
        self._stems = _stems()
        self._backwards: list[str] = []
        self._version = 0
        """Of what is in the file, as SQLite counts it; of a file that was opened anew another."""
        self.open()

    def open(self) -> None:
        self._connection = index_file.connect(self.path)
        self._connection.execute(queries.TALLY)
        self._connection.execute("PRAGMA query_only = ON")
        self._version = 0

    def close(self) -> None:
        with suppress(sqlite3.Error):  # nothing in it is needed to close it
            self._connection.close()

    def tally(self, words: Sequence[str]) -> Tally:
        """In how many passages each of the words is, whichever form it has there."""
        with self.lock, sqlite_errors(self.path):
            terms = self._terms_of(words)
            tally: dict[str, int] = {words[int(place)]: self._passages_with(str(term)) for place, term in terms}
        return tally

    def compounds(self, words: Sequence[str]) -> list[str]:
        """Longer words of the index that end with one of these, as German joins them; the most frequent."""
        with self.lock, sqlite_errors(self.path):
            stems = [str(term) for _, term in self._terms_of([word for word in words if len(word) >= SHORTEST_END])]
            return [longer for stem in stems if stem.isalpha() for longer in self._ending_with(stem)]

    def _ending_with(self, stem: str) -> list[str]:
        """The most frequent first."""
        backwards, end = self._terms_backwards(), stem[::-1]
        begin = bisect_right(backwards, end)
        alike = takewhile(lambda term: term.startswith(end), islice(backwards, begin, begin + MOST_LOOKED_AT))
        return sorted((term[::-1] for term in alike), key=self._passages_with, reverse=True)[:MOST_COMPOUNDS]

    def _terms_backwards(self) -> list[str]:
        """All of the index, in the order of their ends; read anew when somebody wrote to it."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            terms = self._connection.execute(queries.LONG_TERMS, {"letters": SHORTEST_END})
            self._backwards, self._version = sorted(str(term)[::-1] for (term,) in terms), version
        return self._backwards

    def search(self, expression: str, limit: int, *, whole: bool = False) -> list[Passage]:
        """The best passages, the best first; `whole` with all of their texts."""
        values = {"expression": expression, "limit": limit, "whole": whole}
        with self.lock, sqlite_errors(self.path):
            return [_passage(*row) for row in self._connection.execute(queries.SEARCH, values)]

    def document(self, path: Path, offset: int, most_characters: int) -> DocumentText | None:
        """What was read of a file from a character on; none where it is not in the index."""
        with self.lock, sqlite_errors(self.path):
            rows = self._connection.execute(queries.TEXT, (str(path.parent), path.name)).fetchall()
        if not rows:
            return None
        text = "".join(body for _, body in rows)[offset:]
        piece = text[:most_characters]
        return DocumentText(path=str(path), title=rows[0][0], text=piece, truncated=len(piece) < len(text))

    def count(self) -> int:
        """Documents that can be found."""
        with self.lock, sqlite_errors(self.path):
            return int(self._connection.execute(queries.COUNT).fetchone()[0])

    def figures(self, folder: Path) -> tuple[int, int, int]:
        """How many files are indexed and how many skipped, and the bytes of the indexed ones."""
        with self.lock, sqlite_errors(self.path):
            files, skipped, size = self._connection.execute(queries.FIGURES, queries.within(folder)).fetchone()
        return files, skipped, size

    def skipped(self, limit: int) -> list[Skipped]:
        """Files that are not in the index; first those of kinds that are read, images last."""
        with self.lock, sqlite_errors(self.path):
            rows = self._connection.execute(queries.NOT_READ, (limit,)).fetchall()
            for others in (queries.PASSED_OVER, queries.IMAGES):
                rows += self._connection.execute(others, (limit - len(rows),)).fetchall()
        return [Skipped(path=str(Path(directory, name)), reason=why) for directory, name, why in rows]

    def pictures(self, folder: Path) -> int:
        """How many images and scans are in a folder and below it."""
        with self.lock, sqlite_errors(self.path):
            values = {**queries.within(folder), "scan": SCAN}
            return int(self._connection.execute(queries.PICTURES, values).fetchone()[0])

    def why_skipped(self, path: Path) -> str:
        """Why a file of a kind that is read has no text; empty for any other."""
        with self.lock, sqlite_errors(self.path):
            row = self._connection.execute(queries.WHY_SKIPPED, (str(path.parent), path.name)).fetchone()
        return str(row[0]) if row else ""

    def mounts(self) -> frozenset[str]:
        """Folders that were file systems of their own when they were last gone through."""
        with self.lock, sqlite_errors(self.path):
            return frozenset(path for (path,) in self._connection.execute(queries.MOUNTS))

    def scanned_at(self, folder: Path) -> str | None:
        """When the folder was last gone through, or the one around it that it was gone through with."""
        around = [str(folder), *map(str, folder.parents)]
        with self.lock, sqlite_errors(self.path):
            rows = [self._connection.execute(queries.SCAN, (path,)).fetchone() for path in around]
        return next((str(row[0]) for row in rows if row), None)

    def _terms_of(self, words: Sequence[str]) -> list[tuple[int, str]]:
        self._stems.execute("DELETE FROM stems")
        self._stems.executemany("INSERT INTO stems (rowid, word) VALUES (?, ?)", enumerate(words))
        return self._stems.execute("SELECT doc, term FROM terms").fetchall()

    def _passages_with(self, term: str) -> int:
        row = self._connection.execute(queries.PASSAGES_WITH, (term,)).fetchone()
        return int(row[0]) if row else 0


def _passage(
    directory: str, name: str, title: str, excerpt: str, score: float, text: str, modified_ns: int, place: str
) -> Passage:
    return Passage(
        path=str(Path(directory, name)),
        title=title,
        excerpt=one_line(unspaced(excerpt)),
        score=round(score, 4),
        text=text,
        modified_at=_moment(modified_ns),
        place=place,
    )


def _moment(since_1970_ns: int) -> datetime | None:
    """None for what no clock shows: file systems hold any number."""
    try:
        return datetime.fromtimestamp(since_1970_ns / 1_000_000_000, UTC) if since_1970_ns else None
    except (ValueError, OverflowError, OSError):
        return None


def _stems() -> sqlite3.Connection:
    """Asks FTS5 itself what it makes of a word."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute(f"CREATE VIRTUAL TABLE stems USING fts5(word, tokenize = '{queries.TOKENIZE}')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(stems, instance)")
    return connection
