"""The bus in one process, for tests: the same promises, carried by memory instead of NATS.

`MemoryBroker` speaks the part of NATS and JetStream that Senter uses, to the byte; everything above it
is the same code that runs over NATS. It is shipped, so that third parties can test their components.
"""

from __future__ import annotations

import asyncio
from functools import cached_property, lru_cache

from senter.bus import subjects
from senter.bus.bus import Bus
from senter.bus.link import Parcel, Receiver
from senter.bus.manifest import Manifest
from senter.bus.memory_stream import MemoryStream
from senter.bus.stored_letters import DELETE_MESSAGE, GET_MESSAGE, StoredLetters
from senter.clock import Clock, SystemClock
from senter.errors import BusUnavailable
from senter.messages.control import SUPERVISOR
from senter.messages.message import ComponentName

MAX_PAYLOAD_BYTES = 2 * 1024 * 1024
DEFAULT_MAX_EVENTS = 100_000
NOBODY = {subjects.STATUS: subjects.NOBODY_LISTENS}


class MemoryBroker:
    """All buses made from one broker reach each other.

    A component's events wait for it from the first time its bus is made, as they do from the moment
    the supervisor knows it.
    """

    def __init__(self, *, clock: Clock | None = None, max_events: int = DEFAULT_MAX_EVENTS) -> None:
        self._clock = clock or SystemClock()
        self._stream = MemoryStream(self._push, self._clock, max_events)
        self._links: list[MemoryLink] = []
        self.is_up = True

    def bus(self, name: ComponentName, manifest: Manifest) -> Bus:
        """A bus for one component; make another one of the same name when it starts again."""
        self.know(name, manifest)
        bus = Bus(name, manifest, self._clock)
        link = MemoryLink(self, name, bus)
        for subject, receiver in bus.join(link).items():
            link.attach(subject, receiver)
        self._links.append(link)
        return bus

    def know(self, name: ComponentName, manifest: Manifest) -> None:
        """From now on keep this component's events for it."""
        self._stream.know(name, manifest)

    @cached_property
    def dead_letters(self) -> StoredLetters:
        """What consumers gave up on, for the supervisor."""
        return StoredLetters(self.bus(SUPERVISOR, Manifest(is_supervisor=True)).asking)

    def kill(self, name: ComponentName) -> None:
        """The component dies where it stands: it neither answers nor hears any more, and everyone learns of it."""
        for link in [link for link in self._links if link.name == name]:
            link.die()
            self._links.remove(link)
        self.route(Parcel(f"died.{name}", b"{}"))

    def lose_events(self) -> None:
        """The event stream is lost, and made anew."""
        self._stream.lose()
        self.route(Parcel(f"died.{subjects.EVENT_STREAM}", b"{}"))

    def go_down(self) -> None:
        """Every component loses its connection."""
        self.is_up = False
        for link in self._links:
            link.went_down()

    def come_up(self) -> None:
        """Every component has its connection again."""
        self.is_up = True
        for link in self._links:
            link.came_up()

    # For links.

    def route(self, parcel: Parcel) -> None:
        """Do with a parcel what the server does."""
        if parcel.subject.startswith(subjects.ACKNOWLEDGE):
            self._stream.settle(parcel)
            self._answer(parcel, b"")
        elif parcel.subject.startswith(subjects.RESET):
            self._answer(parcel, self._stream.reset(parcel.subject.rpartition(".")[2]))
        elif parcel.subject.startswith(subjects.STREAM_INFO):
            self._answer(parcel, self._stream.info(parcel.subject.rpartition(".")[2]))
        elif parcel.subject == GET_MESSAGE:
            self._answer(parcel, self._stream.find_letter(parcel.payload))
        elif parcel.subject == DELETE_MESSAGE:
            self._answer(parcel, self._stream.remove_letter(parcel.payload))
        elif parcel.subject.startswith(("event.", "dead.")):
            self._push(parcel.subject, parcel)
            self._answer(parcel, self._stream.store(parcel))
        elif not self._push(parcel.subject, parcel) and parcel.reply:
            self._push(parcel.reply, Parcel(parcel.reply, b"", NOBODY))

    def interested(self, subject: str) -> None:
        """Someone began to receive `subject`: if that is where a consumer's events go, there may be some."""
        if subject.startswith("deliver."):
            self._stream.deliver(subject.rpartition(".")[2])

    def remove(self, link: MemoryLink) -> None:
        if link in self._links:
            self._links.remove(link)

    def _answer(self, parcel: Parcel, payload: bytes | None) -> None:
        if parcel.reply and payload is not None:
            self._push(parcel.reply, Parcel(parcel.reply, payload))

    def _push(self, subject: str, parcel: Parcel) -> bool:
        return sum(link.take(subject, parcel) for link in self._links) > 0


class MemoryLink:
    """One component's link to the broker."""

    def __init__(self, broker: MemoryBroker, name: ComponentName, bus: Bus) -> None:
        self.name = name
        self._broker = broker
        self._bus = bus
        self._subscriptions: list[MemorySubscription] = []
        self._up = asyncio.Event()
        if broker.is_up:
            self._up.set()

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    @property
    def max_payload(self) -> int:
        return MAX_PAYLOAD_BYTES

    async def publish(self, parcel: Parcel) -> None:
        if not self.is_up:
            raise BusUnavailable
        self._broker.route(parcel)

    async def subscribe(self, subject: str, receiver: Receiver) -> MemorySubscription:
        if not self.is_up:
            raise BusUnavailable
        return self.attach(subject, receiver)

    def attach(self, subject: str, receiver: Receiver) -> MemorySubscription:
        subscription = MemorySubscription(self, subject, receiver)
        self._subscriptions.append(subscription)
        self._broker.interested(subject)
        return subscription

    def detach(self, subscription: MemorySubscription) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def take(self, subject: str, parcel: Parcel) -> bool:
        """Hand the parcel to those that receive `subject`; says whether there are any."""
        if not self.is_up:
            return False
        found = [subscription for subscription in self._subscriptions if matches(subscription.subject, subject)]
        for subscription in found:
            asyncio.get_running_loop().call_soon(subscription.hand_over, parcel)
        return bool(found)

    async def up(self) -> None:
        await self._up.wait()

    async def close(self) -> None:
        self.die()
        self._broker.remove(self)

    def die(self) -> None:
        self._up.clear()
        for subscription in self._subscriptions:
            subscription.is_open = False
        self._subscriptions.clear()

    def went_down(self) -> None:
        self._up.clear()
        self._bus.lost()

    def came_up(self) -> None:
        self._up.set()
        self._bus.restored()
        for subscription in self._subscriptions:
            self._broker.interested(subscription.subject)


class MemorySubscription:
    """One receiver on one link."""

    def __init__(self, link: MemoryLink, subject: str, receiver: Receiver) -> None:
        self.subject = subject
        self.is_open = True
        self._link = link
        self._receiver = receiver

    def hand_over(self, parcel: Parcel) -> None:
        if self.is_open:
            self._receiver(parcel)

    async def close(self) -> None:
        self.is_open = False
        self._link.detach(self)

    async def drain(self) -> None:
        self._link.detach(self)
        await asyncio.sleep(0)


@lru_cache(maxsize=4_096)
def matches(pattern: str, subject: str) -> bool:
    """Whether a subscription's subject, with `*` for one part and a last `>` for the rest, covers `subject`."""
    wanted, found = pattern.split("."), subject.split(".")
    if wanted[-1] == ">" and len(found) >= len(wanted):
        wanted, found = wanted[:-1], found[: len(wanted) - 1]
    return len(wanted) == len(found) and all(want in ("*", part) for want, part in zip(wanted, found, strict=True))
