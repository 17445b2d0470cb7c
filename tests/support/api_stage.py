"""The real API between real sockets and a scripted daemon, for tests of the API and of its clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import structlog

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.component import Context
from senter.components.api.component import Api
from senter.components.api.settings import ApiSettings
from senter.components.specs import find_spec
from senter.messages.activity import ActivityLogged
from senter.messages.documents import DOCUMENTS
from senter.messages.goals import TASK_ENGINE, TaskFinished
from senter.messages.health import ComponentDied
from senter.messages.message import Command, ComponentName, Reply
from senter.messages.model import (
    CancelModelRequest,
    EndExam,
    ExamineModel,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
)
from senter.messages.query import AnswerDelta, QueryAnswered
from senter.messages.reports import REPORTER
from senter.messages.schedule import SCHEDULER
from senter.messages.weights import WEIGHTS
from senter.paths import Paths
from tests.support.scripted import (
    ASSISTANT,
    PRIMARY,
    SUPERVISOR,
    ScriptedAssistant,
    ScriptedModel,
    ScriptedSupervisor,
)
from tests.support.scripted_engine import ScriptedDocuments, ScriptedEngine
from tests.support.scripted_reporter import ScriptedReporter
from tests.support.scripted_scheduler import ScriptedScheduler
from tests.support.scripted_weights import ScriptedWeights

SPEC = find_spec("api")
API = ComponentName(SPEC.name)
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.005

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Scene:
    """A served API and everyone it talks to."""

    api: Api
    paths: Paths
    settings: ApiSettings
    assistant: ScriptedAssistant
    supervisor: ScriptedSupervisor
    model: ScriptedModel
    engine: ScriptedEngine
    documents: ScriptedDocuments
    reporter: ScriptedReporter
    scheduler: ScriptedScheduler

    @property
    def port(self) -> int:
        return int(self.paths.port.read_text())

    @property
    def token(self) -> str:
        return self.paths.token.read_text()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


COMMANDS = frozenset(sent for sent in SPEC.sends if issubclass(sent, Command))


def asked_of(receiver: ComponentName) -> tuple[type[Command[Reply]], ...]:
    """The commands that the api sends to this component."""
    return tuple(command for command in COMMANDS if command.receiver == receiver)


MANIFESTS = {
    API: Manifest(receives=SPEC.receives, sends=SPEC.sends, observes=SPEC.observes),
    ASSISTANT: Manifest(receives=asked_of(ASSISTANT), sends=(AnswerDelta, QueryAnswered)),
    SUPERVISOR: Manifest(receives=asked_of(SUPERVISOR), sends=(ComponentDied,)),
    PRIMARY: Manifest(
        receives=(ModelRequest, CancelModelRequest, GetModelStatus, ExamineModel, EndExam),
        sends=(AnswerDelta, ModelDelta, ModelLoad),
    ),
    TASK_ENGINE: Manifest(receives=asked_of(TASK_ENGINE), sends=(ActivityLogged, TaskFinished)),
    DOCUMENTS: Manifest(receives=asked_of(DOCUMENTS)),
    REPORTER: Manifest(receives=asked_of(REPORTER)),
    SCHEDULER: Manifest(receives=asked_of(SCHEDULER)),
    WEIGHTS: Manifest(receives=asked_of(WEIGHTS)),
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
    assistant.chat = model.go_on
    engine = ScriptedEngine(buses[TASK_ENGINE])
    documents = ScriptedDocuments(buses[DOCUMENTS])
    reporter = ScriptedReporter(buses[REPORTER])
    scheduler = ScriptedScheduler(buses[SCHEDULER])
    weights = ScriptedWeights(buses[WEIGHTS])
    partners = (assistant, supervisor, model, engine, documents, reporter, scheduler, weights)
    unheard = COMMANDS.difference(*(partner.commands for partner in partners))
    assert not unheard, f"nobody here would answer {unheard}"
    for partner in partners:
        await partner.start()
    api = make_api(buses[API], paths, settings)
    async with AsyncExitStack() as stack:
        await api.open(stack)
        running = asyncio.create_task(api.run())
        try:
            yield Scene(api, paths, settings, assistant, supervisor, model, engine, documents, reporter, scheduler)
        finally:
            await api.finish(1.0)
            await running


def over_unix(scene: Scene) -> httpx2.AsyncClient:
    """A client on the Unix socket."""
    transport = httpx2.AsyncHTTPTransport(uds=str(scene.paths.api_socket), verify=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://senter", timeout=PATIENCE_SECONDS)


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # what a test waits for seldom has an event
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
