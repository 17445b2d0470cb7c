"""The child that one tool of another package lives in. Run as a module, with the name of its entry point."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import BinaryIO, cast

import structlog
from pydantic import BaseModel, JsonValue

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.frames import Frame
from senter.component.isolated_child import FrameChannel, open_channel, run
from senter.components.task_engine.contract.access import Fetched, FolderEntry, Ran
from senter.components.task_engine.contract.call_arguments import parsed
from senter.components.task_engine.contract.tool import Tool, ToolCall
from senter.components.task_engine.tools.children.foreign import Returned, error_of, told_error
from senter.errors import SenterError, ToolError
from senter.messages.goals import Grant
from senter.messages.message import ComponentName
from senter.paths import Paths

GROUP = "senter.tools"


def main() -> None:
    channel, (name, *_) = open_channel()
    asyncio.run(_serve(channel, name))


async def _serve(channel: FrameChannel, name: str) -> None:
    """What a tool raises that is no `SenterError` ends the process; the engine tells its last words."""
    loaded: Tool[BaseModel] | None = None
    while (frame := await asyncio.to_thread(channel.receive)) is not None:
        try:
            loaded = loaded or load(name)
            answer = await _answer(frame, loaded, channel)
        except SenterError as error:
            answer = Frame({"error": told_error(error)})
        channel.send(answer)


def load(name: str) -> Tool[BaseModel]:
    """Raises `ToolError` for what is no tool."""
    for entry in entry_points(group=GROUP, name=name):
        found = entry.load()
        if not isinstance(found, Tool):
            raise ToolError(f"Make its entry point in {GROUP} an instance of Tool.")
        kinds = type(cast("Tool[BaseModel]", found)).__mro__
        if any("needs" in kind.__dict__ for kind in kinds if kind is not Tool and issubclass(kind, Tool)):
            raise ToolError("It overrides `needs`; mark its arguments with READS, WRITES and REACHES instead.")
        return cast("Tool[BaseModel]", found)
    raise ToolError(f"There is no entry point {name} in {GROUP}.")


async def _answer(frame: Frame, tool: Tool[BaseModel], channel: FrameChannel) -> Frame:
    if frame.head["do"] == "describe":
        return Frame({"tool": _described(tool)})
    call = _call(frame, channel)
    arguments = parsed(tool, cast("dict[str, JsonValue]", frame.head["arguments"]))
    if frame.head["do"] == "compensate":
        await tool.compensate(arguments, call)
        return Frame({})
    result = await tool.run(arguments, call)
    return Frame({"result": Returned.model_validate(result).model_dump(mode="json")})


def _described(tool: Tool[BaseModel]) -> dict[str, JsonValue]:
    if reason := tool.unavailable():
        raise ToolError(reason)
    return {
        "name": tool.name,
        "description": tool.description,
        "effect": tool.effect.value,
        "permission": tool.permission,
        "timeout_seconds": tool.timeout_seconds,
        "json_schema": tool.schema(),
        "postconditions": [one.model_dump(mode="json") for one in tool.postconditions],
    }


def _call(frame: Frame, channel: FrameChannel) -> ToolCall:
    return ToolCall(
        idempotency_key=str(frame.head["key"]),
        access=PipedAccess(channel, Grant.model_validate(frame.head["grant"])),
        asked_at=SystemClock().now(),
        paths=Paths(Path(str(frame.head["home"]))),
        bus=MemoryBroker().bus(ComponentName("tool"), Manifest()),  # there is none for tools of other packages
        clock=SystemClock(),
        log=structlog.stdlib.get_logger("tool"),
    )


class PipedAccess:
    """An `Access` that asks the engine, which enforces the grant. Whole files and pages cross at once."""

    made = ()
    """The engine keeps count, whatever is said here."""

    def __init__(self, channel: FrameChannel, grant: Grant) -> None:
        self.grant = grant
        self._channel = channel
        self._asking = threading.Lock()

    def open_for_reading(self, path: Path) -> BinaryIO:
        return io.BytesIO(self._ask("read", path=str(path)).body)

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        self._ask("write", content, path=str(path), replace=replace)

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        known = None if was is None else len(was)
        self._ask("rewrite", (was or b"") + content, path=str(path), was_bytes=known)

    def list(self, folder: Path) -> list[FolderEntry]:
        rows = cast("Sequence[tuple[str, bool, int, float, bool]]", self._ask("list", path=str(folder)).head["entries"])
        return [FolderEntry(*row) for row in rows]

    def make_folder(self, path: Path) -> None:
        self._ask("make_folder", path=str(path))

    def tied(self, folder: Path) -> frozenset[str]:
        return frozenset(cast("Sequence[str]", self._ask("tied", path=str(folder)).head["names"]))

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        self._ask("move", path=str(source), target=str(target), for_now=for_now)

    def copy(self, source: Path, target: Path) -> None:
        self._ask("copy", path=str(source), target=str(target))

    def exists(self, path: Path) -> bool:
        return self._ask("exists", path=str(path)).head["exists"] is True

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        answer = self._ask(
            "run", argv=list(argv), folder=str(folder), timeout_seconds=timeout_seconds, limit_bytes=limit_bytes
        )
        exit_code = cast(int, answer.head["exit_code"])
        return Ran(exit_code, answer.body.decode(errors="replace"), answer.head["truncated"] is True)

    @asynccontextmanager
    async def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AsyncGenerator[Fetched]:
        answer = self._ask("fetch", url=url, limit_bytes=limit_bytes, timeout_seconds=timeout_seconds)
        head = answer.head
        status = cast(int, head["status"])
        yield Fetched(str(head["url"]), status, str(head["content_type"]), _in_one_piece(answer.body))

    def _ask(self, what: str, content: bytes = b"", **named: JsonValue) -> Frame:
        with self._asking:
            self._channel.send(Frame({"ask": what, **named}, content))
            answer = self._channel.receive()
        if answer is None:
            raise SystemExit
        if "error" in answer.head:
            raise error_of(answer.head["error"])
        return answer


async def _in_one_piece(body: bytes) -> AsyncIterator[bytes]:
    yield body


if __name__ == "__main__":
    run(main)
