"""Read the logs back: the last records of several files in time order, and new ones as they are written.

Standard library only. What a line means is `records`'s business.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from senter.logs.files import KEPT_FILES, log_files, rotated
from senter.logs.records import LEVELS, Record, matters, parse_line, render_line, stamp, time_of

__all__ = ["LEVELS", "Record", "follow", "log_files", "read_tail", "render_line"]

POLL_SECONDS = 0.1
BLOCK_BYTES = 64 * 1024


def read_tail(files: Iterable[Path], count: int, level: str = "debug") -> list[Record]:
    """The last `count` records of at least `level`, oldest first; rotated files are read as far as needed."""
    newest_first = heapq.merge(*(_backwards(path, level) for path in files), key=time_of, reverse=True)
    return list(islice(newest_first, max(count, 0)))[::-1]


def follow(
    files: Callable[[], Iterable[Path]], level: str = "debug", wait: Callable[[float], None] = time.sleep
) -> Generator[Record]:
    """New records of at least `level` as they are written, without end.

    New is what is written after this call. `files` is asked again each time, so that a component that
    starts later is followed too; `wait` is given the seconds until the next look and may raise to end it.
    """
    return _follow({path: Tail.at_end(path) for path in files()}, files, level, wait)


def _follow(
    tails: dict[Path, Tail], files: Callable[[], Iterable[Path]], level: str, wait: Callable[[float], None]
) -> Generator[Record]:
    try:
        while True:
            for path in files():
                tails.setdefault(path, Tail(path))
            found = [record for tail in tails.values() for record in tail.new_records() if matters(record, level)]
            yield from sorted(found, key=time_of)
            wait(POLL_SECONDS)
    finally:
        for tail in tails.values():
            tail.close()


@dataclass
class Tail:
    """Where one file has been read to; goes on in the new file after a rotation."""

    path: Path
    _file: BinaryIO | None = None
    _rest: bytes = b""
    _since: str = field(default_factory=lambda: stamp(datetime.now(UTC)))

    @classmethod
    def at_end(cls, path: Path) -> Tail:
        tail = cls(path)
        tail._open()
        if tail._file:
            tail._file.seek(0, os.SEEK_END)
        return tail

    def new_records(self) -> Iterator[Record]:
        if self._file is None:
            self._open()
        while self._file is not None:
            yield from self._read_on(self._file)
            if not self._was_rotated(self._file):
                return
            yield from self._read_on(self._file)  # what came between reading and rotating
            self._file.close()
            self._rest = b""
            self._open()

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _open(self) -> None:
        try:
            self._file = self.path.open("rb")
        except OSError:
            self._file = None

    def _read_on(self, file: BinaryIO) -> Iterator[Record]:
        while block := file.read(BLOCK_BYTES):
            *lines, self._rest = (self._rest + block).split(b"\n")
            for line in lines:
                if line:
                    record = parse_line(line.decode("utf-8", "replace"), self.path.stem, self._since)
                    self._since = time_of(record)
                    yield record

    def _was_rotated(self, file: BinaryIO) -> bool:
        try:
            found = self.path.stat()
        except OSError:
            return False
        return not os.path.samestat(found, os.fstat(file.fileno())) or found.st_size < file.tell()


def _backwards(path: Path, level: str) -> Iterator[Record]:
    """The records of a log and of what rotation left of it, newest first.

    A line without a time has that of the record after it, or of the file's last change.
    """
    for part in [path, *(rotated(path, number) for number in range(1, KEPT_FILES + 1))]:
        since = _changed_at(part)
        for line in _lines_backwards(part):
            record = parse_line(line, path.stem, since)
            since = time_of(record)
            if matters(record, level):
                yield record


def _changed_at(path: Path) -> str:
    try:
        return stamp(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except OSError:
        return ""


def _lines_backwards(path: Path) -> Iterator[str]:
    try:
        file = path.open("rb")
    except OSError:
        return
    with file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        while position:
            size = min(BLOCK_BYTES, position)
            position -= size
            file.seek(position)
            rest, *lines = (file.read(size) + rest).split(b"\n")
            yield from (line.decode("utf-8", "replace") for line in reversed(lines) if line)
        if rest:
            yield rest.decode("utf-8", "replace")
