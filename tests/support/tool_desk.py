"""Calls a tool as the engine does: arguments checked, needs held against the grant, then run with real access."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog
from pydantic import BaseModel, JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import FakeClock
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.permissions.decide import default_grant, outside, to_make
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.permissions.hosts import Resolve
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.spec import SPEC
from senter.components.task_engine.tools.registry import Registry
from senter.errors import PermissionNeeded
from senter.messages.goals import Grant
from senter.messages.message import ComponentName
from senter.paths import Paths

KEY = "0123456789abcdef0123456789abcdef"


class ToolDesk:
    """A home, a folder that the user named, and every tool."""

    def __init__(self, registry: Registry, settings: TaskEngineSettings, paths: Paths, folder: Path, bus: Bus) -> None:
        self.registry = registry
        self.settings = settings
        self.paths = paths
        self.folder = folder
        self.bus = bus
        self.clock = FakeClock()
        self.asked_at = self.clock.now()
        self.grant = default_grant(settings, (folder,), paths, self.clock)
        self.resolve: Resolve | None = None

    def allow(self, **more: tuple[object, ...]) -> None:
        """Add to what the grant names."""
        fields = {name: (*getattr(self.grant, name), *values) for name, values in more.items()}
        self.grant = Grant.model_validate({**self.grant.model_dump(), **fields})

    async def call(self, name: str, key: str = KEY, /, **arguments: JsonValue) -> ToolResult:
        tool = self.registry.get(name)
        exact = tool.arguments.model_validate(arguments)
        self.permit(tool, exact)
        fresh = frozenset(to_make(tool.needs(exact, self.paths)))
        async with asyncio.timeout(tool.timeout_seconds):
            return await tool.run(exact, replace(self.tool_call(key), fresh=fresh))

    async def compensate(self, name: str, key: str = KEY, /, **arguments: JsonValue) -> None:
        tool = self.registry.get(name)
        exact = tool.arguments.model_validate(arguments)
        self.permit(tool, exact)
        await tool.compensate(exact, self.tool_call(key))

    def permit(self, tool: Tool[BaseModel], exact: BaseModel) -> None:
        if beyond := outside(self.grant, tool.needs(exact, self.paths), self.clock.now()):
            raise PermissionNeeded(beyond)

    def tool_call(self, key: str) -> ToolCall:
        access = GrantedAccess(
            self.grant,
            self.paths,
            self.clock,
            self.settings,
            resolve=self.resolve,
            reachable=(lambda _: True) if self.resolve else None,
        )
        return ToolCall(
            key, access, self.asked_at, self.paths, self.bus, self.clock, structlog.stdlib.get_logger("test")
        )


@asynccontextmanager
async def tool_desk(
    folder: Path, settings: TaskEngineSettings | None = None, broker: MemoryBroker | None = None
) -> AsyncGenerator[ToolDesk]:
    """`folder` gets the home and, beside it, the documents the user named."""
    documents, paths = folder / "documents", Paths(folder / "home")
    documents.mkdir(exist_ok=True)
    paths.make_folders()
    settings = settings or TaskEngineSettings()
    bus = (broker or MemoryBroker()).bus(ComponentName("task_engine"), Manifest(sends=SPEC.sends))
    async with Registry.open(settings, structlog.stdlib.get_logger("test")) as registry:
        yield ToolDesk(registry, settings, paths, documents, bus)
    await bus.close()
