"""Dead letters: how a consumer writes one, and how the supervisor reads, replays and drops them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, cast
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.errors import NotFound
from senter.messages.dead_letters import DeadLetter, DeadLetters
from senter.messages.message import ComponentName, Done, MessageId

LONGEST_ERROR = 1_000


class DeadLetterOffice(Protocol):
    """What a person may do with dead letters."""

    async def list(self, limit: int) -> DeadLetters:
        """The oldest ones, without payloads."""
        ...

    async def get(self, number: int) -> DeadLetter:
        """One, with its payload. Raises `NotFound`."""
        ...

    async def replay(self, number: int) -> Done:
        """Hand it to its consumer again and remove it. Raises `NotFound`, `BusFull`."""
        ...

    async def drop(self, number: int) -> Done:
        """Remove it for good. Raises `NotFound`."""
        ...


class _Identity(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = ""


def bury(consumer: ComponentName, delivery: Parcel, *, error: str, attempts: int) -> Parcel:
    """The dead letter for an event its consumer gave up on: the event's bytes, and why in the headers."""
    headers = {
        subjects.WIRE_NAME: wire_name(delivery),
        subjects.EVENT_ID: _event_id(delivery),
        subjects.ERROR: quote(error[:LONGEST_ERROR], safe=" ,.:;'()/-_"),
        subjects.ATTEMPTS: str(attempts),
    }
    return Parcel(subjects.dead(consumer), delivery.payload, headers)


def wire_name(delivery: Parcel) -> str:
    """Which event a delivery is: the subject says it, or the header where the event is replayed."""
    return delivery.headers.get(subjects.WIRE_NAME) or delivery.subject.rpartition(".")[2]


def is_replay(delivery: Parcel) -> bool:
    return delivery.subject.startswith(subjects.REPLAYS)


def _event_id(delivery: Parcel) -> str:
    try:
        return _Identity.model_validate_json(delivery.payload).id
    except ValidationError:
        return delivery.headers.get(subjects.MESSAGE_ID, "")


def letter(number: int, died_at: datetime, stored: Parcel, *, with_payload: bool) -> DeadLetter:
    headers = stored.headers
    return DeadLetter(
        number=number,
        consumer=ComponentName(stored.subject.rpartition(".")[2]),
        event=headers.get(subjects.WIRE_NAME, ""),
        event_id=MessageId(headers.get(subjects.EVENT_ID, "")),
        error=unquote(headers.get(subjects.ERROR, "")),
        attempts=int(headers.get(subjects.ATTEMPTS, "0")),
        died_at=died_at,
        payload=_readable(stored.payload) if with_payload else None,
    )


def _readable(payload: bytes) -> JsonValue:
    try:
        return cast(JsonValue, json.loads(payload))
    except ValueError:
        return payload.decode("utf-8", "backslashreplace")


def revive(number: int, stored: Parcel) -> Parcel:
    """The parcel that hands a dead letter to its consumer again; a second one within minutes is taken as the same."""
    consumer = ComponentName(stored.subject.rpartition(".")[2])
    headers = {
        subjects.WIRE_NAME: stored.headers.get(subjects.WIRE_NAME, ""),
        subjects.MESSAGE_ID: f"replay-{number}-{stored.headers.get(subjects.EVENT_ID, '')}",
    }
    return Parcel(subjects.replay(consumer), stored.payload, headers)


def no_such_letter(number: int) -> NotFound:
    return NotFound(f"There is no dead letter {number}.", "See: senter dead-letters list")


def parse_headers(encoded: str) -> Mapping[str, str]:
    """The headers of a stored message, as JetStream's API gives them."""
    lines = base64.b64decode(encoded).decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip(): value.strip() for name, _, value in pairs}
