"""How each tool fails, with a marker wherever somebody else's words can come in: a catalogue for tests and figures.

`FAILURES` names, for every tool there is, calls that fail and whether what is then said may hold others' words.
`Scene` is the machine on which they fail: files, links and servers that somebody hostile has prepared.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import Unavailable
from senter.messages.documents import PassagesReply, SearchDocuments
from senter.messages.goals import Grant
from senter.messages.message import ComponentName
from senter.paths import Paths
from tests.support.bad_tools import MARKER
from tests.support.settings import mcp_server, task_engine_settings

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).parent / "mcp_server.py"
BAD = "tests.support.bad_tools"
PACKAGED = ("raises", "refuses", "crashes")
"""The tools of another package, by name and entry point."""
ANSWERS = {
    "/status-line": f"{MARKER} 200 OK\r\n\r\n",
    "/reason": f"HTTP/1.1 404 {MARKER}\r\ncontent-length: 0\r\n\r\n",
    "/type": f"HTTP/1.1 200 OK\r\ncontent-type: {MARKER}/x; charset={MARKER}\r\ncontent-length: 2\r\n\r\nok",
    "/redirect": f"HTTP/1.1 302 Found\r\nlocation: http://{MARKER}.example/{MARKER}\r\ncontent-length: 0\r\n\r\n",
    "/nowhere": f"HTTP/1.1 302 Found\r\nlocation: http://{MARKER}:port/\r\ncontent-length: 0\r\n\r\n",
    "/packed": f"HTTP/1.1 200 OK\r\ncontent-encoding: {MARKER}\r\ncontent-length: 2\r\n\r\nok",
    "/unpackable": f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(MARKER)}\r\n\r\n{MARKER}",
    "/head": f"HTTP/1.1 200 OK\r\n{MARKER}\r\n\r\n",
    "/page.pdf": f"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 9\r\n\r\n{MARKER}",
    "/search": f"HTTP/1.1 200 OK\r\ncontent-type: {MARKER}\r\ncontent-length: {len(MARKER)}\r\n\r\n{MARKER}",
}


@dataclass(frozen=True, slots=True)
class Failing:
    """One call that fails."""

    tool: str
    how: str
    arguments: Callable[[Scene], Mapping[str, JsonValue]]
    outside: bool = True
    """Whether others' words may have come in, by what is said of the failure or by what a foreign tool says of itself;
    else all is said by Senter alone, and by the call itself."""


class Scene:
    """A home, documents, and a server on loopback; everything in them that somebody else chose has the marker."""

    def __init__(self, base: Path, port: int) -> None:
        self.documents, self.port, self.paths = base / "documents", port, Paths(base / "home")
        self.paths.make_folders()
        self.calendar = self.documents / "calendar.ics"
        self.unreadable = self.documents / "unreadable.pdf"
        self.link = self.documents / "link"
        self._fill()

    def _fill(self) -> None:
        trash = self.paths.data / "trash"
        for folder in (self.documents, trash):
            folder.mkdir(parents=True)
        self.calendar.write_text(f"BEGIN:VCALENDAR\n{MARKER}\n")
        self.unreadable.write_text(MARKER)
        self.link.symlink_to(self.documents / MARKER / "gone")
        (self.documents / f"{MARKER}.txt").write_text("x")
        (self.documents / "to-file").symlink_to(self.documents / f"{MARKER}.txt")
        (self.documents / "there.txt").write_text("there")
        (self.documents / "other.txt").write_text("other")
        note = f'{{"id": "{"a" * 16}", "source": "{self.documents / MARKER}", "trashed_at": "2026-01-01T00:00:00Z"}}'
        (trash / f"{'a' * 16}.json").write_text(note)

    @property
    def settings(self) -> TaskEngineSettings:
        server = mcp_server(
            command=(sys.executable, str(SERVER)), environment={"MARKER": MARKER, "KEY": MARKER}, timeout_seconds=20
        )
        return task_engine_settings(
            fetch_hosts=("*", f"*:{self.port}"),
            searxng_url=self.web(""),
            calendar_file=self.calendar,
            repeatable_commands=(("sh",),),
            programs_as_root=True,
            mcp_servers={"served": server},
            tool_calls=1_000,
        )

    def grant(self, tool: str) -> Grant:
        """What a goal that calls a tool may do beyond what is usual: nothing of Senter's own is in its way."""
        own = (str(self.documents),)
        foreign = (tool,) if tool in PACKAGED else ()
        servers = ("served",) if tool.startswith("served.") else ()
        return Grant(read_roots=own, write_roots=own, commands=(("sh",),), tools=foreign, mcp_servers=servers)

    def web(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def _fixed(**arguments: JsonValue) -> Callable[[Scene], Mapping[str, JsonValue]]:
    return lambda _: arguments


def _at(**arguments: JsonValue) -> Callable[[Scene], Mapping[str, JsonValue]]:
    """Arguments whose texts may name the folder of documents, as {docs}."""

    def filled(scene: Scene) -> Mapping[str, JsonValue]:
        docs = str(scene.documents)
        return {name: value.format(docs=docs) if isinstance(value, str) else value for name, value in arguments.items()}

    return filled


def _fetching(path: str) -> Failing:
    return Failing("web_fetch", path, lambda scene: {"url": scene.web(path)})


def _running(tool: str, argv: list[JsonValue], how: str, *, outside: bool = True) -> Failing:
    return Failing(tool, how, lambda scene: {"argv": argv, "folder": str(scene.documents)}, outside=outside)


_EVENT: dict[str, JsonValue] = {"title": "x", "start": "2026-05-01T10:00:00+00:00"}
_SHOUTS: list[JsonValue] = ["sh", "-c", f"echo {MARKER}; exit 3"]
FAILURES = (
    Failing("calendar_add", "a calendar that cannot be parsed", _fixed(**_EVENT)),
    Failing("calendar_add", "words that are no moment", _fixed(title="x", start="whenever"), outside=False),
    Failing("calendar_change", "a calendar that cannot be parsed", _fixed(uid="x", title="x")),
    Failing("calendar_change", "words that are no moment", _fixed(uid="x", start="whenever"), outside=False),
    Failing("calendar_check", "a calendar that cannot be parsed", _fixed()),
    Failing("calendar_remove", "a calendar that cannot be parsed", _fixed(uid="x")),
    Failing("calendar_restore", "no model may", _fixed(uid="x", entry="", version=""), outside=False),
    Failing("documents_search", "the index refuses", _fixed(query="x")),
    Failing("email_draft", "an address that is none", _fixed(to=["a@[b"], subject="x", body="x"), outside=False),
    Failing("file_copy", "nothing there", _at(source="{docs}/gone", target="{docs}/new"), outside=False),
    Failing("file_copy", "a link", _at(source="{docs}/link", target="{docs}/new")),
    Failing("file_list", "nothing there", _at(path="{docs}/gone"), outside=False),
    Failing("file_list", "a link", _at(path="{docs}/link")),
    Failing("file_move", "nothing there", _at(source="{docs}/gone", target="{docs}/new"), outside=False),
    Failing("file_move", "a link", _at(source="{docs}/there.txt", target="{docs}/to-file/x")),
    Failing("file_read", "nothing there", _at(path="{docs}/gone"), outside=False),
    Failing("file_read", "a link", _at(path="{docs}/link")),
    Failing("file_read", "what is no PDF", _at(path="{docs}/unreadable.pdf")),
    Failing("file_sort", "a link", _at(folder="{docs}/to-file", into={"a": ["b"]})),
    Failing("file_trash", "nothing there", _at(path="{docs}/gone"), outside=False),
    Failing("file_trash", "a link", _at(path="{docs}/link/x")),
    Failing("file_unsort", "no model may", _at(folder="{docs}", into={"a": {"b": [1, 1.0]}}), outside=False),
    Failing("file_write", "a file there", _at(path="{docs}/there.txt", content="x"), outside=False),
    Failing("file_write", "a link", _at(path="{docs}/unreadable.pdf/x", content="x"), outside=False),
    Failing("goal_change", "no such goal", _fixed(goal=9_999, action="cancel"), outside=False),
    Failing("job_change", "no scheduler", _fixed(job=1, cancel=True), outside=False),
    Failing("job_restore", "no model may", _fixed(job=1), outside=False),
    Failing("make_folder", "a file in the way", _at(path="{docs}/there.txt/x"), outside=False),
    Failing("make_folder", "a link", _at(path="{docs}/to-file/x")),
    Failing("message_draft", "no text", _fixed(to="x", text=""), outside=False),
    Failing("note", "no text", _fixed(title="x", text=""), outside=False),
    Failing("remind", "words that are no moment", _fixed(text="x", at="whenever"), outside=False),
    Failing("remind", "no scheduler", _fixed(text="x", at="tomorrow 9:00"), outside=False),
    Failing("reminder_change", "words that are no moment", _fixed(reminder=1, at="whenever"), outside=False),
    Failing("reminder_change", "no scheduler", _fixed(reminder=1, at="tomorrow 9:00"), outside=False),
    _running("repeat_command", _SHOUTS, "a program that fails"),
    _running("repeat_command", ["ls"], "a program that may not be repeated", outside=False),
    _running("run_command", _SHOUTS, "a program that fails"),
    _running("run_command", ["sh", "-c", f"exec {MARKER}"], "a program that is not there", outside=False),
    Failing("schedule_add", "no scheduler", _fixed(name="x", goal="x", at="tomorrow 9:00"), outside=False),
    Failing("things_find", "no assistant", _fixed(question="x"), outside=False),
    Failing("trash_list", "a number that is none", _fixed(limit=0), outside=False),
    Failing("trash_restore", "no such id", _fixed(id="b" * 16), outside=False),
    Failing("trash_restore", "what was somewhere", _fixed(id="a" * 16)),
    *map(_fetching, (path for path in ANSWERS if path != "/search")),
    Failing("web_fetch", "no address", _fixed(url="gopher://x"), outside=False),
    Failing("web_search", "no JSON", _fixed(query="x")),
    *(Failing(name, "in its own way", _fixed()) for name in PACKAGED),
    *(Failing(f"served.{name}", "in its own way", _fixed()) for name in ("confess", "fail", "refuse", "crash")),
    Failing("served.add", "arguments that do not fit", _fixed(first="x")),
)


def install(folder: Path) -> None:
    """The tools of another package, as an installer would put them there. `folder` goes on the search path."""
    package = folder / "bad_tools-1.0.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: bad_tools\nVersion: 1.0.0\n")
    entries = "".join(f"{name} = {BAD}:{name.upper()}\n" for name in PACKAGED)
    (package / "entry_points.txt").write_text(f"[senter.tools]\n{entries}")


@asynccontextmanager
async def scene_at(base: Path, broker: MemoryBroker) -> AsyncGenerator[Scene]:
    """A scene, with an index of documents that refuses on the bus."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    bus = broker.bus(ComponentName("documents"), Manifest(receives=(SearchDocuments,)))
    await bus.serve(SearchDocuments, _refuse)
    async with server:
        scene = Scene(base, server.sockets[0].getsockname()[1])
        yield scene
    await bus.close()


async def _refuse(command: SearchDocuments) -> PassagesReply:
    raise Unavailable(f"The index is busy with {MARKER}.")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1].partition("?")[0]
        writer.write(ANSWERS.get(path, ANSWERS["/reason"]).encode())
        await writer.drain()
    writer.close()
