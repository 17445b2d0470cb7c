"""A public command: where HTTP reaches it. The API makes its routes, its page and its permissions from these rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from senter.messages.message import Command, Done, Reply

PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One command at its address, which begins with /api/.

    What the path has in braces is a field of the command. GET and DELETE take the other fields from the query, POST
    takes them from the body. The answer is the reply; for `Done`, 204 and nothing.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    command: type[Command[Reply]]
    status: int = HTTPStatus.OK
    repeat: bool = False
    """Whether it may be asked again when nobody knows whether it was carried out. Always so for GET."""
    slow: bool = False
    """Whether it may take as long as a question, `api.query_timeout_seconds`."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a row that cannot be served."""
        unknown = set(self.parameters) - set(self.command.model_fields)
        twice = len(set(self.parameters)) < len(self.parameters)
        if unknown or twice or not self.path.startswith("/api/") or not self.command.receiver:
            raise ValueError(f"{self.method} {self.path} cannot be a route of {self.command.__name__}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The fields that are in the path."""
        return tuple(PARAMETER.findall(self.path))

    @property
    def reply(self) -> type[Reply] | None:
        """What it answers with; None where there is nothing to say."""
        kind = self.command.reply_type()
        return None if kind is Done else kind

    @property
    def may_repeat(self) -> bool:
        return self.repeat or self.method == "GET"
