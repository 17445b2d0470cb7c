"""The documents component: owns the list of folders and the index, and answers searches while it indexes."""

from __future__ import annotations

from contextlib import AsyncExitStack

from senter.component.component import Component
from senter.component.events import EventLog
from senter.component.threads import in_thread
from senter.components.documents.folders import Folders
from senter.components.documents.index import Index
from senter.components.documents.indexing import MIB, Indexing
from senter.components.documents.searching import Searching
from senter.components.documents.settings import DocumentsSettings
from senter.components.documents.spec import SPEC
from senter.messages.documents import AddFolder, FoldersReply, ListFolders, RemoveFolder
from senter.messages.health import Health
from senter.messages.message import Done


class Documents(Component[DocumentsSettings]):
    """Owns documents.db, and the index beside it."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)
        self._folders = Folders(self.events, self.paths, self.clock)
        path = self.paths.data / "index" / "documents.db"
        index = await in_thread(lambda: Index(path, self.settings.max_total_mb * MIB))
        stack.callback(index.close)
        if index.made_anew.damage:
            self.log.error("index_damaged", error=index.made_anew.damage)
        if index.made_anew.is_of_another_version:
            self.log.warning("index_made_anew", reason="It was made by another version; all folders are read again.")
        left_out = (self.paths.home.resolve(),)
        self._indexing = Indexing(index, self._folders, self.settings, left_out, self.clock, self.log)
        self.searching = Searching(index.lookup, self._folders, self._indexing.start_over)

    async def run(self) -> None:
        await self.events.run(self._indexing.run)

    def health(self) -> Health:
        indexing = self._indexing.busy_with is not None
        return self.events.health(self._indexing.problem, folders=len(self._folders.all), indexing=indexing)

    async def add_folder(self, command: AddFolder) -> FoldersReply:
        self._folders.add(command.path)
        self._indexing.go_through_again()
        return await self.searching.folders(self._indexing.busy_with)

    async def remove_folder(self, command: RemoveFolder) -> Done:
        self._folders.remove(command.path)
        self._indexing.go_through_again()
        return Done()

    async def list_folders(self, _: ListFolders) -> FoldersReply:
        return await self.searching.folders(self._indexing.busy_with)
