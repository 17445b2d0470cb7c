"""The MCP servers that the settings name. A server is reached when it is first needed.

Each is spoken with by a child process of its own, one call at a time, and everything it says is text of others. It is
asked for its tools each time it is started, and again when it says that they have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

from pydantic import BaseModel, JsonValue

from senter.clock import Clock, SystemClock
from senter.component.frames import Frame
from senter.component.isolated import ChildExchange, ChildLimits, Isolated
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.settings import McpServer
from senter.components.task_engine.tools.children.foreign import cut_failure
from senter.components.task_engine.tools.children.mcp_tools import (
    NAME_CHARACTERS,
    START_SECONDS,
    LeftOutTool,
    described_tools,
)
from senter.errors import ChildFailed, ToolError
from senter.masking import mask_known, mask_text
from senter.text import one_line

CHILD = "senter.components.task_engine.tools.children.mcp_child"
LIMITS = ChildLimits(cpu_seconds=600, answer_bytes=16 * 1024 * 1024, idle_seconds=600.0)
LIST_SECONDS = 20.0
FIRST_WAIT_SECONDS = 10.0
"""How long a plan waits for a server that it starts; the start goes on, and later plans do not wait for it."""
RETRY_SECONDS = 60.0
STARTS = 2
"""A call starts a server that has ended, once."""
OF_SERVER = "The MCP server"
NOT_ASKED = "it was not asked for its tools yet"
Rows = list[dict[str, JsonValue]]


class ServerGone(Exception):
    """The server ended while nothing was asked of it, so what was asked now has not reached it."""


class McpSession:
    """One server."""

    def __init__(self, name: str, server: McpServer, clock: Clock | None = None) -> None:
        self.name = name
        self.server = server
        self.tools: tuple[Tool[BaseModel], ...] = ()
        self.left_out: tuple[LeftOutTool, ...] = ()
        """What it offers and cannot be used."""
        self.problem = NOT_ASKED
        """Why its tools are not known; empty when they are."""
        self._child = Isolated(CHILD, limits=LIMITS)
        self._open_in = 0
        self._starting: asyncio.Task[str] | None = None
        self._listing = asyncio.Lock()
        self._has_changed = False
        self._is_busy = False
        self._clock = clock or SystemClock()
        self._next_try = self._clock.monotonic()

    async def list(self) -> None:
        """Know its tools, unless they are known. Failing is noted, not raised: others have tools too.

        One that failed is left alone for a while, and one that is starting is waited for once, so that not every plan
        waits for it.
        """
        async with self._listing:
            if not self.problem:
                await self._list_changed()
            elif self._is_starting:
                await self._note_start(0.0)
            elif self._clock.monotonic() >= self._next_try:
                await self._note_start(FIRST_WAIT_SECONDS)

    async def ready(self, seconds: float) -> None:
        """Have it started within so long; a start that needs longer goes on. Raises `ToolError`: nothing was called."""
        if self._is_open:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start(), name=f"start of {self.name}")
            self._begun_at = self._clock.monotonic()
        await asyncio.wait({self._starting}, timeout=seconds)
        if not self._starting.done():
            since = self._clock.monotonic() - self._begun_at
            said = f"{OF_SERVER} {self.name} is starting, for {since:.0f} s so far."
            raise ToolError(said, "Try again in a moment.", retryable=True)
        if problem := self._starting.result():
            raise ToolError(problem, retryable=True)

    async def call(self, tool: str, arguments: Mapping[str, JsonValue], seconds: float) -> Frame:
        """Raises `ChildFailed` when it is not known what became of the call, `ToolError` for a clear no."""
        ends = self._clock.monotonic() + seconds + START_SECONDS
        head: dict[str, JsonValue] = {"do": "call", "tool": tool, "arguments": dict(arguments)}
        for _ in range(STARTS):
            await self.ready(seconds + START_SECONDS / 2)
            with suppress(ServerGone):
                return await self._ask(head, ends - self._clock.monotonic())
        raise ToolError(f"{OF_SERVER} {self.name} ends as soon as it has started.", retryable=True)

    async def close(self) -> None:
        await self._child.close()
        if self._starting is not None:
            await asyncio.wait({self._starting})

    @property
    def _is_open(self) -> bool:
        return bool(self._open_in) and self._open_in == self._child.pid

    @property
    def _is_starting(self) -> bool:
        return self._starting is not None and not self._starting.done()

    async def _note_start(self, seconds: float) -> None:
        try:
            await self.ready(seconds)
        except ToolError as error:
            self.problem = error.message

    async def _list_changed(self) -> None:
        """Ask for the tools again where it said that they are others; not while it is busy, or does not run."""
        try:
            if self._is_open and not self._is_busy and not self._has_changed:
                await self._ask({"do": "changed"}, LIST_SECONDS)
            if self._is_open and self._has_changed:
                self._take(await self._ask({"do": "list"}, LIST_SECONDS))
        except (ChildFailed, ServerGone, ToolError):  # those that are known stay; the next start asks anew
            return

    async def _start(self) -> str:
        """Start it and ask for its tools; returns why that failed. It has a time of its own: its program may have to be
        fetched first."""
        try:
            async with self._child.exchange(timeout_seconds=self.server.start_seconds) as exchange:
                await exchange.send(Frame(_reach(self.server)))
                self._checked(await exchange.receive())
                self._take(await self._exchanged(exchange, {"do": "list"}))
            self._open_in = self._child.pid or 0
        except (ChildFailed, ToolError) as error:
            named = error.message.startswith(OF_SERVER)
            self.problem = error.message if named else f"{OF_SERVER} {self.name} did not start. {error.message}"
            self._next_try = self._clock.monotonic() + RETRY_SECONDS
        return self.problem

    async def _ask(self, head: dict[str, JsonValue], seconds: float) -> Frame:
        self._is_busy = True
        try:
            async with self._child.exchange(timeout_seconds=seconds) as exchange:
                if not self._is_open:
                    raise ServerGone
                return await self._exchanged(exchange, head)
        finally:
            self._is_busy = False

    async def _exchanged(self, exchange: ChildExchange, head: dict[str, JsonValue]) -> Frame:
        await exchange.send(Frame(head))
        answer = self._checked(await exchange.receive())
        self._has_changed = answer.head.get("changed") is True
        return answer

    def _checked(self, answer: Frame) -> Frame:
        if answer.head.get("gone"):
            raise ServerGone
        if lost := answer.head.get("lost"):
            raise ChildFailed(f"{OF_SERVER} {self.name} {_of_others(lost)}")
        if problem := answer.head.get("error"):
            raise ToolError(f"{OF_SERVER} {self.name} refuses: {_of_others(problem)}")
        return answer

    def _take(self, answer: Frame) -> None:
        self.tools, unusable = described_tools(self, _rows(answer, "tools"))
        named = (
            LeftOutTool(one_line(str(row["name"]), NAME_CHARACTERS), f"{_of_others(row['reason'])}.")
            for row in _rows(answer, "left_out")
        )
        self.left_out = (*named, *unusable)
        self.problem = ""


def _rows(answer: Frame, name: str) -> Rows:
    told = answer.head.get(name)
    return cast(Rows, told) if isinstance(told, list) else []


def _of_others(said: JsonValue) -> str:
    return cut_failure(mask_known(mask_text(str(said))))


def _reach(server: McpServer) -> dict[str, JsonValue]:
    return {
        "command": [word.get_secret_value() for word in server.command],
        "url": server.url.get_secret_value(),
        "environment": {name: value.get_secret_value() for name, value in server.environment.items()},
        "headers": {name: value.get_secret_value() for name, value in server.headers.items()},
        "timeout_seconds": server.timeout_seconds,
        "start_seconds": server.start_seconds,
    }
