"""Keeps the index in step with the folders: through all of them, then again after a while or when asked.

Reading and writing happen in threads, parsing in an isolated child, so that searches are answered
meanwhile. Each batch is one transaction.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import structlog

from senter.clock import Clock, set_within
from senter.component.kinds import title_without_one
from senter.component.readable import Reader
from senter.component.threads import in_thread
from senter.components.documents.folders import Folders
from senter.components.documents.index import Index, IndexedFile
from senter.components.documents.presence import problem_with
from senter.components.documents.settings import DocumentsSettings
from senter.components.documents.walking import Found, Gone, Walk
from senter.components.documents.writing import Writing
from senter.errors import CorruptDatabase, StorageFull, Unreadable
from senter.store.stamps import stamp

MIB = 1024 * 1024
BATCH_FILES = 200
BATCH_BYTES = 4 * MIB
BATCH_CHARACTERS = 4_000_000


class Indexing:
    """What `run` does is the only writing there is."""

    def __init__(
        self,
        index: Index,
        folders: Folders,
        settings: DocumentsSettings,
        left_out: tuple[Path, ...],
        clock: Clock,
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._index = index
        self._folders = folders
        self._settings = settings
        self._left_out = left_out
        self._clock = clock
        self._log = log
        self._asked = asyncio.Event()
        self._damaged = False
        self.busy_with: Path | None = None
        """The folder that is gone through now."""
        self.problem = ""
        """Why the index is behind, for people."""

    def go_through_again(self) -> None:
        """Now, or as soon as what is going on is done."""
        self._asked.set()

    def start_over(self) -> None:
        """The index is damaged: throw it away, and go through all."""
        self._damaged = True
        self._asked.set()

    async def run(self) -> None:
        """For ever."""
        async with Reader() as reader:
            while True:
                self._asked.clear()
                await self._go_through_all(reader)
                await set_within(self._asked, self._clock, self._settings.rescan_seconds)

    async def _go_through_all(self, reader: Reader) -> None:
        self.problem = ""
        try:
            if self._damaged:
                await in_thread(self._index.start_over)
                self._damaged = False
            await self._forget_removed()  # first: what it holds is room for others
            for folder in self._folders.roots():
                await self._go_through(folder, reader)
            await in_thread(self._index.tidy)
        except CorruptDatabase as error:
            self._log.error("index_damaged", error=error.message)
            self.start_over()
        except StorageFull as error:
            self.problem = error.message
            self._log.warning("indexing_put_off", reason=error.message)

    async def _go_through(self, folder: Path, reader: Reader) -> None:
        """One that cannot be opened, such as a disk that is not there, keeps its place in the index."""
        begun = self._clock.monotonic()
        walk = await in_thread(lambda: self._walk(folder))
        self.busy_with = folder
        try:
            written = await self._follow(walk, reader)
        except OSError as error:
            self.problem = f"{folder}: {problem_with(folder, self._index.mounts()) or error.strerror}"
            self._log.warning("folder_not_read", folder=str(folder), reason=str(error))
            return
        finally:
            self.busy_with = None
        if folder not in self._folders.all:
            return
        await in_thread(lambda: self._index.scanned(walk, stamp(self._clock.now())))
        if written:
            seconds = self._clock.monotonic() - begun
            self._log.info("folder_indexed", folder=str(folder), changes=written, duration_ms=round(seconds * 1000))

    async def _follow(self, walk: Walk, reader: Reader) -> int:
        """Bring the index in step, as long as the folder is wanted. Returns how many changes there were."""
        changes, writing, written = walk.changes(), Writing(self._index), 0
        try:
            batch = await in_thread(lambda: _batch(changes))
            while batch and walk.root in self._folders.all:
                written += len(batch)
                documents = await self._read(batch, reader, writing)
                await writing.settle()  # the walk looks into the index, too
                batch = await in_thread(lambda: _batch(changes))
                await writing.write(documents)
        finally:
            changes.close()
            await writing.settle()
        return written

    async def _read(self, batch: list[Found | Gone], reader: Reader, writing: Writing) -> list[IndexedFile | Gone]:
        """Returns what is still to be written: small files may hold much text, and not all of it is kept in memory."""
        documents: list[IndexedFile | Gone] = []
        characters = 0
        for one in batch:
            document = one if isinstance(one, Gone) else await _document(one, reader)
            documents.append(document)
            characters += len(document.text) if isinstance(document, IndexedFile) else 0
            if characters >= BATCH_CHARACTERS:
                await writing.write(documents)
                documents, characters = [], 0
        return documents

    async def _forget_removed(self) -> None:
        """Leaves no word of folders that the user took away."""
        roots = self._folders.roots()
        names = await in_thread(self._index.directories)
        removed = {name for name in names if not any(Path(name).is_relative_to(root) for root in roots)}
        if removed:
            await in_thread(lambda: self._index.forget(removed))
            await in_thread(self._index.squeeze)
        await in_thread(lambda: self._index.forget_scans(roots))

    def _walk(self, folder: Path) -> Walk:
        return Walk(
            root=folder,
            known=self._index.known,
            excluded=self._settings.excluded,
            left_out=self._left_out,
            max_file_bytes=self._settings.max_file_mb * MIB,
            known_mounts=self._index.mounts(),
        )


async def _document(found: Found, reader: Reader) -> IndexedFile:
    if found.problem:
        return IndexedFile(found.directory, found.name, found.stamp, "", "", found.problem)
    try:
        readable = await reader.read(found.content, found.kind)
    except Unreadable as error:
        return IndexedFile(found.directory, found.name, found.stamp, "", "", error.message)
    title = readable.title or title_without_one(Path(found.name))
    return IndexedFile(found.directory, found.name, found.stamp, title, readable.text)


def _batch(changes: Iterator[Found | Gone]) -> list[Found | Gone]:
    batch: list[Found | Gone] = []
    size_bytes = 0
    for change in itertools.islice(changes, BATCH_FILES):
        batch.append(change)
        size_bytes += len(change.content) if isinstance(change, Found) else 0
        if size_bytes >= BATCH_BYTES:
            break
    return batch
