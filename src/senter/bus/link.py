"""What carries parcels between components: a NATS connection, or memory.

A link knows subjects and bytes, nothing of messages. Everything the bus promises beyond that is built
on top of it once, in `senter.bus.bus`, and is therefore the same over both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message as it travels."""

    subject: str
    payload: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    reply: str = ""


# Called for each parcel, in order. It must neither wait nor raise: other parcels come behind this one.
Receiver = Callable[[Parcel], None]


class LinkSubscription(Protocol):
    """What a link receives for one subject."""

    async def close(self) -> None:
        """Receive no more; what is on its way is dropped."""
        ...

    async def drain(self) -> None:
        """Receive no more, but hand over what is on its way before this returns."""
        ...


class Link(Protocol):
    """One component's connection to whatever carries its parcels."""

    @property
    def is_up(self) -> bool:
        """Whether a parcel sent now would leave."""
        ...

    @property
    def max_payload(self) -> int:
        """The most bytes one parcel may have, headers included."""
        ...

    async def publish(self, parcel: Parcel) -> None:
        """Send it. Raises `BusUnavailable` when the link is down, `BusFull` when too much waits to leave."""
        ...

    async def subscribe(self, subject: str, receiver: Receiver) -> LinkSubscription:
        """Receive what is sent to `subject` from when this returns."""
        ...

    async def up(self) -> None:
        """Wait until the link is up."""
        ...

    async def close(self) -> None: ...
