"""One TCP or Unix connection: who may connect, for how long it may stay silent, how many there may be.

uvicorn parses the requests. It never closes a connection that sends nothing or half a request, bounds
neither headers nor connections, and asks nobody who they are: that is added here.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from senter.components.api.peer import is_trusted, peer_uid
from senter.components.api.tcp_door import TcpDoor

MAX_HEAD_BYTES: Final = 65_536

OTHER_USER: Final = "This Senter belongs to another user."
HEAD_TOO_LARGE: Final = "The request's headers are larger than 65536 bytes."
NOT_IN_TIME: Final = "The request did not arrive in time."
NO_ROOM: Final = "Senter has too many connections."


class ConnectionPool:
    """The open connections of one listening socket, those that wait for a request apart and oldest first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[Connection, None] = {}
        self._open: set[Connection] = set()
        self.closed = 0
        """Connections turned away, closed to make room or timed out."""

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Connection) -> bool:
        """Take a new connection in; where there is no room, the one that waits longest has to go."""
        if len(self._open) >= self._limit and not self._drop_oldest():
            self.closed += 1
            return False
        self._open.add(connection)
        return True

    def _drop_oldest(self) -> bool:
        oldest = next(iter(self._waiting), None)
        if oldest is None:
            return False
        self.closed += 1
        self.forget(oldest)
        oldest.transport.abort()
        return True

    def waits(self, connection: Connection) -> None:
        if connection in self._open:
            self._waiting.setdefault(connection)

    def works(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)

    def forget(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        self._open.discard(connection)


class ServerConfig(uvicorn.Config):
    """uvicorn's settings, with the limits each connection keeps."""

    def __init__(
        self,
        *,
        unix: ConnectionPool,
        tcp: ConnectionPool,
        door: TcpDoor,
        request_timeout_seconds: float,
        **uvicorn_settings: Any,
    ) -> None:
        super().__init__(**uvicorn_settings)
        self.unix = unix
        self.tcp = tcp
        self.door = door
        self.request_timeout_seconds = request_timeout_seconds


class Connection(HttpToolsProtocol):
    """Adds to uvicorn's connection the check of the peer, the deadline for a whole request and the limits."""

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._server = config
        self._pool = config.tcp
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        peer: socket.socket = transport.get_extra_info("socket")
        over_unix = hasattr(socket, "AF_UNIX") and peer.family == socket.AF_UNIX
        self._pool = self._server.unix if over_unix else self._server.tcp
        refusal = None if over_unix else self._server.door.refusal(peer)
        self.app_state = {**self.app_state, "over": "unix" if over_unix else "tcp", "refusal": refusal}
        if not self._pool.admit(self):
            self._refuse(503, NO_ROOM)
        elif over_unix and not is_trusted(peer_uid(peer)):
            self._refuse(403, OTHER_USER)
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._head_bytes > MAX_HEAD_BYTES and self._in_head:
            self._refuse(431, HEAD_TOO_LARGE)
        else:
            self._watch()

    def on_headers_complete(self) -> None:
        self._head_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waits_for_request:
            self._pool.waits(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._pool.forget(self)
        super().connection_lost(exc)

    @property
    def _current(self) -> RequestResponseCycle | None:
        """The latest request; none before the first one's headers are there, whatever uvicorn's types say."""
        return self.cycle

    @property
    def _in_head(self) -> bool:
        return (cycle := self._current) is None or not cycle.more_body

    @property
    def _waits_for_request(self) -> bool:
        return (cycle := self._current) is None or cycle.response_complete or cycle.more_body

    def _watch(self) -> None:
        """Allow only so long until the whole request is there, however the bytes trickle in."""
        if not self._waits_for_request:
            self._pool.works(self)
            self._disarm()
        elif self._deadline is None:
            self._pool.waits(self)
            self._deadline = self.loop.call_later(self._server.request_timeout_seconds, self._give_up)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._pool.closed += 1
        self._refuse(408, NOT_IN_TIME)

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer without a request having been understood, and hang up; never into another answer."""
        if (cycle := self._current) is not None and cycle.response_started:
            self.transport.close()
            return
        body = sentence.encode()
        head = (
            f"HTTP/1.1 {status} Refused\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
