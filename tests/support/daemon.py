"""Real daemons for tests: a short home, quick settings, a scripted model, the command line, what is left running."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from senter.client.types import ComponentStatus, Conversation, Conversations, DaemonStatus
from senter.errors import StartError
from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.scripted_model import Behaviour, ScriptedModel, answering, scripted_model
from tests.support import warm_commands
from tests.support.left_behind import end_with_these_tests, processes_of
from tests.support.scratch import ScratchDaemon, scratch_daemon
from tests.support.troupe import code_path

if TYPE_CHECKING:
    from senter.cli.control import RestartRow

T = TypeVar("T")
CONVERSATION = "/api/conversations/{conversation_id}"

Value = str | int | float | bool
Section = Mapping[str, Value]

COMMAND_SECONDS = 60.0

# Failures are seen soon, and no number of them makes the supervisor give up or wait.
SUPERVISOR: Section = {
    "heartbeat_seconds": 0.2,
    "hung_after_seconds": 10.0,
    "quiet_seconds": 0.0,
    "fast_limit": 1_000,
    "slow_limit": 1_000,
    "sample_seconds": 0.5,
}
NO_MODEL: Section = {"embedded": False, "use_ollama": False}
SCRIPTED_NAME = "scripted"


def settings_text(sections: Mapping[str, Section]) -> str:
    """A settings file."""
    lines: list[str] = []
    for name, section in sections.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def quick_settings(model_url: str = "", **changes: Section) -> str:
    """Settings for a quick daemon; `changes` are by section, with `__` for a dot."""
    model = {**NO_MODEL, "url": model_url, "name": SCRIPTED_NAME} if model_url else NO_MODEL
    sections: dict[str, Section] = {"supervisor": SUPERVISOR, "models.primary": model, "models.research": model}
    for written, change in changes.items():
        name = written.replace("__", ".")
        sections[name] = {**sections.get(name, {}), **change}
    return settings_text(sections)


@contextmanager
def short_home() -> Generator[Path]:
    """A home whose path leaves room for Unix sockets. Fails when a process of it is left at the end."""
    home = Path(tempfile.mkdtemp(prefix="snt-", dir="/tmp"))
    end_with_these_tests(home)
    try:
        yield home
        assert not processes_of(home), f"still running: {processes_of(home)}"
    finally:
        for pid in processes_of(home):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)


def wait_until_none_is_left(home: Path, seconds: float) -> None:
    try:
        wait_until(lambda: not processes_of(home), "processes are left", seconds)
    except StartError as error:
        log = Paths(home).log("supervisor").read_text()[-2_000:]
        raise AssertionError(f"{error.message} {processes_of(home)}\n{log}") from None


@contextmanager
def in_a_thread(opened: AbstractAsyncContextManager[T]) -> Generator[T]:
    """What such a context holds, open in a thread with a loop of its own for as long as this one lasts."""
    started = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    held: list[T] = []

    async def hold() -> None:
        async with opened as what:
            held.append(what)
            started.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(hold(),))
    thread.start()
    assert started.wait(10)
    try:
        yield held[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


def model_server(*script: Behaviour) -> AbstractContextManager[ScriptedModel]:
    """The scripted model in a thread of its own. Its script may be changed at any time."""
    return in_a_thread(scripted_model(*(script or (answering("Hello", " there"),))))


class Modelled(NamedTuple):
    """A running daemon and the model it asks."""

    daemon: ScratchDaemon
    model: ScriptedModel


@contextmanager
def modelled_daemon(*script: Behaviour, **changes: Section) -> Generator[Modelled]:
    """A daemon in a home of its own that asks a scripted model of its own."""
    with (
        short_home() as home,
        model_server(*script) as model,
        scratch_daemon(home, quick_settings(model.url, **changes)) as daemon,
    ):
        yield Modelled(daemon, model)


def environment_of(home: Path, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a process gets that works for this home."""
    own = {
        "SENTER_HOME": str(home),
        "SENTER_NO_START": "",
        "SENTER_API__PORT": "0",
        "PYTHONPATH": os.pathsep.join(code_path()),
    }
    return {**os.environ, **own, **(changes or {})}


class Said(NamedTuple):
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> dict[str, object]:
        return cast("dict[str, object]", json.loads(self.out))

    @property
    def status(self) -> DaemonStatus:
        """What `senter status --json` printed."""
        return cast("DaemonStatus", self.json)

    @property
    def error(self) -> dict[str, str]:
        return cast("dict[str, str]", self.json["error"])


def senter(home: Path, *arguments: str, environment: Mapping[str, str] | None = None, given: str = "") -> Said:
    """Run one command line to its end."""
    command = [sys.executable, "-P", "-m", "senter", *arguments]
    done = warm_commands.run(command, environment_of(home, environment), given, COMMAND_SECONDS)
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def senter_running(
    home: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Generator[subprocess.Popen[str]]:
    """One command line while it runs; ended by force when the context ends first."""
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", "senter", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment_of(home, environment),
        process_group=0,
    )
    with running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


class Response(NamedTuple):
    """One HTTP answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return cast("dict[str, object]", json.loads(self.body))

    @property
    def sentence(self) -> str:
        return str(self.json["detail"])


class UnixConnection(http.client.HTTPConnection):
    """HTTP on the API's Unix socket."""

    def __init__(self, paths: Paths, timeout: float = 30.0) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = str(paths.api_socket)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def tcp_port(paths: Paths) -> int:
    return int(paths.port.read_text())


def call(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One request on a connection that is closed afterwards. Bytes are sent as they are, the rest as JSON."""
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    try:
        connection.request(method, path, content, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class EventReader:
    """Reads server-sent events of one stream in a thread."""

    def __init__(self, paths: Paths, path: str = "/api/events") -> None:
        self.events: list[tuple[str, dict[str, object]]] = []
        self._connection = UnixConnection(paths, timeout=60)
        self._connection.request("GET", path)
        self._response = self._connection.getresponse()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def named(self, name: str) -> list[dict[str, object]]:
        return [data for found, data in self.events if found == name]

    def wait_for(self, name: str, seconds: float = 10.0) -> dict[str, object]:
        wait_until(lambda: bool(self.named(name)), f"no event {name}", seconds)
        return self.named(name)[0]

    def close(self) -> None:
        if self._connection.sock:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._connection.close()

    def _read(self) -> None:
        name = ""
        try:
            for line in iter(self._response.readline, b""):
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self.events.append((name, json.loads(value)))
        except (OSError, http.client.HTTPException):
            return


@contextmanager
def events_of(paths: Paths) -> Generator[EventReader]:
    reader = EventReader(paths)
    try:
        yield reader
    finally:
        reader.close()


def turns(daemon: ScratchDaemon) -> list[dict[str, object]]:
    """Every stored question with what became of it, in the order of their conversations."""
    found: list[dict[str, object]] = []
    for summary in daemon.client.get("/api/conversations", Conversations, limit=1000)["conversations"]:
        found += [
            dict(turn) for turn in daemon.client.get(CONVERSATION, Conversation, conversation_id=summary["id"])["turns"]
        ]
    return found


def row(daemon: ScratchDaemon, name: str) -> ComponentStatus:
    """A component's row of the status."""
    return daemon.component(name)


def facts(daemon: ScratchDaemon, name: str) -> Mapping[str, int]:
    """The figures a component gave with its last heartbeat; none before its first."""
    return cast("Mapping[str, int]", row(daemon, name)["health"]["facts"])


def history(home: Path, name: str) -> list[RestartRow]:
    """A component's restarts as `senter status NAME --json` shows them, the newest first."""
    return cast("list[RestartRow]", senter(home, "status", name, "--json").json["history"])


def others(daemon: ScratchDaemon, *names: str) -> dict[str, int]:
    """The processes of everything but these."""
    return {name: pid for name, pid in daemon.pids().items() if name not in names}


def texts(lines: Sequence[Mapping[str, object]]) -> str:
    """What the steps of a start said."""
    return "\n".join(f"{line.get('status')} {line.get('text')} {line.get('hint')}" for line in lines)
