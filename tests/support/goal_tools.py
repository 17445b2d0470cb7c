"""Tools and steps for tests of planning and carrying out: real files in a folder, no journal, no daemon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from senter.component.models import RESEARCH, ModelClient
from senter.components.task_engine.contract.plan import Plan
from senter.components.task_engine.contract.steps import Assignment, Executor, TaskOutput
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolResult
from senter.errors import NotFound, ToolError
from senter.messages.goals import GoalId, Grant, Source
from senter.messages.model import ModelRequest, ModelResponse
from senter.messages.needs import Need, ReachHost, ReadPath, UseProvider
from senter.messages.tools import EffectClass
from senter.paths import Paths

ASKED_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1)
    limit: int = Field(default=5, ge=1, le=50)


class OnePath(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str


class OneUrl(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str


class FromTo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str
    target: str


class Noted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    text: str


class Nothing(BaseModel):
    pass


class Page(Tool[Nothing]):
    """What somebody else wrote: who reads it is tainted."""

    name = "page"
    description = "A page."
    arguments = Nothing
    effect = EffectClass.PURE
    permission = "nothing"

    async def run(self, arguments: Nothing, call: ToolCall) -> ToolResult:
        return ToolResult("what somebody else wrote")


class DocumentsSearch(Tool[Query]):
    """Finds the files of a folder that have any word of the query, those with most of them first."""

    name = "documents_search"
    description = "Searches your own documents."
    arguments = Query
    effect = EffectClass.PURE
    permission = "the provider documents"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def needs(self, arguments: Query, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name="documents"),)

    async def run(self, arguments: Query, call: ToolCall) -> ToolResult:
        return self.search(arguments)

    def search(self, arguments: Query) -> ToolResult:
        asked = arguments.query.lower().split()
        found = [(sum(word.rstrip("s") in text.lower() for word in asked), path, text) for path, text in self._texts()]
        best = sorted((hit for hit in found if hit[0]), key=lambda hit: (-hit[0], hit[1]))[: arguments.limit]
        sources = tuple(Source(title=path.stem, address=str(path), quote=text[:200]) for _, path, text in best)
        return ToolResult(text="\n".join(source.address for source in sources), sources=sources)

    def _texts(self) -> list[tuple[Path, str]]:
        return [(path, path.read_text()) for path in sorted(self._folder.iterdir()) if path.is_file()]


class WebSearch(Tool[Query]):
    name = "web_search"
    description = "Searches the web."
    arguments = Query
    effect = EffectClass.PURE
    permission = "a web provider"

    def __init__(self, found: Sequence[Source] = (), *, on: bool = True) -> None:
        self.found = tuple(found)
        self.on = on

    def needs(self, arguments: Query, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name="ddgs"),)

    def unavailable(self) -> str:
        return "" if self.on else "no web provider is on"

    async def run(self, arguments: Query, call: ToolCall) -> ToolResult:
        return ToolResult(text="", sources=self.found[: arguments.limit])


class WebFetch(Tool[OneUrl]):
    name = "web_fetch"
    description = "Reads a page."
    arguments = OneUrl
    effect = EffectClass.PURE
    permission = "the page's host"

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.pages = pages

    def needs(self, arguments: OneUrl, paths: Paths) -> tuple[Need, ...]:
        return (ReachHost(host=arguments.url.split("/")[2], port=443),)

    async def run(self, arguments: OneUrl, call: ToolCall) -> ToolResult:
        if arguments.url not in self.pages:
            raise ToolError(f"{arguments.url} is not there.")
        return ToolResult(text=self.pages[arguments.url])


class FileRead(Tool[OnePath]):
    name = "file_read"
    description = "Reads a file."
    arguments = OnePath
    effect = EffectClass.PURE
    permission = "the folder"

    def needs(self, arguments: OnePath, paths: Paths) -> tuple[Need, ...]:
        return (ReadPath(path=Path(arguments.path)),)

    async def run(self, arguments: OnePath, call: ToolCall) -> ToolResult:
        return self.read(arguments)

    def read(self, arguments: OnePath) -> ToolResult:
        path = Path(arguments.path)
        if not path.is_file():
            raise NotFound(f"{path} is not there.")
        source = Source(title=path.name, address=str(path))
        return ToolResult(text=path.read_text(), data={"path": str(path)}, sources=(source,))


class Note(Tool[Noted]):
    name = "note"
    description = "Writes a note."
    arguments = Noted
    effect = EffectClass.IDEMPOTENT
    permission = "the notes folder"

    async def run(self, arguments: Noted, call: ToolCall) -> ToolResult:
        return ToolResult(text=f"{arguments.title}\n{arguments.text}", trusted=True)


class FewTools:
    """A registry of the tools it is given."""

    def __init__(self, *tools: object) -> None:
        known = (cast("Tool[BaseModel]", tool) for tool in tools)  # each is a tool of its own arguments
        self._tools = {tool.name: tool for tool in known}

    def names(self) -> list[str]:
        return list(self._tools)

    def get(self, name: str) -> Tool[BaseModel]:
        return self._tools[name]


def grant_for(folder: Path, *hosts: str) -> Grant:
    return Grant(read_roots=(str(folder.resolve()),), hosts=hosts, providers=("documents", "ddgs"))


class PlainSteps:
    """Carries steps out at once and remembers them."""

    def __init__(self, tools: FewTools, call: ToolCall, client: ModelClient) -> None:
        self._tools = tools
        self._call = call
        self._client = client
        self.called: list[tuple[str, dict[str, JsonValue]]] = []
        self.asked: list[ModelRequest] = []
        self.tainted = False

    def with_tools(self, tools: FewTools) -> PlainSteps:
        """Others for these tools."""
        return PlainSteps(tools, self._call, self._client)

    async def tool(self, name: str, arguments: Mapping[str, JsonValue], *, may_wait: bool = True) -> ToolResult:
        self.called.append((name, dict(arguments)))
        tool = self._tools.get(name)
        return await tool.run(tool.arguments.model_validate(dict(arguments)), self._call)

    def taint(self) -> None:
        self.tainted = True

    async def model(self, request: ModelRequest) -> ModelResponse:
        self.asked.append(request)
        return await self._client.ask(request, RESEARCH, timeout_seconds=10)


async def run_plan(
    plan: Plan, goal: str, executor: Executor, steps: PlainSteps, grant: Grant | None = None
) -> dict[int, TaskOutput]:
    """Every task of a plan, each after those it needs."""
    outputs: dict[int, TaskOutput] = {}
    while len(outputs) < len(plan.tasks):
        for number, task in enumerate(plan.tasks, 1):
            if number in outputs or not set(task.depends_on) <= outputs.keys():
                continue
            inputs = {needed: outputs[needed] for needed in task.depends_on}
            found = Assignment(GoalId(1), goal, task, inputs, ASKED_AT, grant or Grant())
            outputs[number] = await executor.carry_out(found, steps)
    return outputs
