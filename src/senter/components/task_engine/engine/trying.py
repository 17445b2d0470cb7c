"""One call of a tool with a person's own arguments, under the default grant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.audit import ENGINE, USER
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.result_codec import encode_result, shortened
from senter.components.task_engine.journal.steps import exact_json
from senter.components.task_engine.permissions.decide import outside
from senter.errors import Forbidden, InvalidInput, PermissionNeeded, SenterError, ToolError
from senter.messages.goals import Grant
from senter.messages.message import new_message_id
from senter.messages.tools import EffectClass, TestTool, ToolTested

SHOWN_CHARACTERS = 20_000
SOURCES_SHOWN = 50


async def try_tool(command: TestTool, grant: Grant, journal: EngineJournal, services: EngineServices) -> ToolTested:
    """Raises `NotFound`, `InvalidInput`, `ToolError`, and `Forbidden` for a once-only tool or what the default grant
    does not cover."""
    tool = services.tools.get(command.tool)
    if tool.effect is EffectClass.ONCE_ONLY:
        raise Forbidden(f"{tool.name} has an effect that cannot be undone.", "Use it in a goal.")
    if reason := tool.unavailable():
        raise ToolError(f"{tool.name} cannot be used: {reason}")
    exact = _understood(tool, command)
    now = services.clock.now()
    if beyond := outside(grant, tool.needs(exact, services.paths), now):
        raise _outside_default(beyond)
    journal.audit.note(now, USER, "tool_tested", tool.name, exact_json(command.arguments))
    call = ToolCall(
        new_message_id(), services.access(grant, None), now, services.paths, services.bus, services.clock, services.log
    )
    try:
        result = shortened(await _called(tool, exact, call))
    except SenterError as error:
        journal.audit.note(services.clock.now(), ENGINE, "test_failed", tool.name, error.message)
        raise
    journal.audit.note(services.clock.now(), ENGINE, "test_returned", tool.name, encode_result(result))
    return ToolTested(
        text=result.text[:SHOWN_CHARACTERS],
        sources=result.sources[:SOURCES_SHOWN],
        truncated=len(result.text) > SHOWN_CHARACTERS,
    )


def _understood(tool: Tool[BaseModel], command: TestTool) -> BaseModel:
    try:
        return parsed(tool, command.arguments)
    except ToolError as error:
        raise InvalidInput(error.message, f"See: senter tools show {tool.name}") from error


async def _called(tool: Tool[BaseModel], exact: BaseModel, call: ToolCall) -> ToolResult:
    try:
        async with asyncio.timeout(tool.timeout_seconds):
            return await tool.run(exact, call)
    except PermissionNeeded as error:
        raise _outside_default(error.needs) from error
    except TimeoutError as error:
        raise ToolError(f"{tool.name} took longer than {tool.timeout_seconds:g} s.") from error


def _outside_default(needs: Sequence[object]) -> Forbidden:
    return Forbidden(
        f"A try may do what every goal may, and that is not: {'; '.join(map(str, needs))}.",
        "Use it in a goal, which asks you. See: senter approvals",
    )
