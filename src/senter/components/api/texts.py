"""Checks of text and arguments that come in, each refusal with its own sentence."""

from __future__ import annotations

import json
from collections.abc import Callable

from pydantic import JsonValue
from pydantic_core import PydanticCustomError

from senter.messages.fields import check_unicode


def text_of(what: str, most: int, *, may_be_empty: bool = False) -> Callable[[str], str]:
    """A check that refuses what cannot be `what`, each with its own sentence."""

    def check(text: str) -> str:
        if not may_be_empty and not text.strip():
            raise PydanticCustomError("empty", "{what} is empty", {"what": what})
        if "\x00" in text:
            raise PydanticCustomError("nul", "{what} holds a NUL character", {"what": what})
        if len(text) > most:
            message = "{what} has {length} characters; at most {most} are taken"
            raise PydanticCustomError("too_long", message, {"what": what, "length": len(text), "most": most})
        return check_unicode(text)

    return check


def check_arguments(arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Refuse what cannot be written as JSON in UTF-8: half a character, or a number that is none."""
    try:
        json.dumps(arguments, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "the arguments hold half a surrogate pair") from None
    except ValueError:
        raise PydanticCustomError("not_json", "the arguments hold a number that JSON does not have") from None
    return arguments
