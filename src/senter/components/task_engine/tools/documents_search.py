"""The tool documents_search: asks the documents component."""

from __future__ import annotations

from pydantic import Field

from senter.components.task_engine.contract.arguments import Arguments, Line
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.components.task_engine.tools.search_providers import Provider, listed
from senter.messages.needs import Need, UseProvider
from senter.messages.tools import EffectClass
from senter.paths import Paths


class DocumentsSearchArguments(Arguments):
    query: Line
    """Words, or a question."""
    limit: int = Field(default=5, ge=1, le=50)
    """How many documents at most."""


class DocumentsSearch(Tool[DocumentsSearchArguments]):
    name = "documents_search"
    description = "Searches the user's own documents (text, Markdown, HTML, PDF) and gives paths and excerpts."
    arguments = DocumentsSearchArguments
    examples = (ToolExample("What do my papers say about the garage?", {"query": "garage"}),)
    effect = EffectClass.PURE
    permission = "the provider documents"
    timeout_seconds = 20.0

    def __init__(self, documents: Provider) -> None:
        self._documents = documents

    def needs(self, arguments: DocumentsSearchArguments, paths: Paths) -> tuple[Need, ...]:
        return (UseProvider(name=self._documents.name),)

    async def run(self, arguments: DocumentsSearchArguments, call: ToolCall) -> ToolResult:
        sources = tuple(await self._documents.search(arguments.query, arguments.limit, call))
        text = listed(sources) or "Nothing was found in your documents."
        return ToolResult(text=text, data={"count": len(sources)}, sources=sources)
