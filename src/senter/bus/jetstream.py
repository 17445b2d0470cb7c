"""The few words of JetStream that components speak: store an event, settle a delivery, begin again."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import AliasPath, BaseModel, ConfigDict, Field, ValidationError

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


def _of_state(name: str) -> int:
    found: int = Field(default=0, validation_alias=AliasPath("state", name))
    return found


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


class StreamState(ApiAnswer):
    """What the event stream holds."""

    model_config = ConfigDict(populate_by_name=True)

    created: str = ""
    """When it was made, which tells it from one before."""
    first: int = _of_state("first_seq")
    """The number of the oldest event that somebody still waits for; behind the last when there is none."""
    last: int = _of_state("last_seq")
    messages: int = _of_state("messages")
    bytes: int = _of_state("bytes")
    consumers: int = _of_state("consumer_count")


AnswerT = TypeVar("AnswerT", bound=ApiAnswer)


def nak(delay_seconds: float) -> bytes:
    """Hand it out again after a while; what comes behind it waits."""
    return NAK + b" " + json.dumps({"delay": int(delay_seconds * 1e9)}).encode()


async def store(asking: PendingRequests, parcel: Parcel) -> int:
    """Returns its number once the stream has it on disk. Raises `BusFull` when the stream refuses it."""
    answer = open_answer(await asking.ask_server(parcel, timeout_seconds=STORE_SECONDS), ApiAnswer)
    if answer.error is None:
        return answer.seq
    if answer.error.err_code in REFUSALS:
        raise BusFull("The event stream")
    raise BusUnavailable(f"the event stream refused {parcel.subject}: {answer.error.description}")


async def look(asking: PendingRequests, stream: str = subjects.EVENTS) -> StreamState | None:
    """What the stream holds; none when it is not there."""
    question = Parcel(subjects.stream_info(stream), b"")
    state = open_answer(await asking.ask_server(question, timeout_seconds=STORE_SECONDS), StreamState)
    if state.error is None:
        return state
    if state.error.code == NOT_FOUND:
        return None
    raise BusUnavailable(f"the event stream cannot be looked at: {state.error.description}")


async def delete(asking: PendingRequests, stream: str) -> None:
    """Remove the stream and what is left of it; one that is not there is removed."""
    question = Parcel(subjects.stream_delete(stream), b"")
    error = open_answer(await asking.ask_server(question, timeout_seconds=STORE_SECONDS), ApiAnswer).error
    if error is not None and error.code != NOT_FOUND:
        raise BusUnavailable(f"the event stream cannot be removed: {error.description}")


async def reset_consumer(asking: PendingRequests, name: ComponentName) -> None:
    """Have what was delivered but not settled delivered again. The server is silent about an unknown consumer."""
    question = Parcel(subjects.reset(name), b"")
    error = open_answer(await asking.ask_server(question, timeout_seconds=RESET_SECONDS), ApiAnswer).error
    if error is not None:
        raise BusUnavailable(f"the event stream does not begin again: {error.description}")


async def settle(asking: PendingRequests, delivery: Parcel, verdict: bytes) -> None:
    """Tell the server what became of a delivery, and wait until it knows."""
    await asking.ask_server(Parcel(delivery.reply, verdict), timeout_seconds=CONFIRM_SECONDS)


def open_answer(parcel: Parcel, kind: type[AnswerT]) -> AnswerT:
    """Raises `BusUnavailable` when it is none."""
    try:
        return kind.model_validate_json(parcel.payload)
    except ValidationError as error:
        raise BusUnavailable("the event stream gave an answer that cannot be read") from error
