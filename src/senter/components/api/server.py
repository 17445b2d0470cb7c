"""uvicorn, embedded: it serves the sockets it is given, touches no signal and ends when it is told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn


class EmbeddedServer(uvicorn.Server):
    """A server inside a component; the runner owns the process, its signals and its log."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ready = asyncio.Event()
        self._ending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Returns when requests are being accepted."""
        self._task = asyncio.create_task(self.serve(list(sockets)), name="uvicorn")
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait((self._task, ready), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()

    async def served(self) -> None:
        """Wait for the end, and raise what ended it."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Take no new connection, let what is in flight end within uvicorn's grace, hang up on the rest."""
        self._ending.set()
        await self.served()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        # uvicorn wakes ten times a second to look at a flag; waiting for it costs nothing while idle.
        await self.on_tick(0)
        await self._ending.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
