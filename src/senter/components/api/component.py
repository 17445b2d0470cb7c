"""The api component: opens its sockets, serves HTTP, and ends without losing an answer in flight."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from typing import Final

from fastapi import APIRouter, FastAPI

from senter.component.asking import Asker
from senter.component.component import Component, Context
from senter.component.models import ModelClient
from senter.component.route import Route
from senter.component.spec import ComponentSpec
from senter.components.api.application import build_application
from senter.components.api.connections import Connection, ConnectionPool, ServerConfig
from senter.components.api.daemon_metrics import DaemonMetrics
from senter.components.api.gate import Gate
from senter.components.api.goal_progress import GoalProgress
from senter.components.api.in_flight import InFlight
from senter.components.api.live_events import LiveEvents
from senter.components.api.metrics import Requests
from senter.components.api.openai.chat_caller import ChatCaller
from senter.components.api.openai.routes import OpenAIRoutes
from senter.components.api.problems import ProblemHandlers
from senter.components.api.public import public_routes
from senter.components.api.query_caller import QueryCaller
from senter.components.api.routes.daemon import DaemonRoutes
from senter.components.api.routes.query import QueryRoutes
from senter.components.api.routes.turns import TurnEvents
from senter.components.api.server import EmbeddedServer
from senter.components.api.settings import ApiSettings
from senter.components.api.sockets import (
    HAS_UNIX_SOCKETS,
    PortTaken,
    open_tcp_socket,
    open_unix_socket,
    raise_file_limit,
)
from senter.components.api.tcp_door import TcpDoor
from senter.components.api.token import read_or_make_token
from senter.components.specs import all_specs
from senter.errors import SettingsError
from senter.masking import remember
from senter.messages.control import SUPERVISOR
from senter.messages.health import Health
from senter.messages.message import Command, Reply
from senter.paths import write_private

SPARE_FILES: Final = 256
# After the drain only uploads that stopped half-way and clients that do not read are left.
UVICORN_GRACE_SECONDS: Final = 1
LAST_WORDS_SECONDS: Final = 1.5

# Where this is imported once for all forks, each begins with the routes made.
public_routes(all_specs(), lambda _spec, _error: None)

ANOTHER_PORT = "End that program, or have a free port taken: senter config set api.port 0"
WITHOUT_TCP = "Commands work without it. End that program, then: senter restart api. Or: senter config set api.port 0"


class Api(Component[ApiSettings]):
    """HTTP for people and programs on this machine."""

    def __init__(self, context: Context[ApiSettings]) -> None:
        super().__init__(context)
        settings = self.settings
        self._requests = Requests()
        self._in_flight = InFlight(settings.max_waiting_queries)
        self._asker = Asker(self.bus, self.clock, settings.command_timeout_seconds)
        self._query_caller = QueryCaller(self.bus, self._asker, settings, self.log, self._in_flight)
        self._models = ModelClient(self.bus, self.clock)
        self._chat_caller = ChatCaller(self.bus, self._asker, self._models, settings)
        self._live_events = LiveEvents(self.bus, settings)
        self._unix = ConnectionPool(settings.max_unix_connections)
        self._tcp = ConnectionPool(settings.max_tcp_connections)
        self._tcp_state = "off"
        self._door = TcpDoor(settings, self.log)

    async def open(self, stack: AsyncExitStack) -> None:
        raise_file_limit(self.settings.max_tcp_connections + self.settings.max_unix_connections + SPARE_FILES)
        token = read_or_make_token(self.paths.token)
        remember([token])
        self._gate = Gate(self.application(), self.settings, token, self._requests, self.clock)
        sockets = self._open_sockets(stack)
        await stack.enter_async_context(self._models)
        await self._live_events.open(stack)
        self._server = EmbeddedServer(self._server_config())
        await self._server.start(sockets)
        stack.push_async_callback(self._server.stop)

    async def run(self) -> None:
        await self._server.served()

    @property
    def is_closing(self) -> bool:
        """Whether new requests are refused because the end has begun."""
        return self._gate.closing

    async def finish(self, grace_seconds: float) -> None:
        """Streams end, questions in flight are answered or told that Senter stops, then the sockets close."""
        self._gate.closing = True
        self._live_events.end()
        await self._in_flight.drain(max(0.0, grace_seconds - LAST_WORDS_SECONDS))
        await self._query_caller.finish()
        await self._chat_caller.finish()
        await self._server.stop()

    def health(self) -> Health:
        facts: dict[str, str | int | float | bool | None] = {
            "tcp": self._tcp_state,
            "tcp_users": self._door.users,
            "unix": str(self.paths.api_socket) if HAS_UNIX_SOCKETS else "off",
            "queries_waiting": len(self._in_flight),
            "connections": len(self._unix) + len(self._tcp),
            "event_clients": len(self._live_events),
        }
        off = self._tcp_state.startswith("off")
        detail = f"TCP is {self._tcp_state}. {WITHOUT_TCP}" if off else self._door.opened
        return Health(detail=detail, facts=facts)

    def _open_sockets(self, stack: AsyncExitStack) -> list[socket.socket]:
        sockets: list[socket.socket] = []
        if HAS_UNIX_SOCKETS:
            sockets.append(stack.enter_context(open_unix_socket(self.paths.api_socket)))
            stack.callback(self.paths.api_socket.unlink, missing_ok=True)
        tcp = self._open_tcp()
        if tcp is not None:
            sockets.append(stack.enter_context(tcp))
            port = tcp.getsockname()[1]
            self._tcp_state = f"{self.settings.host}:{port}"
            self._gate.allow_port(port)
            self._door.stands_at(tcp)
            stack.callback(self._door.close)
            write_private(self.paths.port, f"{port}\n")
            stack.callback(self.paths.port.unlink, missing_ok=True)
        return sockets

    def _open_tcp(self) -> socket.socket | None:
        try:
            return open_tcp_socket(self.settings)
        except PortTaken as taken:
            if "port" in self.settings.model_fields_set or not HAS_UNIX_SOCKETS:
                raise SettingsError(f"api.port: {taken}.", ANOTHER_PORT) from taken
            self._tcp_state = f"off: port {taken.port} was taken by {taken.owner}"
            self.log.warning("tcp_off", reason=str(taken))
            return None

    def application(self) -> FastAPI:
        """Every route, without the gate in front: also what the reference pages are made from."""
        app = build_application(self._route_groups(), ProblemHandlers(self.log))
        app.state.ask = self._ask
        return app

    async def _ask(self, route: Route, command: Command[Reply]) -> Reply:
        settings = self.settings
        timeout_seconds = settings.query_timeout_seconds if route.slow else settings.command_timeout_seconds
        if command.receiver == SUPERVISOR:  # without it nothing comes back
            return await self.bus.request(command, timeout_seconds=timeout_seconds)
        return await self._asker.ask(command, timeout_seconds, repeat=route.may_repeat)

    def _route_groups(self) -> list[APIRouter]:
        bus, settings = self.bus, self.settings
        metrics = DaemonMetrics(bus, self._requests, self._in_flight, self._live_events, self._unix, self._tcp)
        return [
            QueryRoutes(self._query_caller, settings).router(),
            TurnEvents(self._query_caller, settings).router(),
            DaemonRoutes(bus, settings, self._live_events, metrics).router(),
            GoalProgress(self._asker, self._live_events, settings).router(),
            public_routes(all_specs(), self._leave_out),
            OpenAIRoutes(self._chat_caller, settings, self.clock, self._in_flight).router(),
        ]

    def _leave_out(self, spec: ComponentSpec, error: Exception) -> None:
        self.log.error("routes_left_out", component=spec.name, reason=f"{type(error).__name__}: {error}")

    def _server_config(self) -> ServerConfig:
        return ServerConfig(
            unix=self._unix,
            tcp=self._tcp,
            door=self._door,
            request_timeout_seconds=self.settings.request_timeout_seconds,
            app=self._gate,
            http=Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_keep_alive=self.settings.keep_alive_seconds,
            timeout_graceful_shutdown=UVICORN_GRACE_SECONDS,
        )
