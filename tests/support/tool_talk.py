"""A conversation with a capable model that is scripted, with documents that say what a test wants them to."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.client.continuation import Continuation
from senter.errors import NotFound
from senter.messages.documents import (
    DOCUMENTS,
    DocumentText,
    Folder,
    FoldersReply,
    ListFolders,
    Passage,
    PassagesReply,
    ReadDocument,
    SearchDocuments,
)
from senter.messages.message import ComponentName
from senter.messages.model import ModelRequest, ModelToolCall
from senter.messages.query import AnswerDelta, ConversationId, QueryAnswer, QueryId, UserQuery
from senter.messages.schedule import JobsReply, ListJobs
from senter.messages.turns import AwaitTurn, BeginTurn, StopTurn, TurnReply
from tests.support.acting_engine import ActingEngine
from tests.support.scripted import Scripted
from tests.support.scripted_worker import Answer, ScriptedWorker

PERSON = Manifest(sends=(UserQuery, BeginTurn, AwaitTurn, StopTurn), receives=(AnswerDelta,))


def call(tool: str, **arguments: JsonValue) -> list[ModelToolCall]:
    """One call, natively."""
    return [ModelToolCall(id="c1", name=tool, arguments=json.dumps(arguments))]


def in_turn(*answers: Answer) -> Callable[[ModelRequest], Answer]:
    """One after the other; the last one stays."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


class Papers(Scripted):
    """One document, found by whatever is asked."""

    path = "/home/anna/papers/flat.md"

    def __init__(self, bus: Bus, text: str) -> None:
        super().__init__(bus, {SearchDocuments: self._search, ReadDocument: self._read, ListFolders: self._list})
        self.text = text

    async def _search(self, _: SearchDocuments) -> PassagesReply:
        found = Passage(path=self.path, title="flat.md", excerpt=self.text[:80], score=1.0, text=self.text)
        return PassagesReply(passages=(found,) if self.text else (), searched=1)

    async def _read(self, command: ReadDocument) -> DocumentText:
        if command.path != self.path:
            raise NotFound(f"{command.path} is not indexed.")
        return DocumentText(path=self.path, title="flat.md", text=self.text[command.offset :], truncated=False)

    async def _list(self, _: ListFolders) -> FoldersReply:
        return FoldersReply(folders=(Folder(path="/home/anna/papers", files=1, skipped=0, bytes=100),))


@dataclass
class Talker:
    """A person who sees what is shown."""

    bus: Bus
    shown: Continuation = field(default_factory=Continuation)
    ever: list[str] = field(default_factory=list[str])
    """All that was shown of answers, void or not."""
    progress: list[str] = field(default_factory=list[str])
    conversation: ConversationId | None = None
    _asked: int = 0

    async def ask(self, text: str) -> QueryAnswer:
        self._asked += 1
        name = f"q{self._asked}"
        self.shown = Continuation()
        listening = await self.bus.listen(AnswerDelta, self._hear, key=name)
        query = UserQuery(query_id=QueryId(name), text=text, conversation_id=self.conversation)
        answer = await self.bus.request(query, timeout_seconds=20)
        await listening.close()
        self.conversation = answer.conversation_id
        return answer

    async def begin(self, text: str, name: str = "t1") -> None:
        await self.bus.request(BeginTurn(request_id=name, text=text), timeout_seconds=10)

    async def stop(self, name: str = "t1") -> None:
        await self.bus.request(StopTurn(turn_id=QueryId(name)), timeout_seconds=10)

    async def ended(self, name: str = "t1") -> TurnReply:
        return await self.bus.request(AwaitTurn(turn_id=QueryId(name)), timeout_seconds=20)

    async def _hear(self, delta: AnswerDelta) -> None:
        self.shown.take(delta.offset, delta.text, delta.attempt)
        if delta.text:
            self.ever.append(delta.text)
        if delta.progress:
            self.progress.append(delta.progress)


@dataclass(frozen=True)
class ToolRoom:
    """Who is there."""

    person: Talker
    worker: ScriptedWorker
    engine: ActingEngine
    papers: Papers

    def offered(self) -> list[str]:
        """The tools of the newest request."""
        return [tool.name for tool in self.worker.requests[-1].options.tools]

    def heard(self) -> str:
        """What the model was told last."""
        return self.worker.requests[-1].messages[-1].content

    def carried_out(self) -> Sequence[str]:
        return [act.gist for act in self.engine.acts()]


@asynccontextmanager
async def tool_room(broker: MemoryBroker, worker: ScriptedWorker) -> AsyncGenerator[ToolRoom]:
    """All but the assistant."""
    worker.capable = worker.streams = True
    engine = ActingEngine.on(broker)
    commands = (SearchDocuments, ReadDocument, ListFolders)
    papers = Papers(broker.bus(DOCUMENTS, Manifest(receives=commands)), "")
    scheduler = Scripted(
        broker.bus(ComponentName("scheduler"), Manifest(receives=(ListJobs,))),
        {ListJobs: JobsReply(jobs=(), total=0, zone="UTC")},
    )
    await engine.start()
    await papers.start()
    await scheduler.start()
    bus = broker.bus(ComponentName("api"), PERSON)
    yield ToolRoom(Talker(bus), worker, engine, papers)
    await bus.close()
    for one in (scheduler, papers, engine):
        await one.stop()
