"""The tools a task has, each as short as it can be: what keeps them to the grant is the access alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.web_address import web_address
from senter.errors import ToolError
from senter.messages.needs import CreatePath, Need, ReachHost, ReadPath, RunCommand, WritePath

LIMIT_BYTES = 1_000_000
PATIENCE_SECONDS = 10.0


class Arguments(BaseModel):
    """The arguments of all of them; each takes those it knows."""

    model_config = ConfigDict(extra="ignore")

    path: Path = Path()
    source: Path = Path()
    target: Path = Path()
    content: str = ""
    replace: bool = False
    url: str = ""
    argv: tuple[str, ...] = ()
    folder: Path | None = None


def parsed(arguments: Mapping[str, object]) -> Arguments:
    try:
        return Arguments.model_validate(arguments)
    except ValidationError as error:
        raise ToolError("These are no arguments.") from error


def needs_of(tool: str, given: Arguments) -> tuple[Need, ...]:
    match tool:
        case "file_read" | "file_list":
            return (ReadPath(path=given.path),)
        case "file_write" | "make_folder":
            return (CreatePath(path=given.path),)
        case "file_copy":
            return ReadPath(path=given.source), CreatePath(path=given.target)
        case "file_move":
            return WritePath(path=given.source), CreatePath(path=given.target)
        case "web_fetch":
            place = web_address(given.url)
            return (ReachHost(host=place.host, port=place.port),)
        case "run_command":
            return (RunCommand(argv=given.argv),)
        case _:
            raise ToolError(f"There is no tool {tool}.")


async def call(tool: str, given: Arguments, access: Access, folder: Path) -> str:
    """What a call yields, as a model would get to read it."""
    match tool:
        case "file_read":
            with access.open_for_reading(given.path) as file:
                return file.read(LIMIT_BYTES).decode(errors="replace")
        case "file_list":
            return "\n".join(entry.name for entry in access.list(given.path))
        case "file_write":
            access.write(given.path, given.content.encode(), replace=given.replace)
        case "make_folder":
            access.make_folder(given.path)
        case "file_copy":
            access.copy(given.source, given.target)
        case "file_move":
            access.move(given.source, given.target)
        case "web_fetch":
            async with access.fetch(given.url, limit_bytes=LIMIT_BYTES, timeout_seconds=PATIENCE_SECONDS) as fetched:
                return b"".join([piece async for piece in fetched.body]).decode(errors="replace")
        case "run_command":
            where = given.folder or folder
            ran = await access.run(given.argv, folder=where, timeout_seconds=PATIENCE_SECONDS, limit_bytes=LIMIT_BYTES)
            return ran.output
        case _:
            raise ToolError(f"There is no tool {tool}.")
    return ""
