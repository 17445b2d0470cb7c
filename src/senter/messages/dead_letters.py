"""Events that a consumer gave up on: kept, shown, replayed or dropped. Answered by the supervisor."""

from __future__ import annotations

from pydantic import AwareDatetime, Field, JsonValue

from senter.messages.control import SUPERVISOR
from senter.messages.fields import MAX_NUMBER
from senter.messages.message import Command, ComponentName, Done, Frozen, MessageId, Reply


class DeadLetter(Frozen):
    """One event that one consumer could not take in."""

    number: int = Field(description="Names it; its sequence in the dead-letter stream.")
    consumer: ComponentName = Field(description="Who gave up on it.")
    event: str = Field(description="The wire name of the event.")
    event_id: MessageId = Field(description="The id of the event.")
    error: str = Field(description="What the last attempt failed with.")
    attempts: int = Field(description="How often it was tried.")
    died_at: AwareDatetime = Field(description="When it was given up, UTC.")
    payload: JsonValue = Field(default=None, description="The event itself; left out of lists.")


class DeadLetters(Reply):
    letters: list[DeadLetter] = Field(description="The oldest first.")
    total: int = Field(description="How many there are in all.")


class ListDeadLetters(Command[DeadLetters], to=SUPERVISOR):
    """List the oldest dead letters, without their payloads."""

    limit: int = Field(default=100, ge=1, le=1000, description="How many at most.")


class DeadLetterReply(DeadLetter, Reply):
    """One dead letter with its payload."""


class GetDeadLetter(Command[DeadLetterReply], to=SUPERVISOR):
    """Show a dead letter with its payload."""

    number: int = Field(ge=1, le=MAX_NUMBER, description="The dead letter's number.")


class ReplayDeadLetter(Command[Done], to=SUPERVISOR):
    """Hand the event to its consumer again, with a fresh count of attempts, and remove the letter."""

    number: int = Field(ge=1, le=MAX_NUMBER, description="The dead letter's number.")


class DropDeadLetter(Command[Done], to=SUPERVISOR):
    """Remove a dead letter for good."""

    number: int = Field(ge=1, le=MAX_NUMBER, description="The dead letter's number.")
