"""What the broker lets each component do, made from what it declares.

The same table is written into the private server's configuration and into the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from senter.bus import subjects
from senter.bus.manifest import Manifest, only
from senter.messages.health import Heartbeat
from senter.messages.message import NOBODY, Broadcast, Command, ComponentName, Event, Reply, Volatile

# One answer to each request. A larger number would be kept in the server's table of open replies
# until it expires, and the server walks that table for every further request.
REPLIES_PER_REQUEST = 1
REPLY_WITHIN = "10m"


@dataclass(frozen=True, slots=True)
class Permissions:
    """The subjects one component may publish to and subscribe to, beside one reply to each request."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(name: ComponentName, manifest: Manifest) -> Permissions:
    """The least the component needs to do what it declares."""
    if manifest.is_supervisor:
        return Permissions(publish=(">",), subscribe=(">",))
    return Permissions(
        publish=tuple(sorted(set(_publish(name, manifest)))), subscribe=tuple(sorted(_subscribe(name, manifest)))
    )


def _publish(name: ComponentName, manifest: Manifest) -> Iterator[str]:
    yield subjects.of_volatile(Heartbeat, name)
    for command in only(Command, manifest.sends):
        yield _asked(command)
    for event in only(Event, manifest.sends):
        yield subjects.of_event(event)
        yield subjects.stream_info(subjects.EVENTS)
    for broadcast in only(Broadcast, manifest.sends):
        yield subjects.of_broadcast(broadcast)
    for volatile in only(Volatile, manifest.sends):
        yield subjects.of_volatile(volatile, "*")
    if manifest.consumes:
        yield subjects.acknowledgements(name)
        yield subjects.reset(name)
        yield subjects.dead(name)


def _asked(command: type[Command[Reply]]) -> str:
    if command.receiver == NOBODY:
        return f"request.*.{command.wire_name}"
    return subjects.of_command(command, command.receiver)


def _subscribe(name: ComponentName, manifest: Manifest) -> Iterator[str]:
    yield f"{subjects.inbox(name)}.>"
    yield subjects.BROADCASTS
    yield subjects.DEATHS
    for command in only(Command, manifest.receives):
        yield subjects.of_command(command, name)
    for volatile in only(Volatile, manifest.receives):
        yield subjects.of_volatile(volatile, "*")
    for event in manifest.observes:
        yield subjects.of_event(event)
    if manifest.consumes:
        yield subjects.deliver(name)
