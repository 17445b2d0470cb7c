"""Tools of MCP servers, as the engine has them: with names that can be typed, each as its server describes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, JsonValue, ValidationError

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import LARGEST_RESULT_CHARACTERS, Tool, ToolCall, ToolResult
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
from senter.text import one_line

if TYPE_CHECKING:
    from senter.components.task_engine.tools.children.mcp_servers import McpSession

START_SECONDS = 10.0
"""How much longer than its server's time a call may take, with the start of the server."""
MOST_TOOLS = 500
LONGEST_NAME, NAME_CHARACTERS = 128, 80
_ODD = re.compile(r"[^A-Za-z0-9_./-]+")


@dataclass(frozen=True, slots=True)
class LeftOutTool:
    """A tool that cannot be used."""

    name: str
    """As the server says it."""
    reason: str


def described_tools(
    session: McpSession, told: Sequence[Mapping[str, JsonValue]]
) -> tuple[tuple[Tool[BaseModel], ...], tuple[LeftOutTool, ...]]:
    """Those that can be used, and those that cannot; none costs another."""
    found: dict[str, Tool[BaseModel]] = {}
    rows: dict[str, Mapping[str, JsonValue]] = {}
    left_out: list[LeftOutTool] = []
    for row in told[:MOST_TOOLS]:
        name = one_line(str(row.get("name", "")), NAME_CHARACTERS)
        try:
            tool = McpTool(session, row)
        except ToolError as error:
            left_out.append(LeftOutTool(name, error.message))
            continue
        if rows.setdefault(tool.name, row) == row:
            found[tool.name] = cast("Tool[BaseModel]", tool)
        else:
            left_out.append(LeftOutTool(name, f"Another tool of the server has the name {tool.name}."))
    if (more := len(told) - MOST_TOOLS) and more > 0:
        left_out.append(
            LeftOutTool("(more)", f"{more:,} more tools are left out: of one server {MOST_TOOLS} are taken.")
        )
    return tuple(found.values()), tuple(left_out)


def plain_name(name: str) -> str:
    """A name of letters, digits and `_./-`. Raises `ToolError` where nothing of it is left."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = _ODD.sub("_", ascii_only).lstrip("./-")[:LONGEST_NAME]
    if not plain.strip("_./-"):
        raise ToolError("Its name has no letter from A to Z and no digit.")
    return plain


class McpTool(ForeignTool):
    """Stands for one tool of a server. Raises `ToolError` for one that says nothing sensible of itself."""

    def __init__(self, session: McpSession, told: Mapping[str, JsonValue]) -> None:
        self._tool = str(told.get("name", ""))
        described = _description(session, told, plain_name(self._tool))
        super().__init__(described, f"{session.name}.{described.name}", f"the MCP server {session.name}")
        self.owner = UseMcpServer(name=session.name)
        self._session = session

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
        self._start_seconds = session.server.timeout_seconds + START_SECONDS / 2
        self.timeout_seconds = min(self._start_seconds + longest_call(session), 3_600)
        self.owner = UseMcpServer(name=session.name)
        self._session = session

    def needs(self, arguments: ForeignArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseMcpServer(name=self._session.name),)

    async def run(self, arguments: ForeignArguments, call: ToolCall) -> ToolResult:
        await self._session.ready(self._start_seconds)
        for tool in self._session.tools:
            if tool.name == self.name:
                return await tool.run(parsed(tool, arguments.model_dump(mode="json")), call)
        raise ToolError(f"{self.name} cannot be used: {self._session.problem or 'the server has no such tool'}")


def longest_call(session: McpSession) -> float:
    """In seconds."""
    return min(session.server.timeout_seconds + START_SECONDS, 3_600)


def _description(session: McpSession, told: Mapping[str, JsonValue], name: str) -> Description:
    try:
        return Description.model_validate(
            {
                **told,
                "name": name,
                "description": mask_known(str(told["description"])),
                "effect": told["effect"] or session.server.effect,
                "permission": "",
                "timeout_seconds": longest_call(session),
            }
        )
    except (KeyError, ValidationError) as error:
        raise ToolError("What it says of itself cannot be read.") from error


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
