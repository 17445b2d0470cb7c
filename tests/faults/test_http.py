"""Bad input over HTTP, slow and silent clients, and callers that have no business here; a real daemon answers."""

from __future__ import annotations

import http.client
import json
import os
import resource
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from senter.operations.scratch import wait_until
from tests.support.daemon import (
    Modelled,
    Response,
    UnixConnection,
    call,
    facts,
    modelled_daemon,
    row,
    senter,
    tcp_port,
    turns,
)
from tests.support.scratch import ScratchDaemon

pytestmark = pytest.mark.process

NOBODY = 65_534
QUERY = "/api/query"


@pytest.fixture(scope="module")
def modelled() -> Iterator[Modelled]:
    with modelled_daemon(api={"request_timeout_seconds": 2.0}) as running:
        yield running


@pytest.fixture
def daemon(modelled: Modelled) -> Iterator[ScratchDaemon]:
    """The daemon of this module, which no test may hurt."""
    before = modelled.daemon.pids()
    yield modelled.daemon
    assert modelled.daemon.pids() == before
    assert modelled.daemon.client.ask("What is Python?")["response"] == "Hello there"


def ask(daemon: ScratchDaemon, body: object) -> Response:
    return call(UnixConnection(daemon.paths), "POST", QUERY, body)


def over_tcp(daemon: ScratchDaemon) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", tcp_port(daemon.paths), timeout=30)


def token(daemon: ScratchDaemon) -> dict[str, str]:
    return {"Authorization": f"Bearer {daemon.paths.token.read_text().strip()}"}


def raw_request(text: str = "Why is the sky blue?") -> bytes:
    body = json.dumps({"text": text}).encode()
    head = f"POST {QUERY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def connected(daemon: ScratchDaemon) -> Generator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(str(daemon.paths.api_socket))
        yield connection


def read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionError:
        pass
    return received


BAD_BODIES: dict[str, tuple[object, int, str]] = {
    "an empty question": ({"text": ""}, 422, "The question is empty"),
    "only spaces": ({"text": " \n\t "}, 422, "The question is empty"),
    "a NUL": ({"text": "a\x00b"}, 422, "NUL"),
    "a lone surrogate": (b'{"text": "a\\ud800b"}', 422, "surrogate"),
    "120 KB": ({"text": "word " * 24_000}, 422, "120000 characters"),
    "2 MB": ({"text": "x" * 2_000_000}, 413, "larger than 1048576 bytes"),
    "no text": ({}, 422, "text is missing"),
    "an unknown field": ({"text": "Hi", "txet": "Hi"}, 422, "txet is not known here"),
    "a wrong type": ({"text": ["Hi"]}, 422, "text"),
    "not JSON": (b"{text: Hi}", 422, "not valid JSON"),
    "not UTF-8": (b'{"text": "\xff\xfe"}', 422, ""),
    "nothing": (b"", 422, ""),
    "deeply nested": (b"[" * 50_000, 422, ""),
    "a request id with dots": ({"text": "Hi", "request_id": "a.>.b"}, 422, "request_id"),
    "an unknown conversation": ({"text": "Hi", "conversation_id": "nosuch"}, 404, "nosuch"),
}


@pytest.mark.parametrize("body, status, sentence", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_input_is_refused_with_a_sentence(daemon: ScratchDaemon, body: object, status: int, sentence: str) -> None:
    before = len(turns(daemon))
    answer = ask(daemon, body)
    assert answer.status == status, answer.body
    assert sentence in answer.sentence
    assert answer.headers.get_content_type() == "application/problem+json"
    assert len(turns(daemon)) == before


def test_a_question_of_120_kb_on_the_command_line_is_refused_with_a_sentence(daemon: ScratchDaemon) -> None:
    said = senter(daemon.paths.home, "ask", "-", "--json", given="word " * 24_000)
    assert (said.code, said.error["code"]) == (2, "invalid_input")
    assert "120000 characters" in said.error["message"]


@pytest.mark.parametrize("text", ["", "   ", "a\x00b"])
def test_a_question_that_cannot_be_asked_is_wrong_use_of_the_command_line(daemon: ScratchDaemon, text: str) -> None:
    said = senter(daemon.paths.home, "ask", "-", "--json", given=text)
    assert (said.code, said.error["code"]) == (2, "invalid_input")


def test_a_request_split_over_many_writes_is_answered(daemon: ScratchDaemon) -> None:
    with connected(daemon) as connection:
        for byte in raw_request():
            connection.sendall(bytes([byte]))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
def test_part_of_a_request_and_then_silence_is_hung_up_on(daemon: ScratchDaemon, share: float) -> None:
    request = raw_request()
    with connected(daemon) as connection:
        began = time.monotonic()
        connection.sendall(request[: int(len(request) * share)])
        answer = read_all(connection)
        assert 1.5 < time.monotonic() - began < 15
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "head", [b"\x00\x01\x02\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00"]
)
def test_what_is_not_http_is_refused_or_hung_up_on(daemon: ScratchDaemon, head: bytes) -> None:
    with connected(daemon) as connection:
        connection.sendall(head)
        answer = read_all(connection)
        assert answer == b"" or answer.split()[1].startswith(b"4")


def test_a_token_is_asked_of_whoever_comes_over_tcp(daemon: ScratchDaemon) -> None:
    right = token(daemon)
    wrong = {"Authorization": "Bearer " + "x" * 43}
    assert call(over_tcp(daemon), "GET", "/api/status", headers=right).status == 200
    for headers in ({}, wrong, {"Authorization": "Basic eDp4"}, {"Authorization": right["Authorization"] + "x"}):
        refused = call(over_tcp(daemon), "GET", "/api/status", headers=headers)
        assert refused.status == 401
        assert refused.json["code"] == "unauthorized"
    assert call(over_tcp(daemon), "GET", "/api/status?token=" + right["Authorization"][7:]).status == 401
    assert call(over_tcp(daemon), "GET", "/healthz").status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1:1"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_a_foreign_host_or_origin_is_refused(daemon: ScratchDaemon, headers: dict[str, str]) -> None:
    refused = call(over_tcp(daemon), "GET", "/api/status", headers={**token(daemon), **headers})
    assert (refused.status, refused.json["code"]) == (403, "forbidden")


def as_nobody(action: Callable[[], bytes]) -> bytes:
    """What the action finds in a process of another user."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(theirs, action())
        except OSError as error:
            os.write(theirs, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as result:
        found = result.read()
    os.waitpid(pid, 0)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reaches_neither_socket_even_where_the_folders_are_open(daemon: ScratchDaemon) -> None:
    paths = daemon.paths

    def over_http() -> bytes:
        with connected(daemon) as connection:
            connection.sendall(raw_request())
            return read_all(connection)

    def over_control() -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(10)
            connection.connect(str(paths.control_socket))
            connection.sendall(b'{"command": "stop"}\n')
            return b"answered: " + read_all(connection)

    assert as_nobody(over_http) == b"PermissionError"
    assert as_nobody(over_control) == b"PermissionError"
    opened = {path: path.stat().st_mode for path in (paths.home, paths.run, paths.api_socket, paths.control_socket)}
    try:
        for path in opened:
            path.chmod(0o777)
        refusals = (b"HTTP/1.1 403", b"BrokenPipeError", b"ConnectionResetError")
        assert as_nobody(over_http).startswith(refusals)
        assert as_nobody(over_control) in (b"answered: ", b"BrokenPipeError", b"ConnectionResetError")
    finally:
        for path, mode in opened.items():
            path.chmod(mode & 0o7777)


def idle_connections(daemon: ScratchDaemon, count: int, stack: ExitStack) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count + 200:
        pytest.skip(f"this process may not open {count} connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 200), hard))
    stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
    port = tcp_port(daemon.paths)
    for number in range(count):
        connection = stack.enter_context(socket.socket())
        connection.settimeout(20)
        connection.connect(("127.0.0.1", port))
        if number % 2:
            connection.sendall(b"POST /api/query HTTP/1.1\r\nHost:")


@pytest.mark.parametrize("count", [1_500, pytest.param(10_000, marks=pytest.mark.long)])
def test_idle_connections_keep_nobody_from_being_answered(daemon: ScratchDaemon, count: int) -> None:
    with ExitStack() as stack:
        idle_connections(daemon, count, stack)
        assert daemon.client.ask("What is a room?")["response"] == "Hello there"
        answer = call(over_tcp(daemon), "POST", QUERY, {"text": "Here too?"}, token(daemon))
        assert answer.json["response"] == "Hello there"
        wait_until(lambda: 0 < row(daemon, "api")["open_files"] < 1_500, "too many are kept", 10)
    wait_until(lambda: facts(daemon, "api")["connections"] < 20, "they stay", 20)


def test_addresses_and_methods_that_do_not_exist_are_told(daemon: ScratchDaemon) -> None:
    assert call(UnixConnection(daemon.paths), "GET", "/api/nosuch").json["code"] == "not_found"
    assert call(UnixConnection(daemon.paths), "PUT", QUERY, {}).json["code"] == "method_not_allowed"
    assert call(UnixConnection(daemon.paths), "GET", "/api/conversations/nosuch").status == 404
    assert call(UnixConnection(daemon.paths), "GET", "/api/dead-letters/7").status == 404
