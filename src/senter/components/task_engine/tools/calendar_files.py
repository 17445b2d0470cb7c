"""Calendars in files, which other programs write too: one .ics file, or a folder with one for each event."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from senter.component.grants.holding import own_calendar, trash_folder
from senter.component.threads import in_thread
from senter.components.task_engine.contract.tool import ToolCall
from senter.components.task_engine.tools.calendar_event import Added, CalendarEvent, EntryChange, EntryEdit
from senter.components.task_engine.tools.calendar_presence import CalendarPlace
from senter.components.task_engine.tools.calendar_resources import CalendarResource, ResourceCalendar
from senter.components.task_engine.tools.calendar_source import Calendar, CalendarContents, CalendarPart
from senter.components.task_engine.tools.calendar_texts import CalendarSpan, CalendarTexts
from senter.components.task_engine.tools.children.calendar_entries import blocks_of
from senter.components.task_engine.tools.file_read import read_whole
from senter.components.task_engine.tools.trash import Trash
from senter.errors import ToolError
from senter.messages.calendar import CalendarKind
from senter.messages.needs import Need, ReadPath, WritePath
from senter.paths import Paths

MOST_FILES = 20_000
LARGEST_CALENDAR_BYTES = 48 * 1024 * 1024
"""Less than what a child takes at once."""
ICS = ".ics"


class FileCalendar(Calendar):
    """An .ics file. Changed by one call at a time."""

    kind = CalendarKind.FILE

    def __init__(self, name: str, path: Path | None, texts: CalendarTexts) -> None:
        """Without a path, the one in the data folder."""
        super().__init__(name)
        self._path = path
        self._texts = texts
        self._changing = asyncio.Lock()
        self._presence = CalendarPlace(path, "touch") if path else None

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (ReadPath(path=self._place(paths)),)

    def needs_to_write(self, paths: Paths) -> tuple[Need, ...]:
        return (WritePath(path=self._place(paths)),)

    async def contents(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> CalendarContents:
        return CalendarContents((CalendarPart(self.name, await self._content(call) or b""),))

    async def add(self, event: CalendarEvent, part: str, call: ToolCall) -> Added:
        async with self._changing:
            content = await self._content(call)
            new = await self._texts.new(event, content or b"", call)
            if new.added:
                await self._rewrite(new.content, content, call)
            return Added(new.added, new.version, self.name)

    async def edit(self, edit: EntryEdit, call: ToolCall) -> EntryChange:
        change = await self._texts.edit("file", edit, await self._content(call) or b"")
        return change.model_copy(update={"calendar": self.name})

    async def restoring(self, uid: str, entry: str, version: str, part: str, call: ToolCall) -> EntryChange:
        change = await self._texts.restoring("file", uid, entry, version, await self._content(call) or b"")
        return change.model_copy(update={"calendar": self.name})

    async def put(self, change: EntryChange, call: ToolCall) -> EntryChange:
        async with self._changing:
            content = await self._content(call)
            changed = await self._texts.put("file", change, content or b"")
            if changed is not None:
                await self._rewrite(changed, content, call)
        return change

    async def _rewrite(self, content: bytes, was: bytes | None, call: ToolCall) -> None:
        await in_thread(call.access.rewrite, self._place(call.paths), content, was=was)

    async def _content(self, call: ToolCall) -> bytes | None:
        """Nothing where there is no file yet. Raises `ToolError` for one that was there: it may be on a stick that was
        pulled out, and a new one in its place would not be found again."""
        path = self._place(call.paths)
        is_there = await asyncio.to_thread(call.access.exists, path)
        if self._presence:
            await asyncio.to_thread(self._presence.check, call.paths, is_there=is_there)
        return await asyncio.to_thread(read_whole, call.access, path, LARGEST_CALENDAR_BYTES) if is_there else None

    def forget(self, paths: Paths) -> None:
        if self._presence:
            self._presence.forget(paths)

    def _place(self, paths: Paths) -> Path:
        return paths.home / self._path if self._path else own_calendar(paths)


class FolderCalendar(ResourceCalendar):
    """A folder of .ics files, as programs keep it that copy a calendar from a server and back."""

    kind = CalendarKind.FOLDER

    def __init__(self, name: str, folder: Path, texts: CalendarTexts) -> None:
        super().__init__(name, texts)
        self._folder = folder
        self._presence = CalendarPlace(folder, "mkdir")

    def needs_to_look(self, paths: Paths) -> tuple[Need, ...]:
        return (ReadPath(path=paths.home / self._folder),)

    def needs_to_write(self, paths: Paths) -> tuple[Need, ...]:
        return (WritePath(path=paths.home / self._folder),)

    async def contents(self, span: CalendarSpan, call: ToolCall, wait_seconds: float) -> CalendarContents:
        return CalendarContents((CalendarPart(self.name, await asyncio.to_thread(self._joined, call)),))

    async def find(self, uid: str, part: str, call: ToolCall) -> CalendarResource:
        return await asyncio.to_thread(self._found, uid, call)

    async def store(self, uid: str, resource: CalendarResource, text: bytes, call: ToolCall) -> None:
        """A file that is to be gone goes to the trash."""
        path = Path(resource.place) if resource.place else call.paths.home / self._folder / f"{_file_name(uid)}{ICS}"
        if text:
            await in_thread(call.access.rewrite, path, text, was=resource.text or None)
        elif resource.place:
            await in_thread(self._put_away, path, resource.text, call)

    def _put_away(self, path: Path, was: bytes, call: ToolCall) -> None:
        if read_whole(call.access, path) != was:
            raise ToolError("The entry was changed since.")
        Trash(call.access, trash_folder(call.paths), call.clock).put(path, call.idempotency_key)

    def _found(self, uid: str, call: ToolCall) -> CalendarResource:
        for path in self._files(call):
            text = read_whole(call.access, path)
            if uid.encode() in text.replace(b"\r\n ", b"").replace(b"\n ", b"") and blocks_of(text, uid):
                return CalendarResource(self.name, str(path), "", text)
        return CalendarResource(self.name)

    def _joined(self, call: ToolCall) -> bytes:
        """One behind the other. Raises `ToolError` for more than can be read."""
        texts, size = list[bytes](), 0
        for path in self._files(call):
            texts.append(read_whole(call.access, path).strip() + b"\r\n")
            size += len(texts[-1])
            if size > LARGEST_CALENDAR_BYTES:
                raise ToolError(
                    f"{self._folder} holds more than {LARGEST_CALENDAR_BYTES // 1024**2} MiB.", trusted=True
                )
        return b"".join(texts)

    def forget(self, paths: Paths) -> None:
        self._presence.forget(paths)

    def _files(self, call: ToolCall) -> list[Path]:
        """Raises `ToolError` where the folder was there and is not now."""
        folder = call.paths.home / self._folder
        self._presence.check(call.paths, is_there=call.access.exists(folder))
        entries = (entry for entry in call.access.list(folder) if not entry.is_folder)
        names = sorted(entry.name for entry in entries if entry.name.lower().endswith(ICS))
        return [folder / name for name in names[:MOST_FILES] if not name.startswith(".")]


def _file_name(uid: str) -> str:
    """The UID itself where a file can be called that."""
    plain = uid.removesuffix("@senter")
    return plain if plain.isalnum() and len(plain) <= 100 else hashlib.sha256(uid.encode()).hexdigest()[:32]
