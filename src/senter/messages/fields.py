"""Formats and limits that fields of messages share; each refusal has its own sentence.

They are on the commands themselves, so that whoever sends a bad value, over HTTP or on the bus, is told the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, StringConstraints
from pydantic_core import PydanticCustomError

MAX_NUMBER = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly."""
MAX_PATH_CHARACTERS = 4_096
# Ids become part of a subject on the bus: one word, nothing that means something there.
ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"


def check_unicode(text: str) -> str:
    """Refuse half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "surrogate", "the text is not valid Unicode: it holds half a surrogate pair"
        ) from None
    return text


def text_of(what: str, most: int, *, may_be_empty: bool = False) -> Callable[[str], str]:
    """A check that refuses what cannot be `what`."""

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


def _absolute(path: str) -> str:
    if not PurePath(path).is_absolute():
        raise PydanticCustomError("relative", "{path} is not an absolute path", {"path": path})
    return path


def _host(name: str) -> str:
    if not name or not name.isprintable() or any(letter in name for letter in " /@"):
        raise PydanticCustomError("host", "{name} cannot be the name of a host", {"name": repr(name)})
    return name


def _json(arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Refuse what cannot be written as JSON in UTF-8: half a character, or a number that is none."""
    try:
        json.dumps(arguments, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "the arguments hold half a surrogate pair") from None
    except ValueError:
        raise PydanticCustomError("not_json", "the arguments hold a number that JSON does not have") from None
    return arguments


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Whole = Annotated[int, Field(strict=True, ge=0, le=MAX_NUMBER)]
FolderPath = Annotated[str, AfterValidator(text_of("the path", MAX_PATH_CHARACTERS))]
AbsolutePath = Annotated[FolderPath, AfterValidator(_absolute)]
Host = Annotated[str, StringConstraints(max_length=300), AfterValidator(check_unicode), AfterValidator(_host)]
Word = Annotated[str, AfterValidator(text_of("the command", MAX_PATH_CHARACTERS))]
ShortText = Annotated[str, AfterValidator(text_of("the text", 200, may_be_empty=True))]
Arguments = Annotated[dict[str, JsonValue], AfterValidator(_json)]
