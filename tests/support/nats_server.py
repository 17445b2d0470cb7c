"""A real nats-server for tests and benches, that can be killed and started again."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from senter.bus.connection import NatsBus
from senter.bus.manifest import Manifest
from senter.bus.server import (
    SUPERVISOR,
    PrivateServer,
    command_line,
    configuration,
    wait_until_answering,
    write_configuration,
)
from senter.bus.settings import BusSettings
from senter.bus.streams import prepare_streams
from senter.messages.message import ComponentName

START_SECONDS = 10.0
KILL: signal.Signals = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process by either


class TestServer:
    """One nats-server process in one folder."""

    __test__ = False

    def __init__(
        self, folder: Path, manifests: Mapping[ComponentName, Manifest], settings: BusSettings | None = None
    ) -> None:
        self.manifests = manifests
        self.settings = settings or BusSettings()
        self.server = PrivateServer.plan(self.settings, manifests)
        self.log = folder / "nats-server.log"
        self.store = folder / "jetstream"
        self.configuration_path = folder / "nats-server.conf"
        text = configuration(self.server, self.settings, manifests, store=self.store, log=self.log)
        write_configuration(self.configuration_path, text)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def spawn(self) -> None:
        self._process = subprocess.Popen(command_line(self.configuration_path), stderr=subprocess.DEVNULL)

    async def start(self) -> None:
        """Start it, again too, and wait until it answers."""
        self.spawn()
        await wait_until_answering(self.server, timeout_seconds=START_SECONDS)

    async def ensure_running(self) -> None:
        """Start it if it was killed, and wait until it answers."""
        if self._process is None:
            self.spawn()
        await wait_until_answering(self.server, timeout_seconds=START_SECONDS)

    def kill(self, number: signal.Signals = KILL) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(START_SECONDS)
            self._process = None

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        if self._process is not None:
            self._process.wait(START_SECONDS)

    @contextlib.asynccontextmanager
    async def bus(self, name: ComponentName, manifest: Manifest | None = None) -> AsyncGenerator[NatsBus]:
        """A component's bus on this server."""
        declared = manifest or self.manifests.get(name) or Manifest(is_supervisor=name == SUPERVISOR)
        async with NatsBus.connect(self.server.access(name), declared) as bus:
            yield bus

    async def prepare(self) -> None:
        """Make the streams, as the supervisor does."""
        async with self.bus(SUPERVISOR) as supervisor:
            await prepare_streams(supervisor, self.settings, self.manifests)
