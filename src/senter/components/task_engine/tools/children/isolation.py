"""Tools of other packages: their code runs in a child process, so that a tool that hangs, crashes or answers
without end harms nothing. Files, hosts and programs it reaches through the goal's access, over the pipe.

The child has the rights of the user, as every package has that the user installs: this guards against
faults. That is why such a tool waits for a person until the settings name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import cast

from pydantic import BaseModel, JsonValue, ValidationError

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.component.threads import in_thread
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.components.task_engine.tools.children.foreign import (
    Description,
    ForeignArguments,
    ForeignTool,
    Returned,
    error_of,
    failed,
    told_error,
)
from senter.components.task_engine.tools.file_read import read_whole
from senter.errors import ChildFailed, SenterError, ToolError
from senter.messages.needs import Need, UseTool
from senter.paths import Paths

CHILD = "senter.components.task_engine.tools.children.isolation_child"
LIMITS = ChildLimits(memory_mb=2_048, cpu_seconds=600, answer_bytes=16 * 1024 * 1024)
DESCRIBE_SECONDS = 20.0
LARGEST_PAGE_BYTES = 10 * 1024 * 1024


def child_of(entry_point: str) -> Isolated:
    return Isolated(CHILD, entry_point, limits=LIMITS)


async def isolated_tool(child: Isolated) -> Tool[BaseModel]:
    """The tool that lives in the child. Raises `ToolError` with the reason why it cannot be used."""
    try:
        answer = await child.ask(Frame({"do": "describe"}), timeout_seconds=DESCRIBE_SECONDS)
    except ChildFailed as error:
        raise ToolError(f"It cannot be loaded. {error.message}") from error
    if "error" in answer.head:
        raise error_of(answer.head["error"])
    try:
        described = Description.model_validate(answer.head["tool"])
    except ValidationError as error:
        first = error.errors()[0]
        raise ToolError(f"What it says of itself is wrong: {first['loc'][0]}: {first['msg']}.") from error
    return cast(Tool[BaseModel], IsolatedTool(child, described))


class IsolatedTool(ForeignTool):
    """Stands for the tool in the child."""

    def __init__(self, child: Isolated, described: Description) -> None:
        super().__init__(described, described.name, f"the tool's name; {described.permission}")
        self.owner = UseTool(name=self.name)
        self._child = child

    def needs(self, arguments: ForeignArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseTool(name=self.name), *super().needs(arguments, paths))

    async def run(self, arguments: ForeignArguments, call: ToolCall) -> ToolResult:
        answer = await self._converse("run", arguments, call)
        try:
            return Returned.model_validate(answer.head["result"]).result()
        except (KeyError, ValidationError) as error:
            raise failed(self, "It returned something else than a ToolResult.") from error

    async def compensate(self, arguments: ForeignArguments, call: ToolCall) -> None:
        await self._converse("compensate", arguments, call)

    async def _converse(self, doing: str, arguments: ForeignArguments, call: ToolCall) -> Frame:
        """Answer what the tool asks for until it is done."""
        head: dict[str, JsonValue] = {
            "do": doing,
            "arguments": arguments.model_dump(mode="json"),
            "key": call.idempotency_key,
            "grant": call.access.grant.model_dump(mode="json"),
            "home": str(call.paths.home),
        }
        try:
            async with self._child.exchange(timeout_seconds=self.timeout_seconds) as exchange:
                await exchange.send(Frame(head))
                while "ask" in (said := await exchange.receive()).head:
                    await exchange.send(await answered(said, call.access))
        except ChildFailed as error:
            raise failed(self, error.message) from error
        if "error" in said.head:
            raise error_of(said.head["error"])
        return said


async def answered(frame: Frame, access: Access) -> Frame:
    """Do what the tool asked for, as far as the grant goes."""
    try:
        match str(frame.head["ask"]):
            case "fetch":
                return await _fetched(frame.head, access)
            case "run":
                return await _ran(frame.head, access)
            case asked:
                return await in_thread(_file_answer, asked, frame, access)
    except SenterError as error:
        return Frame({"error": told_error(error)})


def _file_answer(asked: str, frame: Frame, access: Access) -> Frame:
    path = Path(str(frame.head["path"]))
    match asked:
        case "read":
            return Frame({}, read_whole(access, path, LARGEST_PAGE_BYTES))
        case "write":
            access.write(path, frame.body, replace=frame.head["replace"] is True)
        case "rewrite":
            known = frame.head["was_bytes"]
            was = frame.body[:known] if isinstance(known, int) else None
            access.rewrite(path, frame.body[len(was or b"") :], was=was)
        case "list":
            entries = access.list(path)
            rows: list[JsonValue] = [list(astuple(one)) for one in entries]
            return Frame({"entries": rows})
        case "make_folder":
            access.make_folder(path)
        case "move":
            access.move(path, Path(str(frame.head["target"])), for_now=frame.head["for_now"] is True)
        case "tied":
            return Frame({"names": [*sorted(access.tied(path))]})
        case "copy":
            access.copy(path, Path(str(frame.head["target"])))
        case "exists":
            return Frame({"exists": access.exists(path)})
        case _:
            raise ToolError(f"There is nothing called {asked!r} to ask for.")
    return Frame({})


async def _fetched(head: Mapping[str, JsonValue], access: Access) -> Frame:
    limit_bytes = min(_number(head, "limit_bytes"), LARGEST_PAGE_BYTES)
    seconds = float(_number(head, "timeout_seconds"))
    async with access.fetch(str(head["url"]), limit_bytes=limit_bytes, timeout_seconds=seconds) as answer:
        body = b"".join([piece async for piece in answer.body])
    return Frame({"url": answer.url, "status": answer.status, "content_type": answer.content_type}, body)


async def _ran(head: Mapping[str, JsonValue], access: Access) -> Frame:
    argv = head["argv"]
    if not isinstance(argv, list):
        raise ToolError("A program's arguments are a list.")
    ran = await access.run(
        [str(part) for part in argv],
        folder=Path(str(head["folder"])),
        timeout_seconds=float(_number(head, "timeout_seconds")),
        limit_bytes=min(_number(head, "limit_bytes"), LARGEST_PAGE_BYTES),
    )
    return Frame({"exit_code": ran.exit_code, "truncated": ran.truncated}, ran.output.encode(errors="replace"))


def _number(head: Mapping[str, JsonValue], name: str) -> int:
    value = head[name]
    if not isinstance(value, int | float) or value <= 0:
        raise ToolError(f"{name} must be a number above 0.")
    return int(value)
