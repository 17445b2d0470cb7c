"""The tool web_search: asks the first provider that answers, of those the user named."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.search_providers import Provider, listed
from senter.errors import ToolError
from senter.messages.goals import Source
from senter.messages.needs import Need, UseProvider
from senter.messages.tools import EffectClass
from senter.paths import Paths


class WebSearchArguments(Arguments):
    query: Line
    """What to search for."""
    limit: int | None = Field(default=None, ge=1, le=50)
    """How many results at most; the number in the settings by default."""


class WebSearch(Tool[WebSearchArguments]):
    """Falls back on the user's documents when no web provider answers, and says so."""

    name = "web_search"
    description = "Searches the web with the providers the user switched on. Gives titles, addresses and excerpts."
    arguments = WebSearchArguments
    examples = (ToolExample("Search the web for cheap hotels in Rome", {"query": "cheap hotels in Rome"}),)
    effect = EffectClass.PURE
    permission = "the search providers that are switched on"
    timeout_seconds = 45.0

    def __init__(self, web: Sequence[Provider], documents: Provider, results: int) -> None:
        self._web = tuple(web)
        self._documents = documents
        self._results = results

    def unavailable(self) -> str:
        if self._web:
            return ""
        return "no web provider is switched on (task_engine.searxng_url or task_engine.ddgs)"

    def needs(self, arguments: WebSearchArguments, paths: Paths) -> tuple[Need, ...]:
        return tuple(UseProvider(name=provider.name) for provider in (*self._web, self._documents))

    async def run(self, arguments: WebSearchArguments, call: ToolCall) -> ToolResult:
        limit = arguments.limit or self._results
        failures: list[ToolError] = []
        for provider in self._web:
            try:
                return _result(await provider.search(arguments.query, limit, call), provider.name)
            except ToolError as error:
                failures.append(error)
        return await self._instead(arguments.query, limit, call, failures)

    async def _instead(self, query: str, limit: int, call: ToolCall, failures: list[ToolError]) -> ToolResult:
        why = " ".join(error.message for error in failures)
        retryable = any(error.retryable for error in failures)
        try:
            found = await self._documents.search(query, limit, call)
        except ToolError:
            found = ()
        if not found:
            raise ToolError(f"The web could not be searched. {why}", retryable=retryable)
        return _result(found, self._documents.name, note=f"The web could not be searched. {why} From your documents:\n")


def _result(sources: Sequence[Source], provider: str, note: str = "") -> ToolResult:
    text = note + (listed(sources) or "Nothing was found.")
    return ToolResult(text=text, data={"provider": provider, "count": len(sources)}, sources=tuple(sources))
