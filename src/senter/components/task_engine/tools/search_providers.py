"""What web_search can ask: a SearXNG server, DuckDuckGo, the user's own documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Protocol, cast
from urllib.parse import urlencode

from senter.component.frames import Frame
from senter.component.isolated import Isolated
from senter.components.task_engine.contract.tool import ToolCall
from senter.errors import ChildFailed, CommunicationError, ToolError, Unavailable
from senter.messages.documents import SearchDocuments
from senter.messages.goals import Source
from senter.text import one_line

SEARCH_SECONDS = 15.0
ANSWER_BYTES = 4 * 1024 * 1024
EXCERPT_CHARACTERS = 500


class Provider(Protocol):
    """Raises `ToolError` when it does not answer."""

    @property
    def name(self) -> str: ...

    async def search(self, query: str, limit: int, call: ToolCall) -> Sequence[Source]: ...


class SearxNg:
    """A SearXNG server that gives JSON (`search.formats` in its settings)."""

    name = "searxng"

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def search(self, query: str, limit: int, call: ToolCall) -> Sequence[Source]:
        asked = f"{self._url}/search?{urlencode({'q': query, 'format': 'json'})}"
        async with call.access.fetch(asked, limit_bytes=ANSWER_BYTES, timeout_seconds=SEARCH_SECONDS) as answer:
            if answer.status != 200:
                hint = "Allow the format json in its settings (search.formats)." if answer.status == 403 else ""
                raise ToolError(f"SearXNG answered with status {answer.status}.", hint, retryable=answer.status >= 500)
            content = b"".join([piece async for piece in answer.body])
        return tuple(_searxng_sources(content))[:limit]


class DuckDuckGo:
    """Through the library ddgs, in a child process: it brings threads and a native HTTP client."""

    name = "ddgs"

    def __init__(self, child: Isolated) -> None:
        self._child = child

    async def search(self, query: str, limit: int, call: ToolCall) -> Sequence[Source]:
        try:
            answer = await self._child.ask(Frame({"query": query, "limit": limit}), timeout_seconds=SEARCH_SECONDS)
        except ChildFailed as error:
            raise ToolError(f"DuckDuckGo cannot be asked. {error.message}", retryable=True) from error
        if problem := str(answer.head.get("error", "")):
            raise ToolError(f"DuckDuckGo cannot be asked: {problem}.", retryable=True)
        results = cast("list[Mapping[str, object]]", answer.head.get("results", []))
        return tuple(_source(one, "href", "body") for one in results)[:limit]


class OwnDocuments:
    """The documents component."""

    name = "documents"

    async def search(self, query: str, limit: int, call: ToolCall) -> Sequence[Source]:
        try:
            reply = await call.bus.request(SearchDocuments(query=query, limit=limit), timeout_seconds=SEARCH_SECONDS)
        except (CommunicationError, Unavailable) as error:
            raise ToolError(f"Your documents cannot be searched: {error.message}", retryable=True) from error
        return tuple(Source(title=one.title, address=one.path, quote=one.excerpt) for one in reply.passages)


def listed(sources: Sequence[Source]) -> str:
    """What was found, numbered; empty for nothing. The name of a file may hold line breaks."""
    lines = [
        f"{place}. {one_line(one.title)}\n{one_line(one.address)}\n{one.quote}" for place, one in enumerate(sources, 1)
    ]
    return "\n\n".join(lines)


def _searxng_sources(content: bytes) -> list[Source]:
    try:
        found: object = json.loads(content)
    except ValueError as error:
        raise ToolError("SearXNG answered with something else than JSON.") from error
    results: object = cast("dict[str, object]", found).get("results") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise ToolError("SearXNG answered without results.")
    each = [cast("Mapping[str, object]", one) for one in cast("list[object]", results) if isinstance(one, dict)]
    return [source for source in (_source(one, "url", "content") for one in each) if source.address]


def _source(found: Mapping[str, object], address: str, quote: str) -> Source:
    return Source(
        title=one_line(str(found.get("title") or ""), 200),
        address=one_line(str(found.get(address) or ""))[:2_000],
        quote=one_line(str(found.get(quote) or ""), EXCERPT_CHARACTERS),
    )
