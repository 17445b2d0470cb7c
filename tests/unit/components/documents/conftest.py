"""A folder with documents and the component that indexes it, on the in-memory bus."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import FakeClock, run_component
from senter.components.documents.settings import DocumentsSettings
from senter.components.documents.spec import SPEC
from senter.messages.documents import (
    AddFolder,
    Folder,
    FoldersChanged,
    ListFolders,
    Passage,
    ReadDocument,
    RemoveFolder,
    SearchDocuments,
    Skipped,
)
from senter.messages.health import HealthStatus
from senter.messages.message import ComponentName

ASKER = Manifest(
    sends=(AddFolder, RemoveFolder, ListFolders, SearchDocuments, ReadDocument), receives=(FoldersChanged,)
)


class Desk:
    """What a person does with documents, and a clock to wait with."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.folder = folder
        self.clock = FakeClock()
        self.component: Component[ComponentSettings]
        self.bus: Bus

    @asynccontextmanager
    async def open(self, settings: DocumentsSettings | None = None) -> AsyncGenerator[Desk]:
        broker = MemoryBroker()
        self.bus = broker.bus(ComponentName("asker"), ASKER)
        async with run_component(SPEC, self.home, settings=settings, broker=broker, clock=self.clock) as component:
            self.component = component
            yield self
        await self.bus.close()

    async def add(self, folder: Path) -> Folder:
        """Add a folder and wait until it is indexed."""
        await self.bus.request(AddFolder(path=str(folder)), timeout_seconds=5)
        return await self.indexed(folder)

    async def indexed(self, folder: Path) -> Folder:
        view = await self.view(folder)
        while view.busy or view.indexed_at is None:
            view = await self.view(folder)
        return view

    async def view(self, folder: Path) -> Folder:
        reply = await self.bus.request(ListFolders(), timeout_seconds=5)
        return next(one for one in reply.folders if one.path == str(folder))

    async def skipped(self) -> list[Skipped]:
        return list((await self.bus.request(ListFolders(), timeout_seconds=5)).skipped)

    async def rescan(self) -> Folder:
        """Let the time pass after which the folder is looked through, and wait until it was."""
        before = (await self.view(self.folder)).indexed_at
        view = await self.view(self.folder)
        while view.indexed_at == before or view.busy:
            await self.clock.advance(1_000)
            view = await self.view(self.folder)
        return view

    async def later(self, status: HealthStatus) -> None:
        """Let time pass until the component says of itself that it is so."""
        while self.component.health().status is not status:
            await self.clock.advance(1_000)

    async def search(self, query: str, limit: int = 5) -> list[Passage]:
        reply = await self.bus.request(SearchDocuments(query=query, limit=limit), timeout_seconds=5)
        return list(reply.passages)

    async def names(self, query: str) -> list[str]:
        return [Path(one.path).name for one in await self.search(query)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "papers"
    folder.mkdir()
    return Desk(tmp_path / "home", folder)
