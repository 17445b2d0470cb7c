"""Secret settings: told by their type, whatever they are called, and masked wherever settings are shown.

A setting is secret when its type is pydantic's `SecretStr`, or one of the kinds here of which a part may be seen; in a
mapping or a list every value of such a type is. `shown` masks, `handed_over` is for the process that uses them, and
there `get_secret_value` is called where the secret is used and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, cast

from pydantic import BaseModel, GetJsonSchemaHandler, JsonValue, Secret, SecretBytes, SecretStr
from pydantic_core import CoreSchema, to_jsonable_python

from senter.masking import MASK

AnySecret: TypeAlias = "SecretStr | SecretBytes | Secret[JsonValue]"

SHORTEST_MADE_CHARACTERS = 8
PARTLY_SHOWN = "x-partly-shown"
"""Marks such a secret in the JSON schema of a section."""
_ADDRESS = re.compile(r"([A-Za-z][\w+.-]*://)(?:([^/?#]*)@)?([^/?#@]*)(.*)", re.DOTALL)
_FLAG = re.compile(r"--[a-z][a-z0-9_-]*=?|-[A-Za-z]")
_DELIMITERS = re.compile(r"[\s/:@?&=#,;+]+")


class PartlySecret(SecretStr):
    """A secret of which a person may see so much that they recognise it."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Mapping[str, JsonValue]:
        return {**handler(core_schema), PARTLY_SHOWN: True}


class SecretAddress(PartlySecret):
    """An address, or several parted by commas: scheme and host are shown, not users, passwords, paths and queries."""

    def _display(self) -> str:
        return ",".join(_shown_address(address) for address in self.get_secret_value().split(","))


class SecretArgument(PartlySecret):
    """One argument of a command line: names of flags are shown, values are not."""

    def _display(self) -> str:
        value = self.get_secret_value()
        flag = _FLAG.match(value)
        name = flag[0] if flag else ""
        return name if name == value else name + MASK


class ProgramName(SecretArgument):
    """The first word of a command line, which is shown; what stands behind a space in it is not."""

    def _display(self) -> str:
        name, space, _ = self.get_secret_value().partition(" ")
        return name + space + MASK if space else name


def command_line(words: tuple[SecretArgument, ...]) -> tuple[SecretArgument, ...]:
    """A command line whose program may be seen. For an `AfterValidator`."""
    return (*(ProgramName(word.get_secret_value()) for word in words[:1]), *words[1:])


def shown(section: BaseModel) -> dict[str, JsonValue]:
    """Every setting as it may be shown; an empty secret stays empty, so that one sees it is not set."""
    return to_jsonable_python(_written(section, _masked))


def handed_over(section: BaseModel) -> dict[str, JsonValue]:
    """What was set, secrets as they are: for the process that goes by it, and nobody else."""
    return to_jsonable_python(_written(section.model_dump(exclude_unset=True), _revealed))


def known_values(value: object) -> Iterator[str]:
    """The texts by which the secrets in a setting can be recognised wherever they turn up: each whole, but for those of
    which a part may be seen, and the parts of each that are secrets by themselves."""
    found: list[AnySecret] = []
    _written(value, found.append)
    for secret in found:
        if isinstance(secret, SecretStr) and not isinstance(secret, ProgramName):
            if not isinstance(secret, PartlySecret):
                yield secret.get_secret_value()
            yield from _made_parts(secret.get_secret_value())


def _made_parts(text: str) -> Iterator[str]:
    """Users, passwords, values, and what else no word is: hosts, `server` and `calendar` must stay sayable."""
    for piece in text.split(","):
        address = _ADDRESS.search(piece)
        if address:
            yield from (address[2] or "").split(":")
        hostless = f"{piece[: address.start()]} {address[4]}" if address else piece
        parts = _DELIMITERS.split(hostless)
        yield from (part for part in parts if len(part) >= SHORTEST_MADE_CHARACTERS and re.search(r"\d", part))
        yield from re.findall(r"=([^&\s]+)", hostless)


def _shown_address(address: str) -> str:
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        return MASK if address else ""
    scheme, user, host, rest = found.groups()
    return f"{scheme}{MASK + '@' if user else ''}{host}{rest if rest in ('', '/') else '/' + MASK}"


def _masked(secret: AnySecret) -> JsonValue:
    if isinstance(secret, PartlySecret):
        return str(secret)
    return MASK if secret.get_secret_value() else ""


def _revealed(secret: AnySecret) -> JsonValue:
    value = secret.get_secret_value()
    return value.decode() if isinstance(value, bytes) else value


def _written(value: object, write: Callable[[AnySecret], object]) -> object:
    """All that `value` holds, with its secrets as `write` gives them."""
    match value:
        case SecretStr() | SecretBytes() | Secret():
            return write(cast(AnySecret, value))
        case BaseModel():
            return _written(value.model_dump(), write)
        case Mapping():
            return {name: _written(one, write) for name, one in cast("Mapping[object, object]", value).items()}
        case list() | tuple() | set() | frozenset():
            return [_written(one, write) for one in cast("list[object]", value)]
        case _:
            return value
