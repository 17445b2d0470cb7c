"""The real API between real sockets and a scripted daemon, for tests of the API and of its clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import structlog

from senter.bus.bus import Bus, Subscription
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock, utc_now
from senter.component.component import Context
from senter.components.api.component import Api
from senter.components.api.settings import ApiSettings
from senter.components.api.spec import SPEC
from senter.errors import NotFound
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.conversations import (
    Conversation,
    Conversations,
    ConversationSummary,
    DeleteConversation,
    GetConversation,
    ListConversations,
    Turn,
    TurnState,
)
from senter.messages.dead_letters import (
    DeadLetter,
    DeadLetters,
    DropDeadLetter,
    GetDeadLetter,
    ListDeadLetters,
    ReplayDeadLetter,
)
from senter.messages.health import ComponentDied
from senter.messages.message import ComponentName, Done, MessageId
from senter.messages.model import (
    CancelModelRequest,
    EndpointStatus,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
    ModelResponse,
    ModelStatus,
)
from senter.messages.query import CancelQuery, ConversationId, QueryAnswer, QueryAnswered, QueryId, UserQuery
from senter.paths import Paths

API = ComponentName(SPEC.name)
ASSISTANT = ComponentName("assistant")
SUPERVISOR = ComponentName("supervisor")
PRIMARY = ComponentName("model_primary")
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.005

ResultT = TypeVar("ResultT")


class ScriptedAssistant:
    """Answers every question with its own text, or as `answer` says."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.answer: Callable[[UserQuery], Awaitable[QueryAnswer]] = self.echo
        self.asked: list[UserQuery] = []
        self.cancelled: list[QueryId] = []
        self.conversations: dict[ConversationId, Conversation] = {}
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        self._subscriptions = [
            await self.bus.serve(UserQuery, self._answer),
            await self.bus.serve(CancelQuery, self._cancel),
            await self.bus.serve(ListConversations, self._list),
            await self.bus.serve(GetConversation, self._get),
            await self.bus.serve(DeleteConversation, self._delete),
        ]

    async def stop(self) -> None:
        """From now on nobody answers its commands."""
        for subscription in self._subscriptions:
            await subscription.close()
        self._subscriptions = []

    async def echo(self, query: UserQuery) -> QueryAnswer:
        return self.answer_to(query, f"You said: {query.text}")

    def answer_to(self, query: UserQuery, response: str) -> QueryAnswer:
        """An answer, stored in its conversation."""
        conversation_id = query.conversation_id or ConversationId(f"conversation-{len(self.conversations) + 1}")
        answer = QueryAnswer(
            query_id=query.query_id,
            conversation_id=conversation_id,
            response=response,
            focus=query.focus,
            model="scripted",
            latency_seconds=0.01,
            degraded=False,
            tokens=3,
        )
        self.conversations[conversation_id] = conversation_of(query, answer)
        return answer

    async def _answer(self, query: UserQuery) -> QueryAnswer:
        self.asked.append(query)
        return await self.answer(query)

    async def _cancel(self, command: CancelQuery) -> Done:
        self.cancelled.append(command.query_id)
        return Done()

    async def _list(self, command: ListConversations) -> Conversations:
        found = [conversation.summary for conversation in self.conversations.values()]
        return Conversations(conversations=found[: command.limit])

    async def _get(self, command: GetConversation) -> Conversation:
        self._check(command.conversation_id)
        return self.conversations[command.conversation_id]

    async def _delete(self, command: DeleteConversation) -> Done:
        self._check(command.conversation_id)
        del self.conversations[command.conversation_id]
        return Done()

    def _check(self, conversation_id: ConversationId) -> None:
        if conversation_id not in self.conversations:
            raise NotFound("There is no such conversation.", "See: senter conversations list")


def conversation_of(query: UserQuery, answer: QueryAnswer) -> Conversation:
    turn = Turn(
        query_id=query.query_id, asked_at=utc_now(), text=query.text, state=TurnState.ANSWERED, response=answer.response
    )
    summary = ConversationSummary(
        id=answer.conversation_id,
        title=query.text[:40],
        focus=query.focus,
        turns=1,
        created_at=turn.asked_at,
        updated_at=turn.asked_at,
    )
    return Conversation(summary=summary, turns=[turn])


class ScriptedSupervisor:
    """Says the states it is given, and keeps dead letters in a dictionary."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.state = State.RUNNING
        self.states: dict[str, State] = {"api": State.RUNNING, ASSISTANT: State.RUNNING, PRIMARY: State.RUNNING}
        self.letters: dict[int, DeadLetter] = {}
        self.replayed: list[int] = []
        self.times_asked = 0
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        self._subscriptions = [
            await self.bus.serve(GetDaemonStatus, self._status),
            await self.bus.serve(ListDeadLetters, self._list),
            await self.bus.serve(GetDeadLetter, self._get),
            await self.bus.serve(ReplayDeadLetter, self._replay),
            await self.bus.serve(DropDeadLetter, self._drop),
        ]

    async def stop(self) -> None:
        """From now on nobody answers its commands."""
        for subscription in self._subscriptions:
            await subscription.close()
        self._subscriptions = []

    def add_letter(self, number: int) -> None:
        self.letters[number] = DeadLetter(
            number=number,
            consumer=ASSISTANT,
            event=QueryAnswered.wire_name,
            event_id=MessageId(f"event-{number}"),
            error="it could not be stored",
            attempts=5,
            died_at=utc_now(),
            payload={"text": "once"},
        )

    async def _status(self, command: GetDaemonStatus) -> DaemonStatus:
        components = {ComponentName(name): ComponentStatus(state=state) for name, state in self.states.items()}
        self.times_asked += 1
        return DaemonStatus(state=self.state, pid=1, uptime_seconds=1.5, health_score=100, components=components)

    async def _list(self, command: ListDeadLetters) -> DeadLetters:
        letters = [letter.model_copy(update={"payload": None}) for letter in self.letters.values()]
        return DeadLetters(letters=letters[: command.limit], total=len(letters))

    async def _get(self, command: GetDeadLetter) -> DeadLetters:
        return DeadLetters(letters=[self._find(command.number)], total=len(self.letters))

    async def _replay(self, command: ReplayDeadLetter) -> Done:
        self._find(command.number)
        self.replayed.append(command.number)
        return Done()

    async def _drop(self, command: DropDeadLetter) -> Done:
        self._find(command.number)
        del self.letters[command.number]
        return Done()

    def _find(self, number: int) -> DeadLetter:
        if number not in self.letters:
            raise NotFound(f"There is no dead letter {number}.", "See: senter dead-letters list")
        return self.letters[number]


class ScriptedModel:
    """One model worker; answers with `text`, in pieces when asked to stream."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.text = "Python is a language."
        self.requests: list[ModelRequest] = []
        self.answer: Callable[[ModelRequest], Awaitable[ModelResponse]] = self.whole

    async def start(self) -> None:
        await self.bus.serve(ModelRequest, self._answer)
        await self.bus.serve(CancelModelRequest, self._cancel)
        await self.bus.serve(GetModelStatus, self._status)

    async def send_piece(self, key: str, offset: int, text: str, attempt: int = 1) -> None:
        await self.bus.send(ModelDelta(correlation_id=MessageId(key), offset=offset, text=text, attempt=attempt))

    async def send_progress(self, key: str, progress: str) -> None:
        await self.bus.send(ModelDelta(correlation_id=MessageId(key), offset=0, progress=progress))

    async def whole(self, request: ModelRequest) -> ModelResponse:
        if request.stream and request.correlation_id:
            for offset in range(0, len(self.text), 7):
                await self.send_piece(request.correlation_id, offset, self.text[offset : offset + 7])
        return self.response()

    def response(self) -> ModelResponse:
        return ModelResponse(
            text=self.text,
            model="scripted",
            endpoint="settings",
            prompt_tokens=11,
            completion_tokens=5,
            finish_reason="stop",
        )

    async def _answer(self, request: ModelRequest) -> ModelResponse:
        self.requests.append(request)
        return await self.answer(request)

    async def _cancel(self, command: CancelModelRequest) -> Done:
        return Done()

    async def _status(self, command: GetModelStatus) -> ModelStatus:
        endpoint = EndpointStatus(kind="settings", url="", model="scripted", breaker="closed", capability="basic")
        return ModelStatus(
            worker=PRIMARY,
            model="scripted",
            model_loaded=True,
            endpoints=[endpoint],
            requests=len(self.requests),
            errors=0,
            prompt_tokens=11,
            completion_tokens=5,
            latency_p50_seconds=0.1,
            latency_p95_seconds=None,
            active=0,
            waiting=0,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A served API and everyone it talks to."""

    api: Api
    paths: Paths
    settings: ApiSettings
    assistant: ScriptedAssistant
    supervisor: ScriptedSupervisor
    model: ScriptedModel

    @property
    def port(self) -> int:
        return int(self.paths.port.read_text())

    @property
    def token(self) -> str:
        return self.paths.token.read_text()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


MANIFESTS = {
    API: Manifest(receives=SPEC.receives, sends=SPEC.sends, observes=SPEC.observes),
    ASSISTANT: Manifest(
        receives=(UserQuery, CancelQuery, ListConversations, GetConversation, DeleteConversation),
        sends=(QueryAnswered,),
    ),
    SUPERVISOR: Manifest(
        receives=(GetDaemonStatus, ListDeadLetters, GetDeadLetter, ReplayDeadLetter, DropDeadLetter),
        sends=(ComponentDied,),
    ),
    PRIMARY: Manifest(receives=(ModelRequest, CancelModelRequest, GetModelStatus), sends=(ModelDelta, ModelLoad)),
}

Buses = Mapping[ComponentName, Bus]


def memory_buses() -> Buses:
    """Everyone's bus, in memory."""
    broker = MemoryBroker()
    return {name: broker.bus(name, manifest) for name, manifest in MANIFESTS.items()}


def make_api(bus: Bus, paths: Paths, settings: ApiSettings) -> Api:
    """The component, not opened."""
    log = structlog.stdlib.get_logger().bind(component=API)
    return Api(Context(API, settings, bus, paths, SystemClock(), log))


def openapi_page() -> dict[str, Any]:
    """What the API serves as /api/openapi.json."""
    return make_api(memory_buses()[API], Paths(Path("unused")), ApiSettings()).application().openapi()


@asynccontextmanager
async def serving(
    paths: Paths, settings: ApiSettings | None = None, buses: Buses | None = None
) -> AsyncGenerator[Scene]:
    """Serve the API under `paths`, in this event loop, on a free TCP port unless the settings name one."""
    settings = settings or ApiSettings(port=0)
    buses = buses or memory_buses()
    paths.make_folders()
    assistant = ScriptedAssistant(buses[ASSISTANT])
    supervisor = ScriptedSupervisor(buses[SUPERVISOR])
    model = ScriptedModel(buses[PRIMARY])
    for partner in (assistant, supervisor, model):
        await partner.start()
    api = make_api(buses[API], paths, settings)
    async with AsyncExitStack() as stack:
        await api.open(stack)
        running = asyncio.create_task(api.run())
        try:
            yield Scene(api, paths, settings, assistant, supervisor, model)
        finally:
            await api.finish(1.0)
            await running


def over_unix(scene: Scene) -> httpx2.AsyncClient:
    """A client on the Unix socket."""
    transport = httpx2.AsyncHTTPTransport(uds=str(scene.paths.api_socket))
    return httpx2.AsyncClient(transport=transport, base_url="http://senter", timeout=PATIENCE_SECONDS)


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  # what a test waits for seldom has an event
            await asyncio.sleep(POLL_SECONDS)


class Stage:
    """A scene in a thread of its own, for clients that block."""

    def __init__(self, paths: Paths, settings: ApiSettings | None) -> None:
        self._paths = paths
        self._settings = settings
        self._begun = threading.Event()
        self._scene: Scene | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._play, name="api")

    def start(self) -> None:
        self._thread.start()
        self._begun.wait(PATIENCE_SECONDS)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(PATIENCE_SECONDS)

    @property
    def scene(self) -> Scene:
        assert self._scene is not None  # a test that asks before `start` is wrong
        return self._scene

    def run(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run something in the scene's event loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    def _play(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # handed to the thread that waits in `start`
            self._failure = failure
        finally:
            self._begun.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        async with serving(self._paths, self._settings) as scene:
            self._scene = scene
            self._begun.set()
            await self._over.wait()


@contextmanager
def staged(paths: Paths, settings: ApiSettings | None = None) -> Generator[Stage]:
    """Serve the API in a thread."""
    stage = Stage(paths, settings)
    stage.start()
    try:
        yield stage
    finally:
        stage.stop()
