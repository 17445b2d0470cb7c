"""The names under which messages travel: subjects, streams and headers."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from senter.messages.health import ComponentDied
from senter.messages.message import Broadcast, Command, ComponentName, Event, Reply, Volatile

EVENTS: Final = "EVENTS"
DEAD: Final = "DEAD"
EVENT_SUBJECTS: Final = "event.>"
DEAD_SUBJECTS: Final = "dead.*"
REPLAYS: Final = "event.replay."
BROADCASTS: Final = "broadcast.*"
DEATHS: Final = "died.*"
ACKNOWLEDGE: Final = "$JS.ACK"
RESET: Final = "$JS.API.CONSUMER.RESET"
STREAM_INFO: Final = "$JS.API.STREAM.INFO"
# The stream dies as components do: everyone hears of it.
EVENT_STREAM: Final = ComponentName("event_stream")

# As JSON: several headers would cost several times as much to read.
ENVELOPE: Final = "Senter-Envelope"
# Of replies, which have no envelope.
SOURCE: Final = "Senter-Source"
WIRE_NAME: Final = "Senter-Wire-Name"
ERROR: Final = "Senter-Error"
ATTEMPTS: Final = "Senter-Attempts"
MESSAGE_ID: Final = "Nats-Msg-Id"
STATUS: Final = "Status"
NOBODY_LISTENS: Final = "503"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def token(text: str) -> str:
    """`text` where it can be one part of a subject, else a digest of it: it may be what a person sent."""
    return text if _TOKEN.fullmatch(text) else f"-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def of_command(kind: type[Command[Reply]], receiver: ComponentName) -> str:
    return f"request.{token(receiver)}.{kind.wire_name}"


def of_event(kind: type[Event]) -> str:
    return f"event.{kind.wire_name}"


def of_broadcast(kind: type[Broadcast[Reply]]) -> str:
    return f"broadcast.{kind.wire_name}"


def of_volatile(kind: type[Volatile], key: str) -> str:
    """`key` is `*` for all of a kind."""
    part = key if key == "*" else token(key)
    return f"died.{part}" if issubclass(kind, ComponentDied) else f"volatile.{kind.wire_name}.{part}"


def replay(consumer: ComponentName) -> str:
    """Where a dead letter is handed to its consumer again."""
    return f"{REPLAYS}{consumer}"


def dead(consumer: ComponentName) -> str:
    return f"dead.{consumer}"


def deliver(consumer: ComponentName) -> str:
    """Where the server pushes a consumer's events."""
    return f"deliver.{consumer}"


def inbox(name: ComponentName) -> str:
    return f"_INBOX_{name}"


def acknowledgements(consumer: ComponentName) -> str:
    return f"{ACKNOWLEDGE}.{EVENTS}.{consumer}.>"


def stream_info(stream: str) -> str:
    return f"{STREAM_INFO}.{stream}"


def stream_delete(stream: str) -> str:
    return f"$JS.API.STREAM.DELETE.{stream}"


def reset(consumer: ComponentName) -> str:
    return f"{RESET}.{EVENTS}.{consumer}"
