"""One HTTP exchange with the API: on its Unix socket, or on TCP with the token where there is none."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from senter.client.control import HAS_UNIX_SOCKETS, connect_unix
from senter.errors import CommunicationError, Forbidden, SenterError
from senter.sentences import spoken

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

    from senter.client.deadline import Deadline
    from senter.paths import Paths

KindT = TypeVar("KindT")
MAX_LINE_BYTES = 16 * 1024 * 1024


class Unreachable(Exception):
    """Nobody listens; nothing was sent."""


class Lost(Exception):
    """The connection broke after something was sent."""


class StreamedEvent(NamedTuple):
    """One server-sent event; the data is JSON."""

    name: str
    data: str
    id: str


class OpenedAnswer(NamedTuple):
    """An open answer, and the connection it comes over."""

    connection: socket.socket
    response: HTTPResponse
    deadline: Deadline

    @property
    def is_stream(self) -> bool:
        return self.response.headers.get_content_type() == "text/event-stream"

    def read(self, kind: type[KindT]) -> KindT:
        """The whole body, which the API promises to be of this kind; an empty one is an empty object."""
        found: KindT = json.loads(self.body() or b"{}")
        return found

    def body(self) -> bytes:
        self.connection.settimeout(self.deadline.left_seconds())
        return self.response.read()

    def events(self) -> Iterator[StreamedEvent]:
        """Events until the reader has what it waits for; comments are skipped.

        Raises what the API says went wrong, and `Lost` where the stream ends before.
        """
        name = data = place = ""
        while True:
            self.connection.settimeout(self.deadline.left_seconds())
            line = self.response.readline(MAX_LINE_BYTES).decode()
            if not line.endswith("\n"):
                raise Lost
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                place = value
            elif not field and data:
                if name == "error":
                    raise problem_of(data)
                yield StreamedEvent(name, data, place)
                name = data = place = ""


@contextmanager
def exchange(
    paths: Paths,
    deadline: Deadline,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Generator[OpenedAnswer]:
    """Send a request and open its answer.

    Raises `Unreachable`, `Lost`, `DeadlineExceeded`, and what the API refused as itself.
    """
    from http.client import HTTPConnection, HTTPException

    http = HTTPConnection("localhost")
    try:
        http.sock = connection = _connect(paths, deadline)
        http.sock.settimeout(deadline.left_seconds())
        _send(http, method, path, body, {**_token(paths), **(headers or {})})
        response = http.getresponse()
        opened = OpenedAnswer(connection, response, deadline)
        if response.status >= 400:
            raise refusal_of(opened)
        yield opened
    except TimeoutError as error:
        raise deadline.exceeded() from error
    except (ConnectionError, HTTPException) as error:
        raise Lost from error
    finally:
        http.close()


def _send(http: HTTPConnection, method: str, path: str, body: object, headers: Mapping[str, str]) -> None:
    kind = {"Content-Type": "application/json"} if body is not None else {}
    content = json.dumps(body).encode() if body is not None else None
    http.request(method, path, content, {"Accept-Language": spoken(), **kind, **headers})


def _connect(paths: Paths, deadline: Deadline) -> socket.socket:
    try:
        if HAS_UNIX_SOCKETS:
            return connect_unix(str(paths.api_socket), deadline)
        return socket.create_connection(("127.0.0.1", int(paths.port.read_text("ascii"))), deadline.left_seconds())
    except PermissionError as error:
        raise Forbidden(f"The Senter at {paths.home} belongs to another user.") from error
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError, BlockingIOError) as error:
        raise Unreachable from error


def _token(paths: Paths) -> dict[str, str]:
    if HAS_UNIX_SOCKETS:
        return {}
    token = paths.token.read_text("ascii").strip()
    return {"Authorization": f"Bearer {token}"} if token else {}


def refusal_of(opened: OpenedAnswer) -> SenterError:
    """The error the API answered with, rebuilt from its problem details."""
    status, kind = opened.response.status, opened.response.headers.get_content_type()
    if kind != "application/problem+json":
        sentence = opened.response.read(1_000).decode(errors="replace")
        return CommunicationError(f"The API refused the request ({status}): {sentence}", "See: senter logs api")
    return problem_of(opened.body())


def problem_of(details: str | bytes) -> SenterError:
    """The error that problem details tell of."""
    problem: dict[str, str] = json.loads(details)
    return SenterError.from_wire(problem["code"], problem["detail"], problem["hint"])
