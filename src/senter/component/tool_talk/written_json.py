"""JSON objects in what a model wrote, with whatever it wrote around them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

from pydantic import JsonValue

LONGEST_ANSWER = 100_000
MOST_BEGINNINGS = 200
"""Braces in prose begin nothing; so many are tried."""
_FENCED = re.compile(r"\A```[A-Za-z]*\n(?P<inside>.*?)\n?```\Z", re.DOTALL)
_DECODER = json.JSONDecoder()


def objects_in(answer: str) -> Iterator[dict[str, JsonValue]]:
    """Every JSON object in a text, those inside others after them; none where the text is too long to look at."""
    if len(answer) > LONGEST_ANSWER:
        return
    begin = answer.find("{")
    for _ in range(MOST_BEGINNINGS):
        if begin < 0:
            return
        if found := _object_at(answer, begin):
            yield found
        begin = answer.find("{", begin + 1)


def whole_object(answer: str) -> dict[str, JsonValue] | None:
    """The object that a text is, fence and blanks apart; none where it is anything else."""
    bare = unfenced(answer)
    if not is_begun(answer) or len(bare) > LONGEST_ANSWER:
        return None
    try:
        value: JsonValue = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_begun(answer: str) -> bool:
    """Whether a text sets out to be an object, and nothing else."""
    return unfenced(answer).startswith("{")


def unfenced(answer: str) -> str:
    bare = answer.strip()
    found = _FENCED.match(bare)
    return found["inside"].strip() if found else bare


def _object_at(answer: str, begin: int) -> dict[str, JsonValue] | None:
    try:
        found = cast("tuple[JsonValue, int]", _DECODER.raw_decode(answer, begin))
    except (ValueError, RecursionError):
        return None
    return found[0] if isinstance(found[0], dict) else None
