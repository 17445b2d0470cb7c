"""Leaves the envelope out of what HTTP takes and shows, as long as it is in the bodies of messages."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeVar

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from senter.messages.message import Message

MessageT = TypeVar("MessageT", bound=Message)

HIDDEN: Final = frozenset(Message.model_fields)


def own_fields(kind: type[Message]) -> dict[str, FieldInfo]:
    """The fields of a message without those of its envelope."""
    return {name: field for name, field in kind.model_fields.items() if name not in HIDDEN}


@cache
def shown(kind: type[MessageT]) -> type[MessageT]:
    """The shape of a message as HTTP shows it."""
    hidden: dict[str, Any] = {name: (object, Field(default=None, exclude=True)) for name in HIDDEN}
    return create_model(kind.__name__, __base__=kind, __doc__=kind.__doc__, **hidden)


def to_json(message: Message) -> str:
    return message.model_dump_json(by_alias=True, exclude=set(HIDDEN))
