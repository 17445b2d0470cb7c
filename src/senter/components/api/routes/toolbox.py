"""/api/tools and /api/documents: what goals are carried out with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from senter.component.asking import Asker
from senter.components.api.goal_bodies import (
    FolderBody,
    FolderPath,
    FoldersBody,
    ToolCallBody,
    ToolsBody,
    ToolTestedBody,
)
from senter.messages.documents import AddFolder, ListFolders, RemoveFolder
from senter.messages.tools import ListTools, TestTool

# MCP tools are named after their server too: server/tool, server.tool or server:tool.
ToolName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,200}$", description="The tool's name.")]
PathQuery = Annotated[FolderPath, Query(description="The folder, as it was added.")]


class ToolboxRoutes:
    """A tool may take as long as a question."""

    def __init__(self, asker: Asker, test_timeout_seconds: float) -> None:
        self._asker = asker
        self._test_timeout_seconds = test_timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(tags=["tools and documents"])
        add = router.add_api_route
        add("/api/tools", self.tools, summary="List the tools")
        add("/api/tools/{name}/test", self.test, methods=["POST"], summary="Call a tool once, under the default grant")
        add("/api/documents", self.folders, summary="List the indexed folders")
        add("/api/documents", self.add, methods=["POST"], summary="Index a folder from now on")
        add("/api/documents", self.remove, methods=["DELETE"], status_code=204, summary="Forget a folder's index")
        return router

    async def tools(self) -> ToolsBody:
        return ToolsBody.of(await self._asker.ask(ListTools()))

    async def test(self, name: ToolName, body: ToolCallBody) -> ToolTestedBody:
        command = TestTool(tool=name, arguments=body.arguments)
        return ToolTestedBody.of(await self._asker.ask(command, self._test_timeout_seconds, repeat=False))

    async def folders(self) -> FoldersBody:
        return FoldersBody.of(await self._asker.ask(ListFolders()))

    async def add(self, body: FolderBody) -> FoldersBody:
        return FoldersBody.of(await self._asker.ask(AddFolder(path=body.path)))

    async def remove(self, path: PathQuery) -> None:
        await self._asker.ask(RemoveFolder(path=path), repeat=False)
