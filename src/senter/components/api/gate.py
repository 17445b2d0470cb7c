"""What every request passes before a route sees it: its name, who may come in, how much it may send.

A pure ASGI wrapper, because it must also see requests that match no route. TCP callers show the token
and a Host, and an Origin if there is one, that is this machine's; whose programs they are was found when
they connected, as it was for callers on the Unix socket.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from senter.clock import Clock
from senter.components.api.metrics import Requests
from senter.components.api.problems import respond
from senter.components.api.requests import HEADER, choose_request_id
from senter.components.api.settings import ApiSettings
from senter.components.api.token import shows_token
from senter.errors import Forbidden, SenterError, Stopping, TooLarge, Unauthorized
from senter.sentences import languages, speaking

OPEN_TO_ALL: Final = frozenset({"/healthz"})
LOCAL_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")


class Gate:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, token: str, requests: Requests, clock: Clock) -> None:
        self._app = app
        self._token = token
        self._max_body_bytes = settings.max_body_bytes
        self._requests = requests
        self._clock = clock
        self._names = (*LOCAL_NAMES, *(name.lower() for name in settings.allowed_hosts))
        self._hosts: frozenset[str] = frozenset()
        self.closing = False

    def allow_port(self, port: int) -> None:
        """From now on a request may be addressed to this port."""
        self._hosts = frozenset(f"{name}:{port}" for name in self._names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        gated = GatedRequest(scope, receive, send, self._max_body_bytes)
        started = self._clock.monotonic()
        refusal = self._refusal(scope, gated)
        try:
            if refusal is None:
                with speaking(gated.language):
                    await self._app(scope, gated.receive, gated.send)
            else:
                await respond(refusal, scope["path"], gated.request_id)(scope, receive, gated.send)
        finally:
            self._requests.count(scope, gated.status, self._clock.monotonic() - started)

    def _refusal(self, scope: Scope, gated: GatedRequest) -> SenterError | None:
        if scope["state"].get("over") != "unix":
            refusal = self._refuse_stranger(scope, gated)
            if refusal is not None:
                return refusal
        if self.closing:
            return Stopping()
        if gated.declared_bytes > self._max_body_bytes:
            return TooLarge(f"The request body is larger than {self._max_body_bytes} bytes.")
        return None

    def _refuse_stranger(self, scope: Scope, gated: GatedRequest) -> SenterError | None:
        host, origin = gated.header(b"host"), gated.header(b"origin")
        if host is None or host.lower() not in self._hosts:
            return Forbidden(
                "This Host is not one Senter answers to.", "Use http://127.0.0.1 with the port, or localhost."
            )
        if origin is not None and origin.lower().partition("://")[2] not in self._hosts:
            return Forbidden("Pages from another origin may not call Senter.")
        if scope["path"] in OPEN_TO_ALL:
            return None
        if refusal := scope["state"].get("refusal"):
            return refusal
        if not shows_token(gated.raw(b"authorization"), self._token):
            return Unauthorized("The token is missing or wrong.", "Send the header: Authorization: Bearer TOKEN")
        return None


class GatedRequest:
    """One request on its way in and its answer on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left = max_body_bytes
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            # Said twice means that two readers may see two things: believe neither.
            self._headers[name] = b"" if name in self._headers else value
        self.request_id = choose_request_id(self._headers.get(HEADER))
        self.status = 0
        scope["state"]["request_id"] = self.request_id

    @property
    def declared_bytes(self) -> int:
        declared = self.raw(b"content-length")
        return int(declared) if declared.isdigit() else 0

    @property
    def language(self) -> str:
        """The first that the caller names and sentences are there in; empty for English."""
        named = re.split(r"[,;-]", self.raw(b"accept-language").decode("latin-1").strip().lower())[0]
        return named if named in languages() else ""

    def raw(self, name: bytes) -> bytes:
        return self._headers.get(name, b"")

    def header(self, name: bytes) -> str | None:
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            # The one kind of error the framework lets through while it reads a body.
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (HEADER, self.request_id.encode())]
        await self._send(message)
