"""Asking the supervisor on its own socket, which answers whatever state the api is in."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from senter.client.deadline import Deadline
from senter.errors import CommunicationError, DaemonNotRunning, Forbidden, InvalidInput, SenterError

if TYPE_CHECKING:
    from senter.client.types import DaemonStatus
    from senter.paths import Paths

HAS_UNIX_SOCKETS = hasattr(socket, "AF_UNIX")


def call_control(
    paths: Paths, command: str, component: str | None = None, *, timeout_seconds: float = 30.0
) -> Mapping[str, object]:
    """Have the supervisor answer one command.

    Raises `DaemonNotRunning`, `DeadlineExceeded`, `CommunicationError` when it hangs up without an
    answer, and the supervisor's own errors as themselves.
    """
    return _answer(paths, command, component, timeout_seconds)


def daemon_status(paths: Paths, *, timeout_seconds: float = 30.0) -> DaemonStatus:
    """How the daemon and each of its components are. Raises what `call_control` does."""
    return _answer(paths, "status", None, timeout_seconds)


class DaemonIdentity(TypedDict):
    """What the supervisor says of itself, quickly."""

    state: str
    pid: int
    code: str
    """The fingerprint of the code it was started from; empty from one that is too old to say."""


def identify(paths: Paths, *, timeout_seconds: float = 30.0) -> DaemonIdentity:
    """Who answers. A tenth of the cost of `daemon_status`. Raises what `call_control` does."""
    try:
        return _answer(paths, "identify", None, timeout_seconds)
    except InvalidInput:
        found = daemon_status(paths, timeout_seconds=timeout_seconds)
        return {"state": found["state"], "pid": found["pid"], "code": ""}


def _answer(paths: Paths, command: str, component: str | None, timeout_seconds: float) -> Any:
    import json

    deadline = Deadline(f"The supervisor's answer to {command}", timeout_seconds)
    connection, token = connect_control(paths, deadline)
    with connection:
        request = {"command": command, "component": component, "token": token}
        try:
            connection.sendall(json.dumps(request).encode() + b"\n")
            line = _read_line(connection, deadline)
        except TimeoutError as error:
            raise deadline.exceeded() from error
        except ConnectionError:
            line = b""
    if not line.endswith(b"\n"):
        raise CommunicationError("The supervisor hung up without an answer.", "See: senter logs supervisor")
    answer = json.loads(line)
    if failure := answer.get("error"):
        raise SenterError.from_wire(failure["code"], failure["message"], failure["hint"])
    return answer["result"]


def connect_control(paths: Paths, deadline: Deadline) -> tuple[socket.socket, str]:
    """A connection to the supervisor, and the token to show on it. Raises `DaemonNotRunning`."""
    try:
        if HAS_UNIX_SOCKETS:
            return connect_unix(str(paths.control_socket), deadline), ""
        port, token = paths.control_socket.read_text("ascii").split()
        return socket.create_connection(("127.0.0.1", int(port)), deadline.left_seconds()), token
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
        raise DaemonNotRunning(str(paths.home)) from error
    except PermissionError as error:
        raise Forbidden(f"The Senter at {paths.home} belongs to another user.") from error
    except TimeoutError as error:
        raise deadline.exceeded() from error


def connect_unix(path: str, deadline: Deadline) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(deadline.left_seconds())
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_line(connection: socket.socket, deadline: Deadline) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        connection.settimeout(deadline.left_seconds())
        received = connection.recv(65_536)
        if not received:
            break
        line += received
    return bytes(line)
