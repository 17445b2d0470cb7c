"""Looks after the event stream while the daemon runs: notices when it is gone or damaged, and makes it anew.

Owners then publish again what has not certainly been consumed (senter.store.outbox). What is on the disk can be looked
at for a server of one's own only; a foreign cluster looks after its disks itself.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import structlog

from senter.bus import jetstream, subjects
from senter.bus.connection import NatsBus
from senter.bus.jetstream import StreamState
from senter.clock import utc_now
from senter.errors import CommunicationError, StartError
from senter.messages.health import ComponentDied, Health, HealthStatus

LOOK_SECONDS = 4.0
SAID_FOR = timedelta(hours=1)
GONE = "it was gone"
WHERE_STREAMS_LIE = Path("$G/streams")


class StreamWatch:
    """`store` is where nats-server keeps the streams, where that is the daemon's own; `prepare` makes what is missing
    and says how many consumers the event stream has then."""

    def __init__(
        self, bus: NatsBus, store: Path | None, prepare: Callable[[], Awaitable[int]], log: structlog.stdlib.BoundLogger
    ) -> None:
        self._bus = bus
        self._store = store
        self._prepare = prepare
        self._log = log
        self._known: StreamState | None = None
        self._consumers = 0
        self._remade_at = -SAID_FOR.total_seconds()
        self._said = ""

    def health(self) -> Health:
        """For an hour it is said that the stream was made anew."""
        if time.monotonic() - self._remade_at < SAID_FOR.total_seconds():
            return Health(status=HealthStatus.DEGRADED, detail=self._said)
        return Health()

    async def prepare(self) -> None:
        """Make or adapt the streams, and take this as how they should be. Raises `StartError`, `BusUnavailable`."""
        self._consumers = await self._prepare()
        self._known = await jetstream.look(self._bus.asking)

    async def look(self) -> None:
        """Look once. A bus that does not answer is somebody else's business."""
        try:
            if not self._bus.link.is_up:
                return
            if damage := await self._damage():
                await self._make_anew(subjects.EVENTS, damage)
            if await jetstream.look(self._bus.asking, subjects.DEAD) is None or self._is_away(subjects.DEAD):
                await self._make_anew(subjects.DEAD, GONE)
        except (CommunicationError, StartError) as error:
            self._log.warning("event_stream_not_looked_at", reason=error.message)

    async def _damage(self) -> str:
        """What is wrong with it, if that is still so at a second look: it changes all the time."""
        return await self._damage_now() and await self._damage_now()

    async def _damage_now(self) -> str:
        state, known = await jetstream.look(self._bus.asking), self._known
        if state is None:
            return GONE
        if known and state.created != known.created:
            return "another was in its place"
        if known and state.last < known.last:
            return f"{known.last - state.last} events were cut off its end"
        if state.consumers < self._consumers:
            return "the places of consumers were gone"
        if found := self._damage_on_disk(state):
            return found
        self._known = state
        return ""

    def _is_away(self, stream: str) -> bool:
        return self._store is not None and not (self._store / WHERE_STREAMS_LIE / stream / "meta.inf").exists()

    def _damage_on_disk(self, state: StreamState) -> str:
        """The server holds its files open, and does not see what becomes of them."""
        if self._store is None:
            return ""
        folder = self._store / WHERE_STREAMS_LIE / subjects.EVENTS
        if not (folder / "meta.inf").exists() or not (folder / "msgs").exists():
            return "its folder was gone"
        try:
            blocks = list((folder / "msgs").glob("*.blk"))
            size = sum(block.stat().st_size for block in blocks)
            torn = any(_has_hole(block) for block in blocks)
        except FileNotFoundError:  # the server has just dropped a block
            return ""
        return "its files were cut short" if torn or size < state.bytes else ""

    async def _make_anew(self, stream: str, reason: str) -> None:
        self._log.error("event_stream_lost", stream=stream, reason=reason)
        await jetstream.delete(self._bus.asking, stream)
        await self.prepare()
        self._remade_at = time.monotonic()
        lost = "the dead letters are lost" if stream == subjects.DEAD else "events on their way were sent again"
        self._said = f"The stream {stream} was made anew at {utc_now():%Y-%m-%d %H:%M} UTC ({reason}); {lost}."
        self._log.warning("event_stream_made_anew", stream=stream)
        await self._bus.send(ComponentDied(component=subjects.EVENT_STREAM, pid=0, reason=reason))


def _has_hole(block: Path) -> bool:
    """Whether the file was cut and written on behind: the server writes in order and leaves no hole."""
    if not hasattr(os, "SEEK_HOLE"):
        return False
    handle = os.open(block, os.O_RDONLY)
    try:
        return os.lseek(handle, 0, os.SEEK_HOLE) < os.fstat(handle).st_size
    finally:
        os.close(handle)
