"""What a message says, and the four ways a message travels.

A `Command` asks one receiver for a `Reply`. An `Event` is a fact in the past tense that others must
learn; it is durable. A `Broadcast` goes to every running component. A `Volatile` may be dropped.
Who sent it, when and why is in its envelope (`senter.messages.envelope`). How each is carried, and what is promised,
is the bus's business (`senter.bus`).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Generic, NewType, TypeVar, Unpack, cast
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from senter.text import snake_case

if TYPE_CHECKING:
    from senter.messages.envelope import Envelope

MessageId = NewType("MessageId", str)
ComponentName = NewType("ComponentName", str)

NOBODY = ComponentName("")


def new_message_id() -> MessageId:
    return MessageId(uuid4().hex)


def named_after(*fact: str | int) -> MessageId:
    """The id of an event that tells of a fact: made again, by whoever no longer knows that it was told, it has the same
    one, and consumers know it."""
    return MessageId(sha256(json.dumps(fact).encode()).hexdigest()[:32])


class Frozen(BaseModel):
    """A part of a message; it never changes."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Message(Frozen):
    """Holds content only. Frozen; unknown fields from a newer sender are ignored."""

    model_config = ConfigDict(extra="ignore", ser_json_inf_nan="null")

    wire_name: ClassVar[str]
    """What it is called on the bus and in stores: as its class, in snake case and without `Reply`, or as that says."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        kinds, is_generic = cls.__module__ == __name__, any(cls.__pydantic_generic_metadata__.values())
        if not kinds and not is_generic and "wire_name" not in vars(cls):
            cls.wire_name = snake_case(cls.__name__).removesuffix("_reply")


class Reply(Message):
    """The answer to a `Command`."""


ReplyT = TypeVar("ReplyT", bound=Reply, covariant=True)


class _Answered(Message, Generic[ReplyT]):
    @classmethod
    def reply_type(cls) -> type[Reply]:
        for base in cls.__mro__:
            if issubclass(base, Message) and (named := base.__pydantic_generic_metadata__["args"]):
                return cast(type[Reply], named[0])
        raise TypeError(f"{cls.__name__} does not name its reply")


class Command(_Answered[ReplyT], Generic[ReplyT]):
    """An imperative with one receiver and one reply, due before a deadline."""

    receiver: ClassVar[ComponentName] = NOBODY

    def __init_subclass__(cls, *, to: ComponentName = NOBODY, **kwargs: Unpack[ConfigDict]) -> None:
        super().__init_subclass__(**kwargs)
        if to:
            cls.receiver = to


class Broadcast(_Answered[ReplyT], Generic[ReplyT]):
    """Goes to every running component; each answers, or is named as missing."""


class Event(Message):
    """A fact. Durable, at least once, in order; each consumer sees each event's effect exactly once."""


class Volatile(Message):
    """Worth sending only to whoever listens now. May be dropped; drops are counted."""

    def key(self, envelope: Envelope) -> str:
        """The last part of the subject, so that a listener can ask for one stream among many."""
        return "all"


class Done(Reply):
    """The command was carried out; there is nothing more to say."""

    wire_name = "done"
