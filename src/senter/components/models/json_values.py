"""Reading JSON of any shape: what is not of the wanted kind counts as nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from pydantic import JsonValue

DEEPEST = 4


class Garbage(ValueError):
    """What came is not the JSON that the API promises."""


def parsed(data: bytes) -> JsonValue:
    """Raises `Garbage`. A byte that is no UTF-8 becomes a surrogate escape, so that a cut character can be joined."""
    try:
        return json.loads(data.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise Garbage from error


def as_object(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def as_list(value: JsonValue) -> list[JsonValue]:
    """A single thing is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def as_word(value: JsonValue) -> str:
    """A text or a number, as text."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def as_amount(value: JsonValue) -> float | None:
    """A number that is not negative, also where it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def as_count(value: JsonValue) -> int | None:
    amount = as_amount(value)
    return None if amount is None else int(amount)


def objects_in(value: JsonValue, keys: tuple[str, ...], deepest: int = DEEPEST) -> Iterator[dict[str, JsonValue]]:
    """The object, those in its `keys`, and those in theirs, outermost first; lists are looked through."""
    for found in as_list(value):
        if isinstance(found, dict):
            yield found
            if deepest:
                for key in keys:
                    yield from objects_in(found.get(key), keys, deepest - 1)
