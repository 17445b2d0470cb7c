"""The few words of JetStream that components speak: store an event, settle a delivery, begin again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.bus.pending_requests import PendingRequests
from senter.errors import BusFull, BusUnavailable
from senter.messages.message import ComponentName

STORE_SECONDS = 5.0
RESET_SECONDS = 1.0
CONFIRM_SECONDS = 2.0

ACK = b"+ACK"
TERM = b"+TERM"
IN_PROGRESS = b"+WPI"
NAK = b"-NAK"

NOT_FOUND = 404
# The stream is at its limit; the server has no room; the disk refused the write.
REFUSALS = frozenset({10023, 10047, 10077, 10122})


class ApiError(BaseModel):
    model_config = ConfigDict(frozen=True)

    code: int
    err_code: int = 0
    description: str = ""


class ApiAnswer(BaseModel):
    """What every answer of the server has in common."""

    model_config = ConfigDict(frozen=True)

    error: ApiError | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class StreamState:
    """What the event stream holds."""

    created: str
    """When it was made, which tells it from one before."""
    first: int
    """The number of the oldest event that somebody still waits for; behind the last when there is none."""
    last: int
    messages: int
    bytes: int
    consumers: int


class _State(BaseModel):
    model_config = ConfigDict(frozen=True)

    messages: int = 0
    bytes: int = 0
    first_seq: int = 0
    last_seq: int = 0
    consumer_count: int = 0


class _StreamInfo(ApiAnswer):
    created: str = ""
    state: _State = _State()


def nak(delay_seconds: float) -> bytes:
    """Hand it out again after a while; what comes behind it waits."""
    return NAK + b" " + json.dumps({"delay": int(delay_seconds * 1e9)}).encode()


async def store(asking: PendingRequests, subject: str, payload: bytes, headers: Mapping[str, str]) -> int:
    """Returns its number once the stream has it on disk. Raises `BusFull` when the stream refuses it."""
    answer = _open(await asking.ask_server(subject, payload, headers=headers, timeout_seconds=STORE_SECONDS))
    if answer.error is None:
        return answer.seq
    if answer.error.err_code in REFUSALS:
        raise BusFull("The event stream")
    raise BusUnavailable(f"the event stream refused {subject}: {answer.error.description}")


async def look(asking: PendingRequests, stream: str = subjects.EVENTS) -> StreamState | None:
    """What the stream holds; none when it is not there."""
    parcel = await asking.ask_server(subjects.stream_info(stream), b"", timeout_seconds=STORE_SECONDS)
    try:
        info = _StreamInfo.model_validate_json(parcel.payload)
    except ValidationError as error:
        raise BusUnavailable("the event stream gave an answer that cannot be read") from error
    if info.error is None:
        state = info.state
        return StreamState(
            info.created, state.first_seq, state.last_seq, state.messages, state.bytes, state.consumer_count
        )
    if info.error.code == NOT_FOUND:
        return None
    raise BusUnavailable(f"the event stream cannot be looked at: {info.error.description}")


async def delete(asking: PendingRequests, stream: str) -> None:
    """Remove the stream and what is left of it; one that is not there is removed."""
    error = _open(await asking.ask_server(subjects.stream_delete(stream), b"", timeout_seconds=STORE_SECONDS)).error
    if error is not None and error.code != NOT_FOUND:
        raise BusUnavailable(f"the event stream cannot be removed: {error.description}")


async def reset_consumer(asking: PendingRequests, name: ComponentName) -> None:
    """Have what was delivered but not settled delivered again. The server is silent about an unknown consumer."""
    parcel = await asking.ask_server(subjects.reset(name), b"", timeout_seconds=RESET_SECONDS)
    error = _open(parcel).error
    if error is not None:
        raise BusUnavailable(f"the event stream does not begin again: {error.description}")


async def settle(asking: PendingRequests, delivery: Parcel, verdict: bytes) -> None:
    """Tell the server what became of a delivery, and wait until it knows."""
    await asking.ask_server(delivery.reply, verdict, timeout_seconds=CONFIRM_SECONDS)


def _open(parcel: Parcel) -> ApiAnswer:
    try:
        return ApiAnswer.model_validate_json(parcel.payload)
    except ValidationError as error:
        raise BusUnavailable("the event stream gave an answer that cannot be read") from error
