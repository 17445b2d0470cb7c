"""How envelopes, errors and answers look while they travel."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from senter.bus import subjects
from senter.bus.link import Parcel
from senter.errors import CommunicationError, InvalidInput, SenterError
from senter.masking import mask_known
from senter.messages.envelope import Envelope
from senter.messages.message import ComponentName, Message, MessageId, Reply, new_message_id

MessageT = TypeVar("MessageT", bound=Message)

# What a parcel's headers may need of the largest payload: a dead letter's error is the longest, then a correlation id.
HEADER_ROOM_BYTES = 16 * 1024


class WireError(BaseModel):
    """An error in place of a reply."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    hint: str = ""
    parameter: str = ""

    @staticmethod
    def of(error: SenterError) -> WireError:
        message, hint = mask_known(error.message), mask_known(error.hint)
        return WireError(code=error.code, message=message, hint=hint, parameter=error.parameter)


def encode(message: Message, max_payload: int) -> bytes:
    """The message's bytes. Raises `InvalidInput` when they are more than the bus carries at once, or no text."""
    try:
        payload = message.model_dump_json().encode()
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


def headers_of(envelope: Envelope) -> dict[str, str]:
    return {subjects.ENVELOPE: envelope.model_dump_json(exclude_none=True, ensure_ascii=True)}


def envelope_of(parcel: Parcel) -> Envelope:
    """From its header, or from its body, where the version before wrote it. What cannot be read gets a new one."""
    headers = parcel.headers
    try:
        return Envelope.model_validate_json(headers.get(subjects.ENVELOPE) or parcel.payload)
    except ValidationError:
        return Envelope(id=MessageId(headers.get(subjects.MESSAGE_ID) or new_message_id()))


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
    return SenterError.from_wire(found.code, found.message, found.hint, found.parameter)
