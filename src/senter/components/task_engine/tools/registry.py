"""Every tool there is: Senter's own, those of other packages, those of MCP servers. Names are unique.

A tool that cannot be used is not among the names, but is shown with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import entry_points
from typing import cast

import structlog
from pydantic import BaseModel

from senter.component.isolated import Isolated
from senter.component.readable import Reader
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.built_in import DDGS_CHILD, Children, built_in
from senter.components.task_engine.tools.calendars import Calendars
from senter.components.task_engine.tools.calendars_of_settings import open_calendars
from senter.components.task_engine.tools.children.isolation import child_of, isolated_tool
from senter.components.task_engine.tools.children.isolation_child import GROUP
from senter.components.task_engine.tools.children.mcp_servers import McpSession
from senter.components.task_engine.tools.children.mcp_tools import LeftOutTool, UnlistedMcpTool
from senter.errors import NotFound, ToolError
from senter.messages.tools import EffectClass, ToolView


class Registry:
    """Made by `open`. `complete` asks MCP servers for their tools; before, those are not known."""

    def __init__(
        self,
        tools: Iterable[Tool[BaseModel]],
        calendars: Calendars,
        unusable: Iterable[ToolView] = (),
        sessions: Sequence[McpSession] = (),
    ) -> None:
        self.calendars = calendars
        """Those that its tools look into."""
        self._tools = {tool.name: tool for tool in tools}
        self._unusable = tuple(unusable)
        self._sessions = tuple(sessions)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: TaskEngineSettings, log: structlog.stdlib.BoundLogger) -> AsyncGenerator[Registry]:
        """The children that tools run in end with the context."""
        async with AsyncExitStack() as stack:
            children = Children(
                reader=await stack.enter_async_context(Reader()),
                calendars=await stack.enter_async_context(open_calendars(settings)),
                ddgs=await stack.enter_async_context(Isolated(DDGS_CHILD)),
            )
            own = built_in(settings, children)
            foreign, unusable = await _foreign({tool.name for tool in own}, stack)
            for view in unusable:
                log.warning("tool_left_out", tool=view.name, reason=view.reason)
            sessions = [McpSession(name, server) for name, server in settings.mcp_servers.items()]
            for session in sessions:
                stack.push_async_callback(session.close)
            yield cls([*own, *foreign], children.calendars, unusable, sessions)

    async def complete(self) -> None:
        """Ask the MCP servers that were not asked yet, all at once and not for long."""
        await asyncio.gather(*(session.list() for session in self._sessions))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._known()))

    def get(self, name: str) -> Tool[BaseModel]:
        """Raises `NotFound`. What a server that was not asked yet offers is found out when it is called."""
        if tool := self._known().get(name):
            return tool
        for session in self._sessions:
            if session.problem and name.startswith(f"{session.name}."):
                return cast("Tool[BaseModel]", UnlistedMcpTool(session, name))
        raise NotFound(f"There is no tool {name}.", "See them with: senter tools")

    def views(self) -> tuple[ToolView, ...]:
        """All of them by name, those that cannot be used too, before one that can and has the same name."""
        silent = (_silent(session) for session in self._sessions if session.problem)
        left_out = (_left_out(session, one) for session in self._sessions for one in session.left_out)
        views = [*self._unusable, *silent, *left_out, *map(_view, self._known().values())]
        return tuple(sorted(views, key=lambda view: view.name))

    def _known(self) -> dict[str, Tool[BaseModel]]:
        offered = (tool for session in self._sessions for tool in session.tools)
        return {**{tool.name: tool for tool in offered}, **self._tools}


async def _foreign(taken: set[str], stack: AsyncExitStack) -> tuple[list[Tool[BaseModel]], list[ToolView]]:
    """Tools of other packages, and those of them that cannot be used."""
    names = sorted({entry.name for entry in entry_points(group=GROUP)})
    children = [await stack.enter_async_context(child_of(name)) for name in names]
    found = await asyncio.gather(*map(_loaded, children))
    tools: list[Tool[BaseModel]] = []
    unusable: list[ToolView] = []
    for name, tool in zip(names, found, strict=True):
        if isinstance(tool, str):
            unusable.append(_absent(name, "A tool of another package.", tool))
        elif tool.name in taken:
            reason = f"There is another tool called {tool.name}."
            unusable.append(_absent(name, "A tool of another package.", reason))
        else:
            taken.add(tool.name)
            tools.append(tool)
    return tools, unusable


async def _loaded(child: Isolated) -> Tool[BaseModel] | str:
    try:
        return await isolated_tool(child)
    except ToolError as error:
        return error.message


def _view(tool: Tool[BaseModel]) -> ToolView:
    reason = tool.unavailable()
    return ToolView(
        name=tool.name,
        description=tool.description,
        effect=tool.effect,
        permission=tool.permission,
        timeout_seconds=tool.timeout_seconds,
        arguments=tool.schema(),
        available=not reason,
        reason=reason,
    )


def _left_out(session: McpSession, tool: LeftOutTool) -> ToolView:
    return _of_server(session, _absent(f"{session.name}.{tool.name}", "A tool of an MCP server.", tool.reason))


def _silent(session: McpSession) -> ToolView:
    return _of_server(session, _absent(f"{session.name}.*", "Tools of an MCP server.", session.problem))


def _of_server(session: McpSession, view: ToolView) -> ToolView:
    said = {"effect": EffectClass(session.server.effect), "permission": f"the MCP server {session.name}"}
    return view.model_copy(update={**said, "timeout_seconds": session.server.timeout_seconds})


def _absent(name: str, description: str, reason: str) -> ToolView:
    """What can be shown of a tool whose own description is not known."""
    unknown = ToolView(
        name=name, description=description, effect=EffectClass.ONCE_ONLY, permission="", timeout_seconds=0, arguments={}
    )
    return unknown.model_copy(update={"available": False, "reason": reason})
