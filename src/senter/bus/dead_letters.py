"""Dead letters: how a consumer writes one, and how the supervisor reads, replays and drops them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast
from urllib.parse import quote, unquote

from pydantic import JsonValue

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.bus.wire import envelope_of, headers_of
from senter.messages.dead_letters import DeadLetterReply
from senter.messages.message import ComponentName

LONGEST_ERROR = 1_000


def bury(consumer: ComponentName, delivery: Parcel, *, error: str, attempts: int) -> Parcel:
    """The dead letter for an event its consumer gave up on: the event as it came, and why in further headers."""
    headers = {
        **headers_of(envelope_of(delivery)),
        subjects.WIRE_NAME: wire_name(delivery),
        subjects.ERROR: quote(error[:LONGEST_ERROR], safe=" ,.:;'()/-_"),
        subjects.ATTEMPTS: str(attempts),
    }
    return Parcel(subjects.dead(consumer), delivery.payload, headers)


def wire_name(delivery: Parcel) -> str:
    """Which event a delivery is: the subject says it, or the header where the event is replayed."""
    return delivery.headers.get(subjects.WIRE_NAME) or delivery.subject.rpartition(".")[2]


def is_replay(delivery: Parcel) -> bool:
    return delivery.subject.startswith(subjects.REPLAYS)


def letter(number: int, died_at: datetime, stored: Parcel, *, with_payload: bool) -> DeadLetterReply:
    headers = stored.headers
    return DeadLetterReply(
        number=number,
        consumer=ComponentName(stored.subject.rpartition(".")[2]),
        event=headers.get(subjects.WIRE_NAME, ""),
        event_id=envelope_of(stored).id,
        error=unquote(headers.get(subjects.ERROR, "")),
        attempts=int(headers.get(subjects.ATTEMPTS, "0")),
        died_at=died_at,
        payload=_readable(stored) if with_payload else None,
    )


def _readable(stored: Parcel) -> JsonValue:
    """The event with its envelope."""
    try:
        content = cast(JsonValue, json.loads(stored.payload))
    except ValueError:
        return stored.payload.decode("utf-8", "backslashreplace")
    return envelope_of(stored).as_json() | content if isinstance(content, dict) else content


def revive(number: int, stored: Parcel) -> Parcel:
    """The parcel that hands a dead letter to its consumer again; a second one within minutes is taken as the same."""
    consumer = ComponentName(stored.subject.rpartition(".")[2])
    headers = {**stored.headers, subjects.MESSAGE_ID: f"replay-{number}-{envelope_of(stored).id}"}
    return Parcel(subjects.replay(consumer), stored.payload, headers)


def parse_headers(encoded: str) -> Mapping[str, str]:
    """The headers of a stored message, as JetStream's API gives them."""
    lines = base64.b64decode(encoded).decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip(): value.strip() for name, _, value in pairs}
