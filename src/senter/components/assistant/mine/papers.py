"""The user's papers as questions look into them: passages in pieces, tables whole, and what is not read."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from senter.bus.bus import Bus
from senter.components.assistant.mine.places import shown_path, words_of
from senter.components.assistant.mine.question import OwnQuestion
from senter.components.assistant.mine.ranking import FoundPiece, WhereFound
from senter.components.assistant.mine.tables.asked import NamedTable
from senter.components.assistant.mine.tables.choosing import is_meant
from senter.components.assistant.mine.tables.reading import (
    TABLE_ENDINGS,
    ValueTable,
    has_tables,
    read_table,
    read_tables,
    without_tables,
)
from senter.components.assistant.mine.tables.telling import told_sheet
from senter.components.assistant.mine.texts import FoundText
from senter.errors import SenterError
from senter.messages.documents import FoldersReply, Passage, PassagesReply, ReadDocument, SearchDocuments
from senter.quoting.sentences import plain
from senter.sentences import phrase

TIMEOUT_SECONDS = 5.0
MOST_PASSAGES, MOST_LISTED = 8, 40
MOST_TABLES = 8
MOST_PIECES_OF_A_DOCUMENT = 40
"""A document is read in pieces of 100,000 characters."""
SHEET_ENDINGS = ("csv", "tsv", "xlsx", "xlsm", "xls", "ods")
SHEETS = tuple(f".{ending}" for ending in SHEET_ENDINGS)
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".heic", ".webp", ".bmp", ".gif")
KEPT_FILES, LONGEST_KEPT = 16, 100_000
"""Tables that were read lately, by their files; characters of those that are kept."""
MOST_PICTURES = 3
MOST_SKIPPED_NAMED = 100
"""No more of what is not read is told."""
AWAY = "not there now"
FOLDER_AWAY = "{folder} is not there now: only what was read of it before was found."
PERHAPS_ABOUT_IT = "{pictures} may be about it: images and scans are not read."
_SCAN = re.compile(r"\bscan|no text|\bimage", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LookedInto:
    """How far papers were looked into."""

    papers: int = 0
    pictures: tuple[str, ...] = ()
    """Images and scans, which are not read: the first of them."""
    away: tuple[str, ...] = ()
    """Folders that are not there now; what was read of them before is still found."""
    gone: frozenset[str] = frozenset()
    """Papers that were found and are not there now, such as those of a stick inside a folder."""

    def is_away(self, path: str) -> bool:
        return path in self.gone or any(PurePath(path).is_relative_to(folder) for folder in self.away)


@dataclass(frozen=True, slots=True)
class FoundPapers:
    """What papers say that may answer."""

    pieces: tuple[FoundPiece, ...] = ()
    tables: tuple[NamedTable, ...] = ()
    looked: LookedInto = LookedInto()


@dataclass(frozen=True, slots=True)
class SearchedPapers:
    """What a search found, before it is known what is there now."""

    passages: tuple[Passage, ...] = ()
    tables: tuple[NamedTable, ...] = ()
    papers: int = 0


class Papers:
    """Searches and reads; tables are kept for a while as long as their files are the same."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._tables: OrderedDict[tuple[str, datetime], list[ValueTable]] = OrderedDict()

    async def search(self, question: OwnQuestion) -> SearchedPapers | None:
        """None where nobody answers."""
        said, most = question.said, MOST_LISTED if question.is_list else MOST_PASSAGES
        words = " ".join(question.searched)
        if not words:
            return SearchedPapers()
        replies = await asyncio.gather(
            self._search(SearchDocuments(query=said, limit=most, whole=True)),
            self._search(SearchDocuments(query=words, limit=most, whole=True)),
            self._search(SearchDocuments(query=words, limit=MOST_TABLES, endings=SHEET_ENDINGS)),
        )
        if not any(replies):
            return None
        passages = _once(passage for reply in replies[:2] if reply for passage in reply.passages)
        in_tables = replies[2].passages if replies[2] else ()
        papers = max(reply.searched for reply in replies if reply)
        return SearchedPapers(passages, await self._read_tables((*passages, *in_tables)), papers)

    async def _search(self, command: SearchDocuments) -> PassagesReply | None:
        try:
            return await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        except SenterError:
            return None

    async def _read_tables(self, passages: Iterable[Passage]) -> tuple[NamedTable, ...]:
        found = {passage.path: passage.modified_at for passage in passages if _may_have_tables(passage)}
        files = list(found.items())[:MOST_TABLES]
        read = await asyncio.gather(*(self._tables_of(path, modified_at) for path, modified_at in files))
        return tuple(NamedTable(path, table) for (path, _), tables in zip(files, read, strict=True) for table in tables)

    async def _tables_of(self, path: str, modified_at: datetime | None) -> list[ValueTable]:
        key = (path, modified_at) if modified_at else None
        if key and key in self._tables:
            self._tables.move_to_end(key)
            return self._tables[key]
        text = await self._whole(path)
        tables = await asyncio.to_thread(_tables_in, path, text)
        if key and tables and len(text) <= LONGEST_KEPT:
            self._tables[key] = tables
            while len(self._tables) > KEPT_FILES:
                self._tables.popitem(last=False)
        return tables

    async def _whole(self, path: str) -> str:
        """The whole text; nothing of what cannot be read to its end, so that no sum is of a part."""
        text = ""
        for _ in range(MOST_PIECES_OF_A_DOCUMENT):
            try:
                command = ReadDocument(path=path, offset=len(text))
                piece = await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
            except SenterError:
                return ""
            text += piece.text
            if not piece.truncated:
                return text
        return ""


def found_papers(searched: SearchedPapers | None, folders: FoldersReply | None) -> FoundPapers:
    """In pieces; those of folders that are not there now say so."""
    searched = searched or SearchedPapers()
    gone = frozenset(passage.path for passage in searched.passages if passage.title.endswith(f"({AWAY})"))
    looked = replace(_looked(folders, searched.papers), gone=gone)
    pieces = tuple(piece for passage in searched.passages for piece in _of_passage(passage, looked))
    tables = tuple(replace(one, note=phrase(AWAY)) if looked.is_away(one.path) else one for one in searched.tables)
    return FoundPapers(pieces, tables, looked)


def rows_of(found: FoundPapers, question: OwnQuestion) -> Iterator[FoundPiece]:
    """Rows that have a telling word, or one that says the same."""
    for named in found.tables:
        path = named.path
        stands = FoundText(WhereFound.DOCUMENT, named.file, path, _where(path, found.looked, named.table))
        for line, meant in named.table.lines():
            if is_meant(line, question.debts) and any(
                re.search(term.loose, meant, re.IGNORECASE) for term in question.terms
            ):
                row = stands.piece(plain(line), f"{words_of(path)} {named.table.called}")
                yield replace(row, text=plain(meant), line=row.quoted.quote, is_row=True)


def told_looked(looked: LookedInto, question: OwnQuestion) -> str:
    """How far they were looked into, where nothing was found; empty where there are none."""
    if not looked.papers:
        return ""
    papers = "I looked through 1 paper." if looked.papers == 1 else "I looked through {count:,} papers."
    away = (phrase(FOLDER_AWAY, folder=shown_path(folder)) for folder in looked.away)
    return " ".join((phrase(papers, count=looked.papers), *_told_pictures(looked.pictures, question), *away))


def _told_pictures(pictures: Sequence[str], question: OwnQuestion) -> Iterator[str]:
    """Those whose names have a word of the question, else how many there are."""
    about = [
        shown_path(path)
        for path in pictures
        if any(re.search(term.loose, words_of(path), re.IGNORECASE) for term in question.terms)
    ]
    if about:
        yield phrase(PERHAPS_ABOUT_IT, pictures=", ".join(about[:MOST_PICTURES]))
    elif len(pictures) == 1:
        yield phrase("1 image or scan is not read.")
    elif pictures:
        is_all = len(pictures) < MOST_SKIPPED_NAMED
        told = "{count} images and scans are not read." if is_all else "{count} or more images and scans are not read."
        yield phrase(told, count=len(pictures))


def _looked(folders: FoldersReply | None, papers: int) -> LookedInto:
    skipped = folders.skipped if folders else ()
    return LookedInto(
        papers=papers,
        pictures=tuple(one.path for one in skipped if one.path.lower().endswith(PICTURES) or _SCAN.search(one.reason)),
        away=tuple(folder.path for folder in folders.folders if folder.problem) if folders else (),
    )


def _may_have_tables(passage: Passage) -> bool:
    return passage.path.lower().endswith(SHEETS) or "\t" in passage.text


def _tables_in(path: str, text: str) -> list[ValueTable]:
    if path.lower().endswith(TABLE_ENDINGS):
        table = read_table(text)
        return [table] if table else []
    return read_tables(text) if has_tables(text) else []


def _where(path: str, looked: LookedInto, table: ValueTable | None = None) -> str:
    """With the sheet, where the file has several; and that it is not there now, where it is not."""
    sheet = told_sheet(table.sheet) if table and table.sheet else ""
    return ", ".join(filter(None, (shown_path(path), sheet, phrase(AWAY) if looked.is_away(path) else "")))


def _once(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    return tuple({(passage.path, passage.text): passage for passage in passages}.values())


def _of_passage(passage: Passage, looked: LookedInto) -> Iterator[FoundPiece]:
    """Of a table none: its rows come from the whole of it."""
    if passage.path.lower().endswith(TABLE_ENDINGS):
        return
    path, text = passage.path, passage.text or passage.excerpt
    if has_tables(text) or path.lower().endswith(SHEETS):
        text = without_tables(text)
    name, where = PurePath(path).name, _where(path, looked)
    found = FoundText(
        WhereFound.DOCUMENT, name, path, where, begins_on=passage.place, around=text, at=passage.modified_at
    )
    yield from found.pieces(f"{passage.title} / {words_of(path)}")
