"""What one component may do on the bus: the message types its SPEC declares.

The bus looks here before it sends, because a publish the broker refuses looks like a timeout. The
broker's own permissions are made from the same declaration (`senter.bus.permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from senter.errors import NotDeclared
from senter.messages.health import Heartbeat
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile

MessageT = TypeVar("MessageT", bound=Message)
Receivable = type[Command[Reply]] | type[Event] | type[Volatile]
Sendable = type[Command[Reply]] | type[Event] | type[Volatile] | type[Broadcast[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The declaration of one component. Every component also sends heartbeats and answers broadcasts."""

    receives: tuple[Receivable, ...] = ()
    sends: tuple[Sendable, ...] = ()
    observes: tuple[type[Event], ...] = ()
    is_supervisor: bool = False
    """The supervisor may do everything."""

    def check_sends(self, name: ComponentName, kind: type[Message]) -> None:
        if not (self.is_supervisor or kind is Heartbeat or kind in self.sends):
            raise NotDeclared(name, kind.wire_name, "sends")

    def check_receives(self, name: ComponentName, kind: type[Message]) -> None:
        if not (self.is_supervisor or kind in self.receives):
            raise NotDeclared(name, kind.wire_name, "receives")

    def check_observes(self, name: ComponentName, kind: type[Event]) -> None:
        if not (self.is_supervisor or kind in self.observes):
            raise NotDeclared(name, kind.wire_name, "observes")

    @property
    def consumes(self) -> tuple[type[Event], ...]:
        """The durable events that must reach it."""
        return tuple(only(Event, self.receives))


def only(kind: type[MessageT], of: Iterable[type[Message]]) -> Iterator[type[MessageT]]:
    """Those of one kind."""
    return (one for one in of if issubclass(one, kind))
