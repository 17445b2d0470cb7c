"""The bus over NATS: `NatsBus.connect` and the link beneath it.

nats-py is used for its protocol and its reconnecting only. Its own request map forgets to clean up
when a publish fails, and its subscriptions call back one at a time and never recover from a cancelled
callback, so replies and queues are this package's own, and callbacks here never wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
from nats import errors as nats_errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription

from senter.bus import subjects
from senter.bus.access import BusAccess
from senter.bus.bus import Bus
from senter.bus.link import NO_HEADERS, Parcel, Receiver
from senter.bus.manifest import Manifest
from senter.clock import SystemClock
from senter.errors import BusFull, BusUnavailable, InvalidInput
from senter.messages.message import ComponentName

CONNECT_SECONDS = 5.0
RECONNECT_WAIT_SECONDS = 0.05
# Longer than a connection without an answer is kept.
LONGEST_PING_SECONDS = 120
# Two unanswered pings and the connection is taken for lost.
PING_EVERY_SECONDS = 10
FLUSH_SECONDS = 5
LEAVE_SECONDS = 1
MAX_UNSENT_BYTES = 64 * 1024 * 1024
REFUSED = "authorization violation"


class NatsLink:
    """One NATS connection that comes back by itself."""

    def __init__(self, access: BusAccess, bus: Bus, log: structlog.stdlib.BoundLogger) -> None:
        self.client = Client()
        self._access = access
        self._bus = bus
        self._log = log
        self._up = asyncio.Event()
        self._refused = asyncio.Event()
        self._last_error = self._refusal = ""
        self._closing = False
        self._pings: set[asyncio.Task[None]] = set()
        self._closer: asyncio.Task[object] | None = None

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    @property
    def max_payload(self) -> int:
        return self.client.max_payload

    async def connect(self) -> None:
        """Raises `BusUnavailable` when nothing answers, or the broker refuses this user."""
        connecting = asyncio.create_task(self._connect())
        refused = asyncio.create_task(self._refused.wait())
        try:
            await asyncio.wait({connecting, refused}, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                raise BusUnavailable(self._refusal or self._last_error or f"nothing answers at {self._access.place}")
            connecting.result()
        finally:
            refused.cancel()
            connecting.cancel()
            await asyncio.wait({connecting, refused})
        self._up.set()

    async def _connect(self) -> None:
        access = self._access
        credentials = access.credentials()
        await self.client.connect(
            servers=access.servers,
            name=access.name,
            user=access.user or None,
            password=access.password or None,
            user_credentials=str(credentials) if credentials else None,
            tls=access.tls(),
            inbox_prefix=subjects.inbox(access.name),
            # Negative: nothing is kept while the connection is down, to be executed late when it is back.
            pending_size=-1,
            reconnect_time_wait=RECONNECT_WAIT_SECONDS,  # pyright: ignore[reportArgumentType] - slept with, floats work
            max_reconnect_attempts=-1,
            connect_timeout=2,
            ping_interval=PING_EVERY_SECONDS,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
            closed_cb=self._on_closed,
        )

    async def publish(self, parcel: Parcel) -> None:
        if not self.is_up:
            raise BusUnavailable
        if self.client.pending_data_size > MAX_UNSENT_BYTES:
            raise BusFull("The message bus")
        headers = dict(parcel.headers) if parcel.headers else None
        try:
            await self.client.publish(parcel.subject, parcel.payload, reply=parcel.reply, headers=headers)
        except nats_errors.MaxPayloadError:
            raise InvalidInput(
                f"The message is {len(parcel.payload):,} bytes; the bus carries {self.max_payload:,} at once."
            ) from None
        except nats_errors.Error as error:
            raise BusUnavailable(str(error) or type(error).__name__) from error

    async def subscribe(self, subject: str, receiver: Receiver) -> NatsListening:
        if not self.is_up:
            raise BusUnavailable
        try:
            subscription = await self.client.subscribe(  # pyright: ignore[reportUnknownMemberType] - a bare Future
                subject, cb=partial(_hand_over, receiver)
            )
            listening = NatsListening(self, subscription)
            try:
                await self.settle()
            except BaseException:  # a cancellation, too: nobody else knows of what would stay
                await listening.close()
                raise
        except (nats_errors.Error, OSError) as error:
            raise BusUnavailable(str(error) or type(error).__name__) from error
        return listening

    async def settle(self) -> None:
        """Wait until the server has what was sent before."""
        # nats-py writes a ping past the commands that wait for its flusher; the second ping is behind them.
        for _ in range(2):
            await self.round_trip(FLUSH_SECONDS)

    async def round_trip(self, timeout_seconds: int) -> None:
        """Wait until the server has handled what was sent. Raises what nats-py does.

        In a task of its own that nobody cancels: nats-py waits with `asyncio.wait_for`, which until Python 3.12 forgets
        a cancellation that comes together with the answer; and the answer to a ping that was given up, by a
        cancellation or by nats-py's own deadline, ends its reading from the connection.
        """
        flushing = asyncio.create_task(self.client.flush(LONGEST_PING_SECONDS))
        self._pings.add(flushing)
        flushing.add_done_callback(self._ping_ended)
        ended, _ = await asyncio.wait({flushing}, timeout=timeout_seconds)
        if not ended:
            raise nats_errors.FlushTimeoutError
        flushing.result()

    def _ping_ended(self, flushing: asyncio.Task[None]) -> None:
        self._pings.discard(flushing)
        if not flushing.cancelled():
            flushing.exception()  # whoever waited has heard it, or has gone

    async def up(self) -> None:
        await self._up.wait()

    async def close(self) -> None:
        self._closing, self._closer = True, asyncio.current_task()
        if self.is_up:
            with suppress(nats_errors.Error, OSError):
                await self.round_trip(LEAVE_SECONDS)
        self._up.clear()
        await self.client.close()
        for ping in self._pings:
            ping.cancel()

    async def _on_error(self, error: Exception) -> None:
        task = asyncio.current_task()
        if task is not None and task is not self._closer and task.cancelling():
            # A cancellation that came together with this error, which `asyncio.wait_for` in nats-py's own tasks forgot
            # (see `round_trip`): it would go on trying to connect, and who waits for the task would never end.
            raise asyncio.CancelledError
        text = str(error) or type(error).__name__
        if REFUSED in text.lower():
            self._refusal = text
            self._refused.set()
        if text != self._last_error:
            self._log.warning("bus_error", error=text)
        self._last_error = text

    async def _on_disconnected(self) -> None:
        self._up.clear()
        if not self._closing:
            self._log.warning("bus_lost")
            self._bus.lost()

    async def _on_reconnected(self) -> None:
        self._up.set()
        self._last_error = ""
        self._log.info("bus_restored")
        self._bus.restored()

    async def _on_closed(self) -> None:
        self._up.clear()
        if not self._closing:
            self._bus.ended(self._last_error or "the broker closed the connection")


class NatsListening:
    """One subscription on the server."""

    def __init__(self, link: NatsLink, subscription: NatsSubscription) -> None:
        self._link = link
        self._subscription = subscription

    async def close(self) -> None:
        """Nobody, from here on: the server knows of it, so that who asks next is told so and does not wait."""
        with suppress(nats_errors.Error, OSError):
            await self._subscription.unsubscribe()
            if self._link.is_up:
                await self._link.settle()

    async def drain(self) -> None:
        if not self._link.is_up:
            await self.close()
            return
        # If the link is lost meanwhile the subscription stays, and its receiver goes on refusing.
        with suppress(nats_errors.Error, OSError):
            await self._subscription.drain()


async def _hand_over(receiver: Receiver, message: Msg) -> None:
    receiver(Parcel(message.subject, message.data, message.headers or NO_HEADERS, message.reply))


class NatsBus(Bus):
    """A component's bus over NATS."""

    def __init__(self, access: BusAccess, manifest: Manifest, log: structlog.stdlib.BoundLogger) -> None:
        super().__init__(ComponentName(access.name), manifest, SystemClock())
        self.link = NatsLink(access, self, log)

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, access: BusAccess, manifest: Manifest, *, log: structlog.stdlib.BoundLogger | None = None
    ) -> AsyncGenerator[NatsBus]:
        """Come to the bus for as long as the context lasts. Raises `BusUnavailable`, `SettingsError`."""
        bus = cls(access, manifest, log or structlog.stdlib.get_logger("senter.bus"))
        standing = bus.join(bus.link)
        try:
            await bus.link.connect()
            for subject, receiver in standing.items():
                await bus.link.subscribe(subject, receiver)
            yield bus
        finally:
            await bus.close()
