"""Tools of the MCP servers that the settings name. A server is reached when it is first needed.

Each server is spoken with by a child process of its own, one call at a time, and everything it says is
text of others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, JsonValue, ValidationError

from senter.clock import Clock, SystemClock
from senter.component.frames import Frame
from senter.component.isolated import ChildExchange, ChildLimits, Isolated
from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import LARGEST_RESULT_CHARACTERS, Tool, ToolCall, ToolResult
from senter.components.task_engine.settings import McpServer
from senter.components.task_engine.tools.children.foreign import (
    Description,
    ForeignArguments,
    ForeignTool,
    cut_failure,
    failed,
)
from senter.errors import ChildFailed, ToolError
from senter.masking import mask_known, mask_text
from senter.messages.needs import Need, UseMcpServer
from senter.messages.tools import EffectClass
from senter.paths import Paths

CHILD = "senter.components.task_engine.tools.children.mcp_child"
LIMITS = ChildLimits(cpu_seconds=600, answer_bytes=16 * 1024 * 1024, idle_seconds=600.0)
LIST_SECONDS = 10.0
START_SECONDS = 10.0
RETRY_SECONDS = 60.0
MOST_TOOLS = 500


class McpSession:
    """One server."""

    def __init__(self, name: str, server: McpServer, clock: Clock | None = None) -> None:
        self.name = name
        self.server = server
        self.tools: tuple[Tool[BaseModel], ...] = ()
        self.problem = "it was not asked for its tools yet"
        """Why its tools are not known; empty when they are."""
        self._child = Isolated(CHILD, limits=LIMITS)
        self._open_in = 0
        self._listing = asyncio.Lock()
        self._clock = clock or SystemClock()
        self._next_try = self._clock.monotonic()

    async def list(self) -> None:
        """Ask for its tools, unless they are known. Failing is noted, not raised: others have tools too.

        One that failed is left alone for a while, so that not every plan waits for it.
        """
        async with self._listing:
            if not self.problem or self._clock.monotonic() < self._next_try:
                return
            self._next_try = self._clock.monotonic() + RETRY_SECONDS
            try:
                answer = await self._ask({"do": "list"}, LIST_SECONDS)
                self.tools = self._described(answer)
                self.problem = ""
            except (ChildFailed, ToolError) as error:
                self.problem = error.message

    async def call(self, tool: str, arguments: Mapping[str, JsonValue], seconds: float) -> Frame:
        """Raises `ChildFailed` when it is not known what became of the call, `ToolError` for a clear no."""
        return await self._ask({"do": "call", "tool": tool, "arguments": dict(arguments)}, seconds)

    async def close(self) -> None:
        await self._child.close()

    async def _ask(self, head: dict[str, JsonValue], seconds: float) -> Frame:
        async with self._child.exchange(timeout_seconds=seconds + START_SECONDS) as exchange:
            await self._open(exchange)
            await exchange.send(Frame(head))
            answer = await exchange.receive()
        if problem := str(answer.head.get("error", "")):
            raise ToolError(f"The MCP server {self.name} refuses: {cut_failure(mask_text(problem))}")
        return answer

    async def _open(self, exchange: ChildExchange) -> None:
        """A new child has to be told how to reach the server."""
        if self._open_in == self._child.pid:
            return
        await exchange.send(Frame(_reach(self.server)))
        await exchange.receive()
        self._open_in = self._child.pid or 0

    def _described(self, answer: Frame) -> tuple[Tool[BaseModel], ...]:
        told = answer.head.get("tools")
        rows = cast("list[dict[str, JsonValue]]", told) if isinstance(told, list) else []
        made = (self._tool(row) for row in rows[:MOST_TOOLS])
        return tuple(tool for tool in made if tool is not None)

    def _tool(self, told: Mapping[str, JsonValue]) -> Tool[BaseModel] | None:
        """None for one that says nothing sensible of itself."""
        try:
            described = Description.model_validate(
                {
                    **told,
                    "description": mask_known(str(told["description"])),
                    "effect": told["effect"] or self.server.effect,
                    "permission": "",
                    "timeout_seconds": min(self.server.timeout_seconds + START_SECONDS, 3_600),
                }
            )
            return cast(Tool[BaseModel], McpTool(self, described))
        except (KeyError, ValidationError, ToolError):
            return None


def _reach(server: McpServer) -> dict[str, JsonValue]:
    return {
        "command": [word.get_secret_value() for word in server.command],
        "url": server.url.get_secret_value(),
        "environment": {name: value.get_secret_value() for name, value in server.environment.items()},
        "headers": {name: value.get_secret_value() for name, value in server.headers.items()},
        "timeout_seconds": server.timeout_seconds,
    }


class UnlistedMcpTool(Tool[ForeignArguments]):
    """A tool of a server that was not asked for its tools yet: it is asked when the tool is called.

    So a call that was journaled before a restart finds its tool without every server being started first.
    """

    description = "A tool of an MCP server."
    arguments = ForeignArguments
    effect = EffectClass.ONCE_ONLY

    def __init__(self, session: McpSession, name: str) -> None:
        self.name = name
        self.permission = f"the MCP server {session.name}"
        self.timeout_seconds = session.server.timeout_seconds + START_SECONDS + LIST_SECONDS
        self.owner = UseMcpServer(name=session.name)
        self._session = session

    def needs(self, arguments: ForeignArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseMcpServer(name=self._session.name),)

    async def run(self, arguments: ForeignArguments, call: ToolCall) -> ToolResult:
        await self._session.list()
        for tool in self._session.tools:
            if tool.name == self.name:
                return await tool.run(parsed(tool, arguments.model_dump(mode="json")), call)
        raise ToolError(f"{self.name} cannot be used: {self._session.problem or 'the server has no such tool'}")


class McpTool(ForeignTool):
    """Stands for one tool of a server."""

    def __init__(self, session: McpSession, described: Description) -> None:
        super().__init__(described, f"{session.name}.{described.name}", f"the MCP server {session.name}")
        self.owner = UseMcpServer(name=session.name)
        self._session = session
        self._tool = described.name

    def needs(self, arguments: ForeignArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseMcpServer(name=self._session.name),)

    async def run(self, arguments: ForeignArguments, call: ToolCall) -> ToolResult:
        given = cast("dict[str, JsonValue]", arguments.model_dump(mode="json"))
        try:
            answer = await self._session.call(self._tool, given, self._session.server.timeout_seconds)
        except ChildFailed as error:
            raise failed(self, error.message) from error
        text = mask_known(answer.body.decode(errors="replace"))  # it was given keys, and may show them
        if answer.head.get("failed"):
            raise ToolError(f"{self.name} failed: {cut_failure(mask_text(text)) or 'it did not say why'}")
        data = _without_keys(answer.head.get("data"))
        return ToolResult(text=text[:LARGEST_RESULT_CHARACTERS], data=data if isinstance(data, dict) else {})


def _without_keys(value: JsonValue) -> JsonValue:
    """What a server says, without the secrets that it was given."""
    match value:
        case str():
            return mask_known(value)
        case list():
            return [_without_keys(each) for each in value]
        case dict():
            return {mask_known(name): _without_keys(each) for name, each in value.items()}
        case _:
            return value
