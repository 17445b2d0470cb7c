"""A server that takes notifications as Apprise's json:// sends them, and does what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from pydantic import BaseModel


class Told(BaseModel):
    """One message that arrived."""

    title: str
    message: str


@dataclass
class NotificationTarget:
    """Answers with `status`, and `location`; with none, closes the connection unanswered. `hold` keeps the answer
    back. `visits` counts whoever connects, also without a message."""

    port: int = 0
    status: int | None = 200
    location: str = ""
    visits: int = 0
    told: list[Told] = field(default_factory=list[Told])
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    on_told: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/take"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lengths = [line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length:")]
            self.told.append(Told.model_validate(json.loads(await reader.readexactly(int(lengths[0])))))
            if self.on_told is not None:
                self.on_told()
            await self.hold.wait()
            if self.status is not None:
                place = f"Location: {self.location}\r\n" if self.location else ""
                head = f"HTTP/1.1 {self.status} X\r\n{place}Content-Length: 0\r\nConnection: close\r\n\r\n"
                writer.write(head.encode())
                await writer.drain()
        writer.close()


@asynccontextmanager
async def notification_target(target: NotificationTarget | None = None) -> AsyncGenerator[NotificationTarget]:
    """Listen on the target's port, or on a free one; whoever comes is answered at once unless it is held."""
    target = target or NotificationTarget()
    target.hold.set()
    server = await asyncio.start_server(target.answer, "127.0.0.1", target.port)
    target.port = server.sockets[0].getsockname()[1]
    try:
        yield target
    finally:
        target.hold.set()
        server.close()
