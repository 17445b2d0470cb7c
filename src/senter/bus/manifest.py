"""What one component may do on the bus: the message types its SPEC declares.

The bus looks here before it sends, because a publish the broker refuses looks like a timeout. The
broker's own permissions are made from the same declaration (`senter.bus.permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from senter.errors import NotDeclared
from senter.messages.health import Heartbeat
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile

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
        return tuple(events(self.receives))


def commands(kinds: Iterable[type[Message]]) -> Iterator[type[Command[Reply]]]:
    return (cast("type[Command[Reply]]", kind) for kind in kinds if issubclass(kind, Command))


def broadcasts(kinds: Iterable[type[Message]]) -> Iterator[type[Broadcast[Reply]]]:
    return (cast("type[Broadcast[Reply]]", kind) for kind in kinds if issubclass(kind, Broadcast))


def events(kinds: Iterable[type[Message]]) -> Iterator[type[Event]]:
    return (kind for kind in kinds if issubclass(kind, Event))


def volatiles(kinds: Iterable[type[Message]]) -> Iterator[type[Volatile]]:
    return (kind for kind in kinds if issubclass(kind, Volatile))
