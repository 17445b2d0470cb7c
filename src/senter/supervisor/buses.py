"""The bus as the supervisor keeps it: its own nats-server, or an existing cluster, and the streams on it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from nats import errors as nats_errors

from senter.bus.access import BusAccess
from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.bus.server import (
    SUPERVISOR,
    PrivateServer,
    command_line,
    configuration,
    explain_end,
    wait_until_answering,
    write_configuration,
)
from senter.bus.stored_letters import StoredLetters
from senter.bus.streams import prepare_streams
from senter.component.runner import manifest_of
from senter.errors import BusUnavailable, StartError
from senter.messages.dead_letters import DropDeadLetter, GetDeadLetter, ListDeadLetters, ReplayDeadLetter
from senter.messages.health import Health
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.configuration import Configuration
from senter.supervisor.event_stream import LOOK_SECONDS, StreamWatch
from senter.supervisor.life import Program
from senter.supervisor.process import Child, spawn

ANSWER_SECONDS = 10.0
PING_SECONDS = 2
# It makes its log for the group to read, too.
PRIVATE_UMASK = 0o077
# Go lets its heap grow to twice of what is in use, and gives it back late; the limit is a soft one.
FRUGAL = {"GOGC": "50", "GOMEMLIMIT": "40MiB"}


class BusHouse:
    """Where the bus is, who may use it how, and the supervisor's own connection to it."""

    def __init__(self, settings: Configuration, paths: Paths, log: structlog.stdlib.BoundLogger) -> None:
        self._settings = settings.bus
        self._paths = paths
        self._log = log
        self._manifests = {name: manifest_of(spec) for name, spec in settings.processes().items()}
        self._server = PrivateServer.plan(settings.bus, iter(self._manifests)) if settings.bus.is_own else None
        self._looking = asyncio.Lock()

    @property
    def description(self) -> str:
        """Where the bus is, for people."""
        return f"nats-server on {self._server.url}" if self._server else f"the cluster at {self._settings.url}"

    def program(self, announce: Callable[[int], None]) -> NatsServer | None:
        """The nats-server to run, where it is the daemon's own. Raises `StartError`."""
        if self._server is None:
            return None
        self._write_configuration(self._server, self._manifests)
        return NatsServer(command_line(self._configuration_file), self._server, self._paths, announce, self._log)

    async def admit(self, configuration: Configuration, restart_server: Callable[[], Awaitable[object]]) -> None:
        """Let in exactly the processes of other settings. Raises `StartError`, `BusUnavailable`.

        A server of one's own is restarted for that, which askers are told at once; one that reads its
        configuration again forgets who may still reply, and they would wait in vain.
        """
        manifests = {name: manifest_of(spec) for name, spec in configuration.processes().items()}
        if manifests.keys() == self._manifests.keys():
            return
        async with self._looking:
            await self._admit(manifests, restart_server)

    async def _admit(
        self, manifests: Mapping[ComponentName, Manifest], restart_server: Callable[[], Awaitable[object]]
    ) -> None:
        if self._server:
            self._server = self._server.admitting(manifests)
            self._write_configuration(self._server, manifests)
            await restart_server()
        await self._until_up()
        before, self._manifests = self._manifests, manifests
        try:
            await self._stream.prepare()
        except BaseException:
            self._manifests = before
            raise

    async def _until_up(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._bus.link.up()
        except TimeoutError:
            raise BusUnavailable from None

    @property
    def _configuration_file(self) -> Path:
        return self._paths.run / "nats-server.json"

    def _write_configuration(self, server: PrivateServer, manifests: Mapping[ComponentName, Manifest]) -> None:
        store, log = self._paths.jetstream, self._paths.log("nats-server")
        text = configuration(server, self._settings, manifests, store=store, log=log)
        write_configuration(self._configuration_file, text)

    def accesses(self) -> dict[ComponentName, BusAccess]:
        """How each process reaches the bus."""
        return {name: self._access(name) for name in self._manifests}

    def _access(self, name: ComponentName) -> BusAccess:
        return self._server.access(name) if self._server else BusAccess.to_cluster(self._settings, name)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[NatsBus]:
        """The supervisor's connection, with the streams prepared. The nats-server must run. Raises `StartError`."""
        try:
            async with NatsBus.connect(
                self._access(SUPERVISOR), Manifest(is_supervisor=True), log=self._log
            ) as self._bus:
                store = self._paths.jetstream if self._server else None
                self._stream = StreamWatch(self._bus, store, self._prepare_streams, self._log)
                await self._stream.prepare()
                await self._serve_dead_letters()
                yield self._bus
        except BusUnavailable as error:
            raise StartError(error.message, "See: senter logs nats-server") from error

    async def _prepare_streams(self) -> int:
        await prepare_streams(self._bus, self._settings, self._manifests)
        return sum(bool(manifest.consumes) for manifest in self._manifests.values())

    async def look_at_stream(self) -> None:
        """Every few seconds for ever: mend the event stream where it is gone or damaged."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            async with self._looking:
                await self._stream.look()

    def health(self) -> Health:
        """How the bus is, apart from whether it answers."""
        return self._stream.health()

    async def _serve_dead_letters(self) -> None:
        office = StoredLetters(self._bus.asking)
        await self._bus.serve(ListDeadLetters, lambda command: office.list(command.limit))
        await self._bus.serve(GetDeadLetter, lambda command: office.get(command.number))
        await self._bus.serve(ReplayDeadLetter, lambda command: office.replay(command.number))
        await self._bus.serve(DropDeadLetter, lambda command: office.drop(command.number))

    async def ping(self) -> bool:
        """Whether the broker answers."""
        if not self._bus.link.is_up:  # flush would not wait for an answer then
            return False
        try:
            await self._bus.link.round_trip(PING_SECONDS)
        except (nats_errors.Error, OSError):
            return False
        return True


class NatsServer(Program):
    """The daemon's own nats-server."""

    def __init__(
        self,
        argv: list[str],
        server: PrivateServer,
        paths: Paths,
        announce: Callable[[int], None],
        log: structlog.stdlib.BoundLogger,
    ) -> None:
        self._argv = argv
        self._server = server
        self._paths = paths
        self._announce = announce
        self._log = log
        self._waiting: asyncio.Task[None] | None = None

    async def spawn(self) -> Child:
        try:
            child = spawn(
                self._argv, environment={**FRUGAL, **os.environ}, output=self._paths.log_output, umask=PRIVATE_UMASK
            )
        except OSError as error:
            raise StartError(f"nats-server cannot be started: {error}.") from error
        self._waiting = asyncio.create_task(self._announce_when_answering(child))
        return child

    def last_words(self, pid: int) -> str:
        return explain_end(self._paths.log("nats-server"), self._paths.jetstream).message

    async def died(self, pid: int, reason: str) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})

    async def _announce_when_answering(self, child: Child) -> None:
        try:
            await wait_until_answering(self._server, timeout_seconds=ANSWER_SECONDS)
        except StartError as error:
            self._log.error("bus_does_not_answer", reason=error.message)
            child.kill()
            return
        self._announce(child.pid)
