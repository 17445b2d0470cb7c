"""What a person lets goals do and use, as it comes in over HTTP, with the limits on it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from senter.components.api.bodies import MAX_NUMBER, Body
from senter.components.api.texts import text_of
from senter.messages.fields import check_unicode
from senter.messages.goals import Grant, Limits

MAX_PATH_CHARACTERS = 4_096
MAX_WALL_SECONDS = 31_536_000.0
MOST_GRANTED = 100

FolderPath = Annotated[str, AfterValidator(text_of("the path", MAX_PATH_CHARACTERS))]


def _absolute(path: str) -> str:
    if not PurePath(path).is_absolute():
        raise PydanticCustomError("relative", "{path} is not an absolute path", {"path": path})
    return path


def _host(name: str) -> str:
    if not name or not name.isprintable() or any(letter in name for letter in " /@"):
        raise PydanticCustomError("host", "{name} is no name of a host", {"name": repr(name)})
    return name


Folders = Annotated[tuple[Annotated[FolderPath, AfterValidator(_absolute)], ...], Field(max_length=MOST_GRANTED)]
Host = Annotated[str, StringConstraints(max_length=300), AfterValidator(check_unicode), AfterValidator(_host)]
Word = Annotated[str, AfterValidator(text_of("the command", MAX_PATH_CHARACTERS))]


class LimitsBody(Body):
    """What one goal may use before it stops; what is left out is as in the settings."""

    model_calls: int | None = Field(default=None, strict=True, ge=0, le=MAX_NUMBER, description="Calls of a model.")
    tool_calls: int | None = Field(default=None, strict=True, ge=0, le=MAX_NUMBER, description="Calls of tools.")
    tokens: int | None = Field(
        default=None, strict=True, ge=0, le=MAX_NUMBER, description="Tokens read and written by models."
    )
    wall_seconds: float | None = Field(
        default=None,
        strict=True,
        gt=0,
        le=MAX_WALL_SECONDS,
        allow_inf_nan=False,
        description="Time in which tasks ran, in seconds.",
    )

    def to_limits(self) -> Limits:
        return Limits(**self.model_dump())


class GrantBody(Body):
    """What a goal may do beyond the default grant; what is left out is as usual."""

    read_roots: Folders = Field(default=(), description="Folders it may read, absolute.")
    write_roots: Folders = Field(default=(), description="Folders it may write below, absolute.")
    hosts: tuple[Host, ...] = Field(
        default=(), max_length=MOST_GRANTED, description="Hosts it may reach by name; *.example.org takes subdomains."
    )
    commands: tuple[Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_GRANTED)], ...] = Field(
        default=(), max_length=MOST_GRANTED, description="Beginnings of command lines it may run."
    )

    def to_grant(self) -> Grant:
        return Grant(**self.model_dump())
