"""What travels beside a message: its name, when and by whom it was sent, what led to it, its language and deadline.

The bus keeps the envelope of what is being handled in a context variable, which tasks started from there inherit: what
is sent meanwhile tells its cause without anybody passing it on.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from senter.clock import utc_now
from senter.messages.message import NOBODY, ComponentName, Message, MessageId, new_message_id
from senter.sentences import ENGLISH, speaking, spoken


class Envelope(BaseModel):
    """Frozen; unknown fields from a newer sender are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: MessageId = Field(
        default_factory=new_message_id, description="Names this message; consumers are idempotent by it."
    )
    sent_at: AwareDatetime = Field(default_factory=utc_now, description="When it was made, UTC.")
    caused_by: MessageId | None = Field(default=None, description="The message that led to this one.")
    correlation_id: MessageId | None = Field(default=None, description="The request that it all goes back to.")
    source: ComponentName = Field(default=NOBODY, description="Who made it; filled in by the bus.")
    deadline: AwareDatetime | None = Field(default=None, description="When a command must no longer be executed, UTC.")
    language: str | None = Field(
        default=None, max_length=8, description="What is said for it is said in that language; null for English."
    )

    @property
    def correlation(self) -> MessageId:
        """The request that it all goes back to: this one where nothing came before."""
        return self.correlation_id or self.id

    def around(self, message: Message) -> dict[str, JsonValue]:
        """Envelope and content as one JSON object, as people and their programs see an event."""
        return cast(dict[str, JsonValue], self.as_json() | message.model_dump(mode="json"))

    def as_json(self) -> dict[str, JsonValue]:
        return self.model_dump(mode="json", exclude={"deadline", "language"})


_handled: ContextVar[Envelope | None] = ContextVar("handled", default=None)
_correlation: ContextVar[MessageId | None] = ContextVar("correlation", default=None)


def current() -> Envelope:
    """The envelope of the message that is being handled. Raises `LookupError` where none is."""
    envelope = _handled.get()
    if envelope is None:
        raise LookupError("no message is being handled")
    return envelope


def following() -> Envelope:
    """The envelope of what is sent now."""
    handled = _handled.get()
    language = None if spoken() == ENGLISH else spoken()
    return Envelope(caused_by=handled.id if handled else None, correlation_id=_correlation.get(), language=language)


@contextmanager
def caused_by(envelope: Envelope | None) -> Generator[None]:
    """What is sent meanwhile came of this message, and is said in its language; of none where it begins something by
    itself."""
    handled, correlation = _handled.set(envelope), _correlation.set(envelope.correlation if envelope else None)
    try:
        with speaking((envelope.language or "") if envelope else ""):
            yield
    finally:
        _correlation.reset(correlation)
        _handled.reset(handled)


@contextmanager
def continuing(correlation: str | None) -> Generator[None]:
    """What is sent meanwhile goes back to this request, which may be of before a restart; to none where it is empty."""
    before = _correlation.set(MessageId(correlation) if correlation else None)
    try:
        yield
    finally:
        _correlation.reset(before)
