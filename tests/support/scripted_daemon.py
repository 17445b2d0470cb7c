"""A daemon that says what a test told it to: a real control socket and a real HTTP server on a Unix socket."""

from __future__ import annotations

import json
import os
import pty
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from senter.fingerprint import fingerprint_of
from senter.paths import Paths
from tests.support import warm_commands

SOURCE = Path(__file__).parents[2] / "src"
NO_MODELS = {"SENTER_MODELS__FETCH": "never", "SENTER_MODELS__FOLDER": "/nonexistent/models"}
LEFT_DOWN = {"SENTER_NO_START": "1"}
DEADLINE_SECONDS = 20.0

Answer = Mapping[str, object]
ControlScript = Callable[[str, str | None], Answer]


@dataclass
class Response:
    """What the HTTP side answers to one route."""

    body: object = None
    status: int = 200
    events: list[tuple[str, object]] | None = None
    """Server-sent events instead of a body."""
    hold: threading.Event | None = None
    """Wait for this after the last event, instead of ending the stream."""
    content_type: str = "application/json"


@dataclass
class ScriptedDaemon:
    """Holds the script, and what was asked."""

    paths: Paths
    control: ControlScript
    routes: dict[tuple[str, str], Response] = field(default_factory=dict[tuple[str, str], Response])
    commands: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    requests: list[tuple[str, str, object]] = field(default_factory=list[tuple[str, str, object]])
    stream_begun: threading.Event = field(default_factory=threading.Event)
    reader_left: threading.Event = field(default_factory=threading.Event)
    readers: list[socket.socket] = field(default_factory=list[socket.socket])
    """Connections whose stream is held open."""

    def drop_readers(self) -> None:
        """Break what is held open, as a daemon does that goes away."""
        for reader in self.readers:
            with suppress(OSError):
                reader.shutdown(socket.SHUT_RDWR)
        self.readers.clear()

    @contextmanager
    def listening(self) -> Generator[ScriptedDaemon]:
        """Serve both sockets."""
        with ExitStack() as stack:
            stack.enter_context(_serving(_ControlServer(str(self.paths.control_socket), _ControlHandler, self)))
            stack.enter_context(_serving(_ApiServer(str(self.paths.api_socket), _ApiHandler, self)))
            yield self


class _ControlServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, address: str, handler: type[socketserver.BaseRequestHandler], script: ScriptedDaemon) -> None:
        super().__init__(address, handler)
        self.script = script

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader that left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]  # passed through


class _ApiServer(_ControlServer):
    pass


@contextmanager
def _serving(server: _ControlServer) -> Generator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        Path(str(server.server_address)).unlink(missing_ok=True)
        thread.join(DEADLINE_SECONDS)


class _ControlHandler(socketserver.StreamRequestHandler):
    server: _ControlServer  # pyright: ignore[reportIncompatibleVariableOverride]  # always this one

    def handle(self) -> None:
        line = self.rfile.readline()
        if not line:
            return
        request = json.loads(line)
        script = self.server.script
        script.commands.append((request["command"], request.get("component")))
        try:
            answer = script.control(request["command"], request.get("component"))
        except ConnectionAbortedError:
            return  # hang up without an answer
        self.wfile.write(json.dumps(answer).encode() + b"\n")


class _ApiHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _ApiServer  # pyright: ignore[reportIncompatibleVariableOverride]  # a Unix server, not a TCP one

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_DELETE = do_GET  # noqa: N815 the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        pass

    def address_string(self) -> str:
        return "unix"

    def _answer(self) -> None:
        script = self.server.script
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        path = self.path.partition("?")[0]
        script.requests.append((self.command, self.path, body))
        response = script.routes.get((self.command, path), Response({"title": "no such route"}, 404))
        if response.events is not None:
            self._stream(response, response.events)
            return
        raw = b"" if response.status == HTTPStatus.NO_CONTENT else json.dumps(response.body).encode()
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _stream(self, response: Response, events: list[tuple[str, object]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for name, data in events:
            self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()
        self.server.script.stream_begun.set()
        if response.hold:
            self._wait_for_the_reader_to_leave(response.hold)
        self.close_connection = True

    def _wait_for_the_reader_to_leave(self, hold: threading.Event) -> None:
        self.connection.settimeout(DEADLINE_SECONDS)
        self.server.script.readers.append(self.connection)
        try:
            left = not self.connection.recv(1)
        except ConnectionResetError:
            left = True
        if left:
            self.server.script.reader_left.set()
        hold.set()


@dataclass(frozen=True)
class Cli:
    """Runs the command line as a person would, in a process of its own."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        argv = [sys.executable, "-P", "-m", "senter", *arguments]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SENTER_")}
        return argv, {
            **inherited,
            "PYTHONPATH": str(SOURCE),
            "SENTER_HOME": str(self.home),
            "PYTHONIOENCODING": "utf-8",
            **NO_MODELS,
            **LEFT_DOWN,
            **self.environment,
        }

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return warm_commands.run(*self.command(*arguments), stdin, DEADLINE_SECONDS)

    def refused(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """The exit code and, from its JSON, the code of the error of a command that fails."""
        done = self.run(*arguments, "--json", stdin=stdin)
        return done.returncode, json.loads(done.stdout)["error"]["code"]

    def on_terminal(self, *arguments: str, columns: int = 80, typed: str = "") -> str:
        """What a terminal of that width is sent, with what is typed there; the command has to succeed."""
        argv, environment = self.command(*arguments)
        ours, theirs = pty.openpty()
        process = warm_commands.command(argv, environment)(
            argv, env={**environment, "COLUMNS": str(columns)}, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = _read_all(ours).decode()
        assert process.wait(DEADLINE_SECONDS) == 0, shown
        return shown

    def typing_after(self, prompt: str, typed: str, *arguments: str, first: str = "", code: int = 0) -> str:
        """What a terminal is sent where a person waits for a prompt that throws away what was typed before it.

        `first` is typed at the beginning; `code` is the exit code to come.
        """
        argv, environment = self.command(*arguments)
        ours, theirs = pty.openpty()
        process = warm_commands.command(argv, environment)(
            argv, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        os.write(ours, first.encode())
        shown = b""
        while not shown.decode(errors="ignore").endswith(prompt) and (piece := os.read(ours, 65_536)):
            shown += piece
        os.write(ours, typed.encode())
        shown += _read_all(ours)
        assert process.wait(DEADLINE_SECONDS) == code, shown
        return shown.decode()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        argv, environment = self.command(*arguments)
        return warm_commands.command(argv, environment)(
            argv,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def _read_all(descriptor: int) -> bytes:
    shown = b""
    while True:
        try:
            piece = os.read(descriptor, 65_536)
        except OSError:  # Linux says EIO when the other side is closed
            piece = b""
        if not piece:
            os.close(descriptor)
            return shown
        shown += piece


def running_status(**components: Mapping[str, object]) -> dict[str, object]:
    """What a healthy daemon says to `status`."""
    rows = components or {"assistant": component_row()}
    told = {"state": "running", "pid": 4242, "code": fingerprint_of()}
    return {**told, "uptime_seconds": 8_100.0, "health_score": 100, "components": rows}


def component_row(state: str = "running", **changes: object) -> dict[str, object]:
    lives = state in ("running", "starting", "stopping")
    row: dict[str, object] = {
        "state": state,
        "pid": 4243 if lives else None,
        "uptime_seconds": 8_100.0 if lives else 0.0,
        "restarts": 0,
        "memory_mb": 21.5,
        "cpu_percent": 0.1,
        "threads": 2,
        "open_files": 14,
        "health": {"status": "healthy", "detail": "", "facts": {}},
        "reason": "",
    }
    return row | changes


def healthy_control(command: str, component: str | None) -> Answer:
    """Answers status, and knows one component."""
    if command in ("status", "identify"):
        return {"result": running_status()}
    if command == "take_up":
        return {"result": {"restarted": ["assistant"], "needs_restart": []}}
    if component not in (None, "assistant"):
        return {"error": {"code": "not_found", "message": f"There is no component {component}.", "hint": ""}}
    return {"result": component_row()}
