"""Writes the index: documents in, documents out, in batches of one transaction.

Every method blocks and belongs in a thread, one at a time. Meanwhile `lookup` reads through a connection
of its own (WAL).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from senter.components.documents import index_file, queries
from senter.components.documents.index_file import MadeAnew
from senter.components.documents.lookup import Lookup
from senter.components.documents.passages import passages
from senter.components.documents.walking import Gone, PassedOver, Stamp, Walk
from senter.quoting.unbroken import spaced
from senter.store.failures import file_errors, sqlite_errors

FORGET_AT_ONCE = 200
MERGES_AT_MOST = 1_000
FULL = "The index is full."


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """One file with its text, or why it has none."""

    directory: str
    name: str
    stamp: Stamp
    title: str
    text: str
    skipped: str = ""


class Index:
    """Open it, `close` it; `start_over` when it is damaged."""

    def __init__(self, path: Path, max_text_bytes: int) -> None:
        self.path = path
        self._max_text_bytes = max_text_bytes
        self.made_anew = MadeAnew()
        """Why it was made anew when it was opened."""
        self._open()
        self.lookup = Lookup(path)

    def start_over(self) -> None:
        """Throw the index away; the next scan makes it anew."""
        with self.lookup.lock:
            self.close()
            index_file.unlink(self.path)
            self._open()
            self.lookup.open()

    def close(self) -> None:
        with suppress(sqlite3.Error):  # nothing in it is needed to close it
            self._writer.close()
        self.lookup.close()

    def known(self, directory: str) -> Mapping[str, Stamp]:
        """The stamps of a folder's files by name."""
        with sqlite_errors(self.path):
            rows = self._writer.execute(queries.KNOWN, (directory,))
            return {name: Stamp(size, modified_ns, inode) for name, size, modified_ns, inode in rows}

    def write(self, changes: Iterable[IndexedFile | Gone]) -> None:
        """All of them or none. Text beyond the limit is left out, with the reason."""
        with self._transaction():
            [taken] = self._writer.execute(queries.TEXT_BYTES).fetchone()
            room = self._max_text_bytes - taken
            for change in changes:
                room += self._forget_named(change.directory, change.name)
                if isinstance(change, IndexedFile):
                    room -= self._add(change, room)
                else:
                    self._writer.execute(queries.TRY_LEFT_OUT_AGAIN, (FULL,))

    def directories(self) -> set[str]:
        """Every folder that has files in the index."""
        with sqlite_errors(self.path):
            return {name for (name,) in self._writer.execute(queries.DIRECTORIES)}

    def forget(self, directories: Iterable[str]) -> int:
        """Forget all files of these folders. Returns how many files that were."""
        forgotten = 0
        for directory in directories:
            while some := self._forget_some(directory):
                forgotten += some
        if forgotten:
            with self._transaction():
                self._writer.execute(queries.TRY_LEFT_OUT_AGAIN, (FULL,))
        return forgotten

    def squeeze(self) -> None:
        """Leave nothing in the file of what was forgotten. Seconds for a large index."""
        with self._transaction():
            self._writer.execute(queries.SQUEEZE)

    def tidy(self) -> None:
        """Merge what was written in batches, so that searches look in fewer places."""
        for _ in range(MERGES_AT_MOST):
            with self._transaction():
                before = self._writer.total_changes
                self._writer.execute(queries.TIDY)
                if self._writer.total_changes - before < 2:  # fts5: fewer than two changes, nothing was left to merge
                    return

    def mounts(self) -> frozenset[str]:
        """Folders that were file systems of their own when they were last gone through."""
        with sqlite_errors(self.path):
            return frozenset(path for (path,) in self._writer.execute(queries.MOUNTS))

    def scanned(self, walk: Walk, at: str) -> None:
        """A folder was gone through: forget what is gone, and note what was not looked into and what is mounted."""
        inside = {name for name in self.directories() if Path(name).is_relative_to(walk.root)}
        self.forget(name for name in inside if not walk.keeps(Path(name)))
        found = {name: _row(one) for name, one in walk.passed_over.items()}
        with self._transaction():
            self._writer.execute(queries.SCANNED, (str(walk.root), at))
            rows = self._writer.execute(queries.PASSED_OVER_WITHIN, queries.within(walk.root)).fetchall()
            known = {name: tuple(row) for name, *row in rows}
            gone = [name for name in known.keys() - found.keys() if not walk.is_below_away(Path(name))]
            self._writer.executemany(queries.FORGET_PASSED_OVER, [(name,) for name in gone])
            changed = [(name, *row) for name, row in found.items() if known.get(name) != row]
            self._writer.executemany(queries.ADD_PASSED_OVER, changed)
            self._writer.execute(queries.FORGET_MOUNTS, queries.within(walk.root))
            self._writer.executemany(queries.ADD_MOUNT, [(path,) for path in walk.mounts | walk.away])

    def forget_scans(self, kept: Collection[Path]) -> None:
        """When other folders than these were gone through, and what was passed over there."""
        with self._transaction():
            paths = {path for (path,) in self._writer.execute(queries.SCANNED_PATHS)}
            self._writer.executemany(queries.FORGET_SCAN, [(path,) for path in paths.difference(map(str, kept))])
            names = self._writer.execute(queries.PASSED_OVER_DIRECTORIES).fetchall()
            beyond = [(name,) for (name,) in names if not any(Path(name).is_relative_to(root) for root in kept)]
            self._writer.executemany(queries.FORGET_PASSED_OVER, beyond)
            mounts = [path for (path,) in self._writer.execute(queries.MOUNTS)]
            removed = [(path,) for path in mounts if not any(Path(path).is_relative_to(root) for root in kept)]
            self._writer.executemany(queries.FORGET_MOUNT, removed)

    def _open(self) -> None:
        with file_errors(self.path):
            self.made_anew = index_file.prepare(self.path)
            self._writer = index_file.connect(self.path)

    def _add(self, document: IndexedFile, room: int) -> int:
        """Returns the bytes of text that were taken in."""
        text_bytes = len(document.text.encode())
        skipped = document.skipped or (FULL if text_bytes > room else "")
        text_bytes = 0 if skipped else text_bytes
        row = {**asdict(document), **asdict(document.stamp), "text_bytes": text_bytes, "skipped": skipped}
        added = self._writer.execute(queries.ADD_DOCUMENT, row).lastrowid
        name = index_file.called(document.directory, document.name)
        for text, place in () if skipped else passages(document.text):
            passage = self._writer.execute(queries.ADD_PASSAGE, (added, index_file.deflate(text), place)).lastrowid
            self._writer.execute(queries.ADD_WORDS, (passage, spaced(document.title), name, spaced(text)))
        return text_bytes

    def _forget_named(self, directory: str, name: str) -> int:
        row = self._writer.execute(queries.FIND, (directory, name)).fetchone()
        return self._forget_one(*row) if row else 0

    def _forget_some(self, directory: str) -> int:
        with self._transaction():
            rows = self._writer.execute(queries.DOCUMENTS_IN, (directory, FORGET_AT_ONCE)).fetchall()
            for identity, text_bytes in rows:
                self._forget_one(identity, text_bytes)
        return len(rows)

    def _forget_one(self, document: int, text_bytes: int) -> int:
        """Returns the bytes of text that there is room for now."""
        for sql in (queries.FORGET_WORDS, queries.FORGET_PASSAGES, queries.FORGET_DOCUMENT):
            self._writer.execute(sql, (document,))
        return text_bytes

    @contextmanager
    def _transaction(self) -> Generator[None]:
        with sqlite_errors(self.path), self._writer:
            self._writer.execute("BEGIN IMMEDIATE")
            yield


def _row(one: PassedOver) -> tuple[int, str, int, str]:
    return one.count, json.dumps(one.named), one.image_count, json.dumps(one.images)
