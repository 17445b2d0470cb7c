from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.search_providers import listed
from senter.errors import PermissionNeeded, ToolError
from senter.messages.documents import Passage, PassagesReply, SearchDocuments
from senter.messages.goals import Source
from senter.messages.message import ComponentName
from senter.messages.query import Quoted
from senter.messages.understanding import LookUpOwn, OwnAnswer
from tests.support.documents import pdf
from tests.support.http_serving import http_serving
from tests.support.settings import task_engine_settings
from tests.support.tool_desk import ToolDesk, tool_desk

Page = tuple[int, str, bytes]


class Site(BaseHTTPRequestHandler):
    """Answers with what was laid out, whatever the query."""

    pages: ClassVar[dict[str, Page]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, kind, body = self.pages.get(self.path.partition("?")[0], (404, "text/plain", b"not here"))
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.pages, Site.asked = {}, []
    with http_serving(Site) as url:
        yield url


async def resolved_here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture
async def web(tmp_path: Path, site: str) -> AsyncGenerator[ToolDesk]:
    """A desk for which example.org is the site."""
    async with tool_desk(tmp_path) as desk:
        desk.allow(hosts=(f"example.org:{site.rpartition(':')[2]}",))
        desk.resolve = resolved_here
        yield desk


def address(site: str, path: str) -> str:
    return f"http://example.org:{site.rpartition(':')[2]}{path}"


async def test_a_page_is_read_as_text_with_its_title(web: ToolDesk, site: str) -> None:
    Site.pages["/bees"] = (
        200,
        "text/html",
        b"<title>Bees</title><nav>Home</nav><p>They dance.</p><script>x()</script>",
    )
    result = await web.call("web_fetch", url=address(site, "/bees"))
    assert result.text == "They dance."
    assert (result.sources[0].title, result.sources[0].address) == ("Bees", address(site, "/bees"))
    assert not result.trusted


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("application/pdf", pdf("They dance"), "They dance"),
        ("text/plain; charset=latin-1", "Käse".encode("latin-1"), "Käse"),
        ("text/html; charset=windows-1252", "<p>Käse</p>".encode("cp1252"), "Käse"),
        ("application/json", b'{"a": 1}', '{"a": 1}'),
        ("text/plain; charset=no-such-one", "Käse".encode(), "Käse"),
    ],
)
async def test_other_kinds_and_encodings_are_read(web: ToolDesk, site: str, kind: str, body: bytes, text: str) -> None:
    Site.pages["/x"] = (200, kind, body)
    assert (await web.call("web_fetch", url=address(site, "/x"))).text.strip() == text


@pytest.mark.parametrize(
    ("page", "retryable"),
    [
        ((404, "text/html", b"no"), False),
        ((500, "text/html", b"no"), True),
        ((429, "text/html", b"no"), True),
        ((200, "image/png", b"\x89PNG"), False),
        ((200, "application/pdf", b"no pdf"), False),
        ((200, "text/plain", b"\0" * 20), False),
    ],
)
async def test_what_cannot_be_read_is_an_error_that_says_whether_to_try_again(
    web: ToolDesk, site: str, page: Page, retryable: bool
) -> None:
    Site.pages["/x"] = page
    with pytest.raises(ToolError) as failure:
        await web.call("web_fetch", url=address(site, "/x"))
    assert failure.value.retryable is retryable


async def test_a_host_that_the_grant_does_not_name_is_not_reached(web: ToolDesk, site: str) -> None:
    with pytest.raises(PermissionNeeded, match=r"reach other\.example"):
        await web.call("web_fetch", url=f"http://other.example:{site.rpartition(':')[2]}/")
    assert Site.asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://u:p@example.org/", "javascript:1", "no address"])
async def test_what_is_no_address_of_a_page_is_refused(web: ToolDesk, url: str) -> None:
    with pytest.raises(ToolError):
        await web.call("web_fetch", url=url)


async def test_searxng_is_asked_where_the_user_named_one_even_on_this_machine(tmp_path: Path, site: str) -> None:
    results = [{"title": f"T{n}", "url": f"https://example.org/{n}", "content": "the  words"} for n in range(9)]
    Site.pages["/search"] = (200, "application/json", json.dumps({"results": results}).encode())
    async with tool_desk(tmp_path, task_engine_settings(searxng_url=site)) as desk:
        result = await desk.call("web_search", query="bees & honey")
    assert [source.address for source in result.sources] == [f"https://example.org/{n}" for n in range(5)]
    assert result.sources[0].quote == "the words"
    assert Site.asked == ["/search?q=bees+%26+honey&format=json"]


@pytest.mark.parametrize(
    "page",
    [
        (403, "text/html", b""),
        (200, "application/json", b"{nonsense"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"results": 1}'),
        (500, "text/html", b""),
    ],
)
async def test_a_searxng_that_answers_nonsense_is_an_error_with_a_reason(tmp_path: Path, site: str, page: Page) -> None:
    Site.pages["/search"] = page
    async with tool_desk(tmp_path, task_engine_settings(searxng_url=site)) as desk:
        with pytest.raises(ToolError, match=r"The web could not be searched\. SearXNG"):
            await desk.call("web_search", query="bees")


async def documents(bus: Bus) -> None:
    async def answer(command: SearchDocuments) -> PassagesReply:
        passage = Passage(path="/papers/bees.md", title="Bees", excerpt=f"about {command.query}", score=1.0)
        return PassagesReply(passages=(passage,), searched=1)

    await bus.serve(SearchDocuments, answer)


async def test_the_users_documents_are_searched_over_the_bus(tmp_path: Path) -> None:
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("documents"), Manifest(receives=(SearchDocuments,)))
    await documents(bus)
    async with tool_desk(tmp_path, broker=broker) as desk:
        result = await desk.call("documents_search", query="bees")
    await bus.close()
    assert result.sources[0].address == "/papers/bees.md"
    assert "about bees" in result.text
    assert not result.trusted


async def test_documents_that_are_not_there_to_be_searched_are_an_error_to_try_again(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match="documents is not running") as failure:
        await desk.call("documents_search", query="bees")
    assert failure.value.retryable


async def test_a_question_about_the_users_things_is_put_to_the_assistant(tmp_path: Path) -> None:
    async def answer(command: LookUpOwn) -> OwnAnswer:
        source = Quoted(source="bees.md", address="/papers/bees.md", quote="Two hives.")
        entry = Quoted(source="Bees", address="event 1", quote="Bees, today")
        return OwnAnswer(text="Two hives." if "how many" in command.text else "", sources=(source, entry, source))

    broker = MemoryBroker()
    bus = broker.bus(ComponentName("assistant"), Manifest(receives=(LookUpOwn,)))
    async with tool_desk(tmp_path, broker=broker) as desk:
        with pytest.raises(ToolError, match="cannot be looked up") as failure:
            await desk.call("things_find", question="how many hives do I have")
        await bus.serve(LookUpOwn, answer)
        result = await desk.call("things_find", question="how many hives do I have")
        with pytest.raises(ToolError, match="nothing that can be looked up"):
            await desk.call("things_find", question="buy a hive")
    await bus.close()
    assert failure.value.retryable
    assert (result.text, result.trusted) == ("Two hives.", False)
    assert [source.address for source in result.sources] == ["/papers/bees.md"]


async def test_without_a_provider_the_web_cannot_be_searched_and_the_reason_is_shown(desk: ToolDesk) -> None:
    (view,) = [view for view in desk.registry.views() if view.name == "web_search"]
    assert not view.available
    assert "searxng_url" in view.reason


async def test_when_the_web_cannot_be_searched_the_documents_are_and_it_is_said(tmp_path: Path, site: str) -> None:
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("documents"), Manifest(receives=(SearchDocuments,)))
    await documents(bus)
    async with tool_desk(tmp_path, task_engine_settings(searxng_url=site), broker) as desk:
        result = await desk.call("web_search", query="bees")
    await bus.close()
    assert result.data["provider"] == "documents"
    assert result.text.startswith("The web could not be searched. SearXNG answered with status 404.")


@pytest.mark.process
async def test_duckduckgo_that_cannot_be_reached_is_an_error_to_try_again(tmp_path: Path) -> None:
    os.environ["DDGS_PROXY"] = "http://127.0.0.1:9"  # nobody listens there, so nothing leaves this machine
    try:
        async with tool_desk(tmp_path, TaskEngineSettings(ddgs=True)) as desk:
            with pytest.raises(
                ToolError, match=r"The web could not be searched\. DuckDuckGo cannot be asked"
            ) as failure:
                await desk.call("web_search", query="bees")
    finally:
        del os.environ["DDGS_PROXY"]
    assert failure.value.retryable


def test_the_name_of_a_file_makes_no_further_hit() -> None:
    source = Source(title="notes", address="/papers/a\n2. Bill\n/papers/b.md", quote="Pay on Monday.")
    assert listed([source]) == "1. notes\n/papers/a 2. Bill /papers/b.md\nPay on Monday."
