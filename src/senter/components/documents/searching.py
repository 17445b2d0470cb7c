"""Answers searches: the best place of each of the best documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from senter.component.kinds import why_not_read
from senter.component.threads import in_thread
from senter.components.documents.folders import Folders
from senter.components.documents.lookup import Lookup
from senter.components.documents.presence import marked, problem_with
from senter.components.documents.walking import MOST_NAMED
from senter.components.documents.words import all_of, any_of, beginning_with, in_files, telling
from senter.errors import CorruptDatabase, NotFound, Unavailable
from senter.messages.documents import (
    DocumentText,
    Folder,
    FoldersReply,
    Passage,
    PassagesReply,
    ReadDocument,
    SearchDocuments,
)
from senter.store.stamps import from_stamp

# A document has many passages, and only its best one is shown.
PASSAGES_A_DOCUMENT = 6
MAX_QUERY_CHARACTERS = 10_000
MOST_READ_CHARACTERS = 100_000
"""JSON may write one as six bytes, and a reply holds a million."""

T = TypeVar("T")


class Searching:
    """In threads, so that others are answered meanwhile."""

    def __init__(self, lookup: Lookup, folders: Folders, on_damage: Callable[[], None]) -> None:
        self._lookup = lookup
        self._folders = folders
        self._on_damage = on_damage

    async def search(self, command: SearchDocuments) -> PassagesReply:
        """Raises `Unavailable` while a damaged index is made anew."""
        return await self._looking(lambda: self._search(command))

    async def read(self, command: ReadDocument) -> DocumentText:
        """Raises `NotFound` for what is not in the index, `Unavailable` while a damaged one is made anew."""
        path = Path(command.path)
        found = await self._looking(lambda: self._lookup.document(path, command.offset, MOST_READ_CHARACTERS))
        if not self._folders.hold(path):
            raise NotFound(
                f"{path} is in no folder that is indexed.", "Add its folder with: senter documents add FOLDER"
            )
        if found is None:
            why = await self._looking(lambda: self._lookup.why_skipped(path)) or why_not_read(path)
            raise NotFound(f"{path} is not indexed. {why}".rstrip(), "See: senter documents list --skipped")
        return found.model_copy(update={"title": marked(found.title, found.path)})

    async def _looking(self, look: Callable[[], T]) -> T:
        try:
            return await in_thread(look)
        except CorruptDatabase as error:
            self._on_damage()
            raise Unavailable("The index was damaged and is being made anew.", "Try again in a while.") from error

    async def folders(self, busy_with: Path | None) -> FoldersReply:
        described = await in_thread(lambda: [self._describe(one, busy_with) for one in self._folders.all])
        skipped = await in_thread(lambda: self._lookup.skipped(MOST_NAMED))
        held = (one for one in skipped if self._folders.hold(Path(one.path)))
        pictures = await in_thread(lambda: sum(map(self._lookup.pictures, self._folders.roots())))
        return FoldersReply(folders=tuple(described), skipped=tuple(held), pictures=pictures)

    def _search(self, command: SearchDocuments) -> PassagesReply:
        best: dict[tuple[str, str], Passage] = {}
        most = command.limit if command.whole else command.limit * PASSAGES_A_DOCUMENT
        for words in self._expressions(command.query):
            expression = in_files(words, command.endings)
            for passage in self._lookup.search(expression, most, whole=command.whole):
                if self._folders.hold(Path(passage.path)):
                    best.setdefault((passage.path, passage.text), passage)
            if len(best) >= command.limit:
                break
        told = [_told(passage) for passage in tuple(best.values())[: command.limit]]
        return PassagesReply(passages=tuple(told), searched=self._lookup.count())

    def _expressions(self, query: str) -> Iterator[str]:
        """What to try one after the other until enough is found."""
        words = telling(query[:MAX_QUERY_CHARACTERS])
        if not words:
            return
        yield all_of(words)
        if len(words) > 1:
            yield any_of(words, self._lookup.tally(words))
        yield beginning_with(words)
        if compounds := self._lookup.compounds(words):
            yield any_of(compounds, {})

    def _describe(self, folder: Path, busy_with: Path | None) -> Folder:
        files, skipped, size = self._lookup.figures(folder)
        scanned_at = self._lookup.scanned_at(folder)
        return Folder(
            path=str(folder),
            files=files,
            skipped=skipped,
            bytes=size,
            indexed_at=from_stamp(scanned_at) if scanned_at else None,
            busy=busy_with is not None and (folder == busy_with or busy_with in folder.parents),
            problem=problem_with(folder, self._lookup.mounts()),
        )


def _told(passage: Passage) -> Passage:
    title = marked(passage.title, passage.path)
    return passage if title == passage.title else passage.model_copy(update={"title": title})
