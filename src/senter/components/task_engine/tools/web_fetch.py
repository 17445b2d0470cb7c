"""The tool web_fetch: a page as a person reads it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from senter.component.kinds import FileKind
from senter.component.readable import Readable, Reader
from senter.components.task_engine.contract.access import Fetched
from senter.components.task_engine.contract.arguments import REACHES, Arguments, Line
from senter.components.task_engine.contract.plan import TextAtLeast
from senter.components.task_engine.contract.tool import Tool, ToolCall, ToolExample, ToolResult
from senter.errors import ToolError, Unreadable
from senter.messages.goals import Source
from senter.messages.tools import EffectClass

LARGEST_PAGE_BYTES = 10 * 1024 * 1024
FETCH_SECONDS = 30.0
QUOTE_CHARACTERS = 300
LONGEST_ADDRESS = 300
PASSING = frozenset({408, 425, 429})
KINDS = {"text/html": FileKind.HTML, "application/xhtml+xml": FileKind.HTML, "application/pdf": FileKind.PDF}
TOP_LEVEL = ("application", "audio", "font", "image", "model", "multipart", "text", "video")
TEXTS = ("text/", "application/json", "application/xml", "application/rss+xml", "application/atom+xml")


class WebFetchArguments(Arguments):
    url: Annotated[Line, Field(max_length=8_192), REACHES]
    """The address, http or https."""
    max_characters: int = Field(default=50_000, ge=100, le=200_000)
    """How much of the text to return."""


class WebFetch(Tool[WebFetchArguments]):
    name = "web_fetch"
    description = "Reads one page of the web (HTML, PDF or text) and gives its readable text and title."
    arguments = WebFetchArguments
    examples = (ToolExample("What does https://example.com/about say?", {"url": "https://example.com/about"}),)
    effect = EffectClass.PURE
    permission = "the host of the address"
    timeout_seconds = 75.0
    postconditions = (TextAtLeast(characters=1),)

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def run(self, arguments: WebFetchArguments, call: ToolCall) -> ToolResult:
        fetching = call.access.fetch(arguments.url, limit_bytes=LARGEST_PAGE_BYTES, timeout_seconds=FETCH_SECONDS)
        async with fetching as answer:
            _check_status(answer)
            content = b"".join([piece async for piece in answer.body])
        readable = await self._read(content, answer.content_type)
        text = readable.text[: arguments.max_characters]
        title = readable.title or answer.url
        return ToolResult(
            text=text,
            data={"title": title, "url": answer.url, "truncated": len(text) < len(readable.text)},
            sources=(Source(title=title, address=answer.url, quote=" ".join(text[:QUOTE_CHARACTERS].split())),),
        )

    async def _read(self, content: bytes, content_type: str) -> Readable:
        kind_name, _, parameters = content_type.lower().partition(";")
        kind = KINDS.get(kind_name.strip())
        if kind is None and not kind_name.strip().startswith(TEXTS):
            raise ToolError(f"The page is of a kind that cannot be read ({_named(kind_name)}).")
        if kind is not FileKind.PDF:
            content = _utf8(content, parameters)
        try:
            return await self._reader.read(content, kind or FileKind.TEXT)
        except Unreadable as error:
            raise ToolError(error.message) from error


def _named(kind_name: str) -> str:
    """As much of what a server calls its answer as is one of the names there are."""
    name = kind_name.strip().partition("/")[0]
    return name if name in TOP_LEVEL else "unknown"


def _check_status(answer: Fetched) -> None:
    if not 200 <= answer.status < 300:
        retryable = answer.status >= 500 or answer.status in PASSING
        raise ToolError(f"{answer.url[:LONGEST_ADDRESS]} answered with status {answer.status}.", retryable=retryable)


def _utf8(content: bytes, parameters: str) -> bytes:
    """From the encoding the server names; as it stands where that is none, or not true."""
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        return content.decode(charset or "utf-8", errors="strict").encode()
    except (LookupError, ValueError):
        return content
