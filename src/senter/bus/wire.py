"""How errors, deadlines and answers look while they travel."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.clock import Clock
from senter.errors import CommunicationError, InvalidInput, SenterError
from senter.masking import mask_known
from senter.messages.message import ComponentName, Message, Reply

MessageT = TypeVar("MessageT", bound=Message)

# What a parcel's headers may need of the largest payload: a dead letter's error is the longest.
HEADER_ROOM_BYTES = 8 * 1024


class WireError(BaseModel):
    """An error in place of a reply."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    hint: str = ""

    @staticmethod
    def of(error: SenterError) -> WireError:
        return WireError(code=error.code, message=mask_known(error.message), hint=mask_known(error.hint))


def encode(message: Message, max_payload: int) -> bytes:
    """The message's bytes. Raises `InvalidInput` when they are more than the bus carries at once, or no text."""
    try:
        payload = message.encode()
    except PydanticSerializationError as error:
        raise InvalidInput(f"{message.wire_name} holds what cannot be sent: {error}.") from error
    limit = max_payload - HEADER_ROOM_BYTES
    if len(payload) > limit:
        raise InvalidInput(
            f"{message.wire_name} is {len(payload):,} bytes; the bus carries at most {limit:,} at once.",
            "Send less, or in parts.",
        )
    return payload


def decode(kind: type[MessageT], payload: bytes) -> MessageT:
    """Raises `InvalidInput` when the bytes are not such a message."""
    try:
        return kind.model_validate_json(payload)
    except ValidationError as error:
        raise InvalidInput(f"This is not a {kind.wire_name}: {_first_problem(error)}.") from error


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def reply_parcel(to: str, source: ComponentName, payload: bytes) -> Parcel:
    return Parcel(to, payload, {subjects.SOURCE: source})


def error_parcel(to: str, source: ComponentName, error: SenterError) -> Parcel:
    payload = WireError.of(error).model_dump_json().encode()
    return Parcel(to, payload, {subjects.SOURCE: source, subjects.ERROR: error.code})


def open_reply(parcel: Parcel, kind: type[Reply]) -> Reply:
    """The reply, or raises the error that came in its place."""
    source = parcel.headers.get(subjects.SOURCE, "The receiver")
    if subjects.ERROR in parcel.headers:
        raise _open_error(parcel, source)
    try:
        return kind.model_validate_json(parcel.payload)
    except ValidationError as error:
        raise CommunicationError(f"{source} answered with something that is not a {kind.wire_name}.") from error


def _open_error(parcel: Parcel, source: str) -> SenterError:
    try:
        found = WireError.model_validate_json(parcel.payload)
    except ValidationError:
        return CommunicationError(f"{source} failed and did not say how.")
    return SenterError.from_wire(found.code, found.message, found.hint)


def deadline_header(clock: Clock, seconds: float) -> str:
    return str(int((clock.now().timestamp() + seconds) * 1000))


def is_late(clock: Clock, parcel: Parcel) -> bool:
    """Whether the parcel's deadline has passed. A parcel without a readable deadline has none."""
    deadline = parcel.headers.get(subjects.DEADLINE, "")
    return deadline.isascii() and deadline.isdigit() and clock.now().timestamp() * 1000 > int(deadline)
