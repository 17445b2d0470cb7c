"""The documents component: owns the list of folders and the index, and answers searches while it indexes."""

from __future__ import annotations

import asyncio
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
from senter.messages.documents import AddFolder, FoldersReply, ListFolders, RemoveFolder, SearchDocuments
from senter.messages.health import Health, HealthStatus
from senter.messages.message import Done

SEARCHES_AT_ONCE = 4


class Documents(Component[DocumentsSettings]):
    """Owns documents.db, and the index beside it."""

    async def open(self, stack: AsyncExitStack) -> None:
        self._events = EventLog.open(self.context, SPEC, stack)
        self._folders = Folders(self._events, self.paths, self.clock)
        path = self.paths.data / "index" / "documents.db"
        index = await in_thread(lambda: Index(path, self.settings.max_total_mb * MIB))
        stack.callback(index.close)
        if index.damage:
            self.log.error("index_damaged", error=index.damage)
        left_out = (self.paths.home.resolve(),)
        self._indexing = Indexing(index, self._folders, self.settings, left_out, self.clock, self.log)
        self._searching = Searching(index.lookup, self._folders, self._indexing.start_over)
        await self._subscribe(stack)

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._events.run())
                group.create_task(self._indexing.run())
        except ExceptionGroup as failures:  # the runner's last words are about one error
            raise failures.exceptions[0] from failures

    def health(self) -> Health:
        problem = self._events.database.recovered or self._indexing.problem
        return Health(
            status=HealthStatus.DEGRADED if problem else HealthStatus.HEALTHY,
            detail=problem,
            facts={
                "folders": len(self._folders.all),
                "indexing": self._indexing.busy_with is not None,
                **self._events.facts(),
            },
        )

    async def _subscribe(self, stack: AsyncExitStack) -> None:
        for subscription in (
            await self.bus.serve(AddFolder, self._add),
            await self.bus.serve(RemoveFolder, self._remove),
            await self.bus.serve(ListFolders, self._list),
            await self.bus.serve(SearchDocuments, self._searching.search, concurrency=SEARCHES_AT_ONCE),
        ):
            stack.push_async_callback(subscription.close)

    async def _add(self, command: AddFolder) -> FoldersReply:
        self._folders.add(command.path)
        self._indexing.go_through_again()
        return await self._searching.folders(self._indexing.busy_with)

    async def _remove(self, command: RemoveFolder) -> Done:
        self._folders.remove(command.path)
        self._indexing.go_through_again()
        return Done()

    async def _list(self, _: ListFolders) -> FoldersReply:
        return await self._searching.folders(self._indexing.busy_with)
